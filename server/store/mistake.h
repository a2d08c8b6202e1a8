/* SPDX-License-Identifier: Apache-2.0 */
/* Renewals that passed without a person and were judged wrong afterwards: each is somebody's until it is closed. */
#pragma once

#include "store/db.h"

struct mistake {
    const char *renewal_no, *platform, *organisation;
    const char *note, *looked_by; /* what is wrong, and who said so */
    int64_t opened_at_us, age_days;
    const char *owner;              /* "": nobody's yet */
    const char *serial;             /* of its certificate; "": none */
    const char *revocation;         /* none, asked, done */
    bool stopped;                   /* nothing of its platform passes without a person */
    const char *closed_by, *reason; /* "" while it is open */
    int64_t closed_at_us;
    int64_t version;
};

struct mistakes {
    struct mistake *items;
    size_t count;
};

/* state: open (the oldest first) or closed (the last first). */
enum err store_list_mistakes(struct db *db, struct bytes token_digest, const char *state, int64_t most,
                             int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_mistakes_read(const struct row *rows, struct arena *arena, struct mistakes *out) MUST_CHECK;
/* version: as it was seen. Safe to call again. Refusals: platform_forbidden, mistake_unknown, mistake_closed,
 * mistake_changed, staff_unknown. */
enum err store_assign_mistake(struct db *db, struct bytes token_digest, const char *renewal_no, const char *owner,
                              int64_t version, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_assign_mistake_read(const struct row *rows, struct arena *arena) MUST_CHECK;
/* version 0: not said. Safe to call again. Refusals: platform_forbidden, mistake_unknown, mistake_closed,
 * mistake_changed. */
enum err store_close_mistake(struct db *db, struct bytes token_digest, const char *renewal_no, const char *reason,
                             int64_t version, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_close_mistake_read(const struct row *rows, struct arena *arena) MUST_CHECK;
