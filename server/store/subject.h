/* SPDX-License-Identifier: Apache-2.0 */
/* What is held about a natural person, and its erasure as far as the law allows (PIPL art. 44 to 47). Callers: xuqictl
 * subject as xuqi_admin; jobs erases what has been kept long enough. */
#pragma once

#include "store/db.h"

struct retention {
    int64_t unpaid_days, evidence_years;
};

struct subject_request {
    const char *const *indexes; /* blind indexes in hex, under every key */
    size_t index_count;
    const char *reason;
    struct retention retention;
};

struct subject_renewal {
    const char *renewal_no;
    bool as_agent, as_recipient;
    const char *status, *platform, *subject;
    int64_t submitted_at_us, paid_at_us, amount_fen;
    const char *invoice_title, *invoice_tax_id;
    struct bytes evidence_sha256, personal_sealed; /* the latter empty once erased */
    const char *accepted, *documents, *looked_at;  /* one in each line */
    const char *retention_class, *basis;
    int64_t until_us; /* 0: not known yet */
};

struct subject_renewals {
    const struct subject_renewal *items;
    size_t count;
};

/* On the audit trail with its reason. */
enum err store_export_subject(struct db *db, const struct subject_request *asked, int64_t deadline_ms, db_done *done,
                              void *context) MUST_CHECK;
enum err store_export_subject_read(const struct row *rows, struct arena *arena,
                                   struct subject_renewals *out) MUST_CHECK;

struct subject_erasure {
    const char *renewal_no, *outcome; /* cancelled_and_erased, erased, kept */
    const char *retention_class, *basis;
    int64_t until_us;
};

struct subject_erasures {
    const struct subject_erasure *items;
    size_t count;
};

/* Safe to call again. */
enum err store_erase_subject(struct db *db, const struct subject_request *asked, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
enum err store_erase_subject_read(const struct row *rows, struct arena *arena, struct subject_erasures *out) MUST_CHECK;

/* At most so many renewals whose time is over; call again while it erased as many. */
enum err store_erase_lapsed(struct db *db, const struct retention *retention, int64_t batch, int64_t deadline_ms,
                            db_done *done, void *context) MUST_CHECK;
enum err store_erase_lapsed_read(const struct row *rows, int64_t *erased) MUST_CHECK;
