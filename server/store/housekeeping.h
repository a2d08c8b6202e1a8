/* SPDX-License-Identifier: Apache-2.0 */
/* Removing what has served its time and closing what nobody paid. Caller: jobs, every minute or so. */
#pragma once

#include "store/db.h"

/* At most HOUSEKEEPING_BATCH of each per call; call again at once while one of them is full. */
#define HOUSEKEEPING_BATCH 1000

struct housekeeping_counts {
    int64_t challenges, sessions, login_failures, outbox_done, renewals_closed;
};

enum err store_keep_house(struct db *db, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_keep_house_read(const struct row *rows, struct housekeeping_counts *out) MUST_CHECK;
