/* SPDX-License-Identifier: Apache-2.0 */
/* The review desk. Caller: web. Every call checks the session and the role (reviewer or senior_reviewer) in the
 * database itself: all may be refused with unauthenticated and forbidden. */
#pragma once

#include "store/db.h"

struct review_query {
    struct bytes token_digest;
    const char *tab;   /* "waiting", "mine" (claimed by me), "done" (decided by me) */
    const char *after; /* renewal_no of the last row seen; "" = from the start */
    int64_t page_size; /* 1 to REVIEW_PAGE_MAX */
};

#define REVIEW_PAGE_MAX 200

struct review_item {
    const char *renewal_no, *platform, *subject, *organisation;
    int64_t submitted_at_us, paid_at_us;
    int64_t term_months, amount_fen;
    const char *status;
    const char *claimed_by; /* display name; "" when nobody holds it */
    int64_t claimed_at_us;
};

struct review_page {
    const struct review_item *items; /* oldest payment first */
    size_t count;
};

enum err store_list_reviews(struct db *db, const struct review_query *query, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_list_reviews_read(const struct row *rows, struct arena *arena, struct review_page *out) MUST_CHECK;

struct review_case {
    const char *renewal_no, *status, *platform;
    const char *subject, *common_name, *organisation, *certificate_serial;
    int64_t old_not_after_us, not_after_us;
    int64_t term_months, amount_fen;
    const char *order_no;
    int64_t submitted_at_us, paid_at_us;
    const char *gateway, *gateway_txn; /* "" while unpaid */
    const char *agreement_id, *agreement_version, *client_version;
    const char *agent_name_masked, *agent_id_masked, *agent_mobile_masked, *agent_email_masked;
    const char *recipient_masked;
    const char *invoice_kind, *invoice_title, *invoice_tax_id;
    const char *profile;
    struct bytes evidence_sha256;
    const char *claimed_by; /* display name; "" when nobody holds it */
    int64_t claimed_at_us, claimed_until_us;
    bool claimed_by_me;
    struct bytes content_hash; /* to be given back with the approval */
    int64_t reviews_required, approvals_done;
    bool approved_by_me;
    const char *rejection_code, *rejection_text;
    int64_t decided_at_us;
    const char *form_fields, *form_shown; /* a line for each field: its name, its value with personal data masked */
    const char *warning_fields, *warning_codes; /* the same for the warnings that the form got */
};

/* Refusal: renewal_unknown. */
enum err store_get_case(struct db *db, struct bytes token_digest, const char *renewal_no, int64_t deadline_ms,
                        db_done *done, void *context) MUST_CHECK;
enum err store_get_case_read(const struct row *rows, struct arena *arena, struct review_case *out) MUST_CHECK;

struct claimed_case {
    const char *claimed_by; /* display name */
    int64_t claimed_until_us;
};

/* Claims or, for the holder, extends. Refusals: renewal_unknown, renewal_state, case_claimed, reviewer_same (has
 * approved this case already). */
enum err store_claim_case(struct db *db, struct bytes token_digest, const char *renewal_no, int64_t lease_s,
                          int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_claim_case_read(const struct row *rows, struct arena *arena, struct claimed_case *out) MUST_CHECK;

/* Refusals: renewal_unknown, case_claimed (somebody else's). Releasing what nobody holds is fine. */
enum err store_release_case(struct db *db, struct bytes token_digest, const char *renewal_no, int64_t deadline_ms,
                            db_done *done, void *context) MUST_CHECK;
enum err store_release_case_read(const struct row *rows, struct arena *arena) MUST_CHECK;

struct review_approval {
    struct bytes token_digest;
    const char *renewal_no;
    struct bytes content_hash; /* of the case as the reviewer saw it */
};

struct approved_case {
    bool complete; /* false: another reviewer has to approve as well */
    const char *status;
};

/* Safe to call again. Refusals: renewal_unknown, renewal_state, case_claimed, case_not_claimed (or the claim ran out),
 * case_changed, reviewer_same. */
enum err store_approve_case(struct db *db, const struct review_approval *approval, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_approve_case_read(const struct row *rows, struct arena *arena, struct approved_case *out) MUST_CHECK;

struct review_rejection {
    struct bytes token_digest;
    const char *renewal_no;
    const char *reason_code, *reason_text; /* shown to the applicant */
};

/* For good; the money becomes the payer's credit and a refund is due. Safe to call again. Refusals as for approval. */
enum err store_reject_case(struct db *db, const struct review_rejection *rejection, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_reject_case_read(const struct row *rows, struct arena *arena, const char **status) MUST_CHECK;

struct case_unmasking {
    struct bytes token_digest;
    const char *renewal_no;
    const char *const *fields;
    size_t field_count;
    const char *reason;
    int64_t per_day;
};

struct unmasked_case {
    struct bytes evidence_sha256, personal_sealed; /* the latter empty once erased */
};

/* On the audit trail with fields and reason. Refusals: unauthenticated, forbidden, renewal_unknown, case_not_claimed,
 * unmasking_limit. */
enum err store_unmask_case(struct db *db, const struct case_unmasking *asked, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_unmask_case_read(const struct row *rows, struct arena *arena, struct unmasked_case *out) MUST_CHECK;
