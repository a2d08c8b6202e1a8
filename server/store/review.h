/* SPDX-License-Identifier: Apache-2.0 */
/* The review desk. Caller: web. Every call checks the session and the role (reviewer or senior_reviewer) in the
 * database itself: all may be refused with unauthenticated and forbidden. */
#pragma once

#include "store/db.h"

/* What every write of the desk says beside its own: what the reviewer had seen, and which request this is. */
struct review_write {
    struct bytes token_digest;
    const char *renewal_no;
    int64_t version; /* of the case as he saw it; 0: he does not say */
    const char *key; /* of the request, so that it may be sent again; "" for none */
};

/* Who changed the case since then, when the answer is case_changed. */
struct review_change {
    const char *by;   /* display name; "": the applicant or the server */
    int64_t at_us;    /* 0: nothing is known of it */
    const char *step; /* "approve" */
};

/* Of a refused write: its columns behind the outcome. For all writes below but release and unmasking. */
void store_review_change_read(const struct row *rows, struct arena *arena, struct review_change *out);

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
    int64_t version;
    const char *risk;                       /* "ordinary", "high" */
    int64_t review_since_us, review_due_us; /* since when it waits; by when a review was promised, 0: never */
    const char *held_by;                    /* display name; "" when it is not on hold */
    int64_t held_until_us;
    const char *held_reason;
    const char *second_claimed_by; /* the other of two who review at the same time */
    int64_t second_claimed_until_us;
    bool parallel; /* two may review at the same time */
};

/* Refusal: renewal_unknown. */
enum err store_get_case(struct db *db, struct bytes token_digest, const char *renewal_no, int64_t deadline_ms,
                        db_done *done, void *context) MUST_CHECK;
enum err store_get_case_read(const struct row *rows, struct arena *arena, struct review_case *out) MUST_CHECK;

struct review_approval {
    struct review_write write;
    struct bytes content_hash; /* of the case as the reviewer saw it */
    const char *const *ticks;  /* what he found good: "materials/agent_id/1/<sha256>", "fields/agent.name" */
    size_t tick_count;
};

struct approved_case {
    bool complete; /* false: another reviewer has to approve as well */
    const char *status;
    int64_t version;
};

/* Safe to call again. Refusals: renewal_unknown, renewal_state, case_claimed, case_not_claimed (or the claim ran out),
 * case_changed, reviewer_same, reviewer_own, key_reused. */
enum err store_approve_case(struct db *db, const struct review_approval *approval, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_approve_case_read(const struct row *rows, struct arena *arena, struct approved_case *out) MUST_CHECK;

struct review_rejection {
    struct review_write write;
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

struct review_return {
    struct review_write write;
    struct bytes content_hash; /* of the case as the reviewer saw it */
    const char *const *names;  /* "agent.mobile", "materials.agent_id" */
    const char *const *reason_codes, *const *reason_texts;
    size_t count;
};

/* Back to the applicant; approvals of before are void. Safe to call again. Refusals as for approval, and rate_limited.
 */
enum err store_return_case(struct db *db, const struct review_return *it, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_return_case_read(const struct row *rows, struct arena *arena, const char **status) MUST_CHECK;
