/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the route of a path: a tree of path segments built once from the route table. */
#pragma once

#include "edge/route.h"
#include "edge/target.h"

struct routing;

/* Of the routes of one listener kind; routes must outlive it. */
struct routing *routing_new(const struct route *routes, size_t count, enum listener_kind listener);
void routing_free(struct routing *routing);

/* ERR_NOT_FOUND, or ERR_METHOD_NOT_ALLOWED with the methods of this path in *allow ("GET, HEAD, POST"). */
enum err routing_find(const struct routing *routing, const char *method, const struct target *target,
                      struct arena *arena, const struct route **route, const char **allow) MUST_CHECK;
/* The value of {name} in the route's path; NULL when the route has no such part. */
const char *routing_part(const struct route *route, const struct target *target, const char *name);
