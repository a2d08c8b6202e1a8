/* SPDX-License-Identifier: Apache-2.0 */
/* Certificate revocation lists. Callers: issuer makes them, web answers the newest. */
#pragma once

#include "store/db.h"

struct crl_due {
    bool due;
    int64_t number;      /* the next one's */
    int64_t at_us;       /* the database's time in whole seconds: every issuer's lists have one clock */
    int64_t revocations; /* known by now; goes into the record */
};

/* Is a new list needed: none yet, the last one ends within renew_s, or something was revoked since? */
enum err store_crl_due(struct db *db, int64_t renew_s, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_crl_due_read(const struct row *rows, struct arena *arena, struct crl_due *out) MUST_CHECK;

struct revocation {
    struct bytes serial;
    int64_t revoked_at_us;
    const char *reason; /* as it was given at revocation */
};

struct revocations {
    const struct revocation *items;
    size_t count;
};

/* What the next list of this issuer (Name in DER) holds: one row per serial. */
enum err store_crl_revoked(struct db *db, struct bytes issuer_der, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_crl_revoked_read(const struct row *rows, struct arena *arena, struct revocations *out) MUST_CHECK;

struct crl_record {
    int64_t fence, number, this_update_us, next_update_us, revocations;
    struct bytes der;
};

/* Safe to call again with the same bytes. Refusals: fenced, busy (there is another of this number, or a later one). */
enum err store_crl_record(struct db *db, const struct crl_record *record, int64_t deadline_ms, db_done *done,
                          void *context) MUST_CHECK;
enum err store_crl_record_read(const struct row *rows, struct arena *arena) MUST_CHECK;

struct current_crl {
    struct bytes der;
    int64_t next_update_us;
};

/* ERR_ISSUER_UNAVAILABLE from _read: the issuer has not made the first one yet. */
enum err store_crl_current(struct db *db, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_crl_current_read(const struct row *rows, struct arena *arena, struct current_crl *out) MUST_CHECK;
