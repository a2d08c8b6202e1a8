/* SPDX-License-Identifier: Apache-2.0 */
/* How the installation does, as the page of operations shows it, and the funnel that jobs counts for it. Callers: web,
 * jobs. */
#pragma once

#include "store/db.h"

struct operation_figure {
    const char *area, *name, *figure;
    int64_t value;
    int64_t at_us;      /* the time that belongs to it; 0: none */
    const char *level;  /* "good", "watch", "bad", "stale", or "": only a number */
    const char *detail; /* "" or why */
};

struct operation_figures {
    const struct operation_figure *items;
    size_t count;
};

/* Refusals: unauthenticated, forbidden. Reads only. */
enum err store_get_operations(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                              void *context) MUST_CHECK;
enum err store_get_operations_read(const struct row *rows, struct arena *arena,
                                   struct operation_figures *out) MUST_CHECK;

/* Counts the funnel of the last thirty days anew when that was done more than every_s ago. Safe to call again. */
enum err store_count_funnel(struct db *db, int64_t every_s, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
