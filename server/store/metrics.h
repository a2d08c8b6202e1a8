/* SPDX-License-Identifier: Apache-2.0 */
/* What the database counts for /metrics. Caller: web, when it is asked. */
#pragma once

#include "store/db.h"

struct metric {
    const char *name, *labels; /* labels as they are written: topic="message" */
    int64_t value;
};

struct metrics {
    struct metric *items; /* by name */
    size_t count;
};

enum err store_get_metrics(struct db *db, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_get_metrics_read(const struct row *rows, struct arena *arena, struct metrics *out) MUST_CHECK;
