/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at a process's certificates at start, each day, and when they were read anew. */
#pragma once

#include "base/loop.h"
#include "pki/expiry.h"

#include <stdbool.h>

struct expiry_watch;

/* Adds all there are. */
typedef void expiry_gather(void *context, struct expiries *list);

/* says: writes to the log what ends within warn_days; of several processes with the same certificates one does. Looks
 * at once. */
struct expiry_watch *expiry_watch_new(struct loop *loop, int64_t warn_days, bool says, expiry_gather *gather,
                                      void *context);
/* Now, and again a day later. */
void expiry_watch_look(struct expiry_watch *watch);
/* The list only: something came that need not be said before tomorrow. */
void expiry_watch_gather(struct expiry_watch *watch);
/* As of the last look; lives until the next. */
const struct expiries *expiry_watch_list(const struct expiry_watch *watch);
void expiry_watch_free(struct expiry_watch *watch); /* NULL is fine */
