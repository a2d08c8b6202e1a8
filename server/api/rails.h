/* SPDX-License-Identifier: Apache-2.0 */
/* What jobs says of the gateways, looked at again and again: rails at which no payment is begun are not offered, and
 * platform certificates that came are believed. */
#pragma once

#include "api/server.h"

struct rails;

/* arena lives as long as server->gateways. */
struct rails *rails_new(struct loop *loop, struct api_server *server, struct arena *arena);
/* server->gateways are others now, and arena is theirs. */
void rails_renew(struct rails *rails, struct arena *arena);
/* jobs has just said that a method's rail is paused: known from here on, until the next look. */
void rails_pause(struct rails *rails, const char *method);
void rails_free(struct rails *rails); /* NULL is fine */

/* Set up here, and its rail is not paused. */
bool method_offered(const struct api_server *server, const char *method);
