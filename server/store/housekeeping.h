/* SPDX-License-Identifier: Apache-2.0 */
/* Removing what has served its time and closing what nobody paid. Caller: jobs, every minute or so. */
#pragma once

#include "store/db.h"

/* At most HOUSEKEEPING_BATCH of each per call, of renewals HOUSEKEEPING_RENEWALS; call again at once while one of them
 * is full. */
#define HOUSEKEEPING_BATCH    1000
#define HOUSEKEEPING_RENEWALS 100

struct housekeeping_counts {
    int64_t challenges, sessions, login_failures, outbox_done, renewals_closed, renewals_reminded;
};

/* attempt_life_s: after this long an open payment attempt cannot be paid any more. */
enum err store_keep_house(struct db *db, int64_t attempt_life_s, int64_t deadline_ms, db_done *done,
                          void *context) MUST_CHECK;
enum err store_keep_house_read(const struct row *rows, struct housekeeping_counts *out) MUST_CHECK;
