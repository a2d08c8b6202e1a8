/* SPDX-License-Identifier: Apache-2.0 */
/* One issuer at a time: a row in the database with an end and a fence that only grows. Whoever lost it is refused by
 * the procedures, whatever it still believes. */
#pragma once

#include "base/loop.h"
#include "store/db.h"

struct lease;

/* Takes the lease as soon as it is free and keeps it. seconds: after which another may take over. */
struct lease *lease_new(struct loop *loop, struct db *db, int64_t seconds, int64_t call_ms);
/* Is it ours, as far as we know? */
bool lease_held(const struct lease *lease, int64_t *fence);
/* Lets the next issuer in at once, then calls done. */
void lease_release(struct lease *lease, loop_handler *done, void *context);
void lease_free(struct lease *lease);
