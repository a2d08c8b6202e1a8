/* SPDX-License-Identifier: Apache-2.0 */
/* The request target in origin-form (RFC 9112 3.2.1): path segments and query, percent-decoded once and strictly. What
 * two programs could read differently (dot segments, encoded slashes, NUL, doubled names) is refused. */
#pragma once

#include "base/arena.h"
#include "base/fault.h"

#define TARGET_SEGMENTS_MAX 16
#define TARGET_QUERY_MAX    64

struct query_part {
    const char *name, *value;
};

struct target {
    const char *segments[TARGET_SEGMENTS_MAX]; /* "/a/b" has two; "/" has one, which is empty */
    size_t segment_count;
    struct query_part *query; /* NULL without one */
    size_t query_count;
};

/* ERR_BAD_REQUEST when malformed, ERR_NOT_FOUND when the path is deeper than any route. */
enum err target_parse(struct arena *arena, const char *text, size_t size, struct fault *fault,
                      struct target *target) MUST_CHECK;
const char *target_query(const struct target *target, const char *name);
