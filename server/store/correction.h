/* SPDX-License-Identifier: Apache-2.0 */
/* Returned renewals: what was named and what has become of it, and the applicant's corrections. Caller: web. */
#pragma once

#include "store/db.h"

struct return_item {
    int64_t round, returned_at_us;
    const char *returned_by; /* display name: for the desk only */
    const char *name, *reason_code, *reason_text;
    bool corrected;
    int64_t corrected_at_us;
    const char *old_masked, *new_masked; /* "" of materials */
    bool changed;                        /* false also when the applicant insists on what he said */
};

struct return_list {
    const struct return_item *items; /* by round */
    size_t count;
};

/* Empty also when there is no such renewal: the caller has admitted it. */
enum err store_list_returns(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_list_returns_read(const struct row *rows, struct arena *arena, struct return_list *out) MUST_CHECK;

/* Who corrects: the key of the certificate, or a session of the web hall. The other one is {0}. */
struct corrector {
    struct bytes certificate_fingerprint, portal_token_digest;
};

/* What a correction is built upon. */
struct correction_basis {
    bool repeated; /* these very bytes were taken before: only status and missing are said */
    const char *status, *missing, *platform;
    int64_t round, number;
    const char *named; /* fields, separated by spaces */
    struct bytes personal_sealed, evidence_sha256;
    const char *invoice_kind, *invoice_title, *invoice_tax_id;
    struct bytes certificate_der; /* that is being renewed */
    int64_t portal_account_id;    /* of the session; 0: the key has signed */
    const char *portal_proof;     /* how the session was opened */
};

/* Refusals: unauthenticated, renewal_unknown, signer_mismatch, platform_proof_unsupported (it was applied for in the
 * other way), portal_renewal_taken, certificate_revoked, renewal_state. */
enum err store_begin_correction(struct db *db, const char *renewal_no, const struct corrector *corrector,
                                struct bytes evidence_sha256, int64_t deadline_ms, db_done *done,
                                void *context) MUST_CHECK;
enum err store_begin_correction_read(const struct row *rows, struct arena *arena,
                                     struct correction_basis *out) MUST_CHECK;

struct correction_submission {
    struct bytes nonce_digest;
    const char *renewal_no;
    struct corrector corrector;
    struct bytes evidence_sha256, evidence_sealed;
    int64_t round, number; /* of the basis */
    const char *const *names, *const *old_masked, *const *new_masked;
    const int64_t *changed; /* 0 or 1 */
    size_t count;
    struct bytes personal_sealed;
    const char *agent_name_masked, *agent_id_masked, *agent_mobile_masked, *agent_email_masked, *recipient_masked;
    struct bytes agent_id_index, agent_mobile_index, agent_email_index, legal_person_id_index, account_number_index;
    struct bytes recipient_mobile_index;
    const char *const *form_fields, *const *form_shown;
    size_t form_field_count;
    const char *invoice_title, *invoice_tax_id;
};

struct kept_correction {
    bool stale;         /* another came in between: begin again; the rest is empty then */
    const char *status; /* "awaiting_review", or "returned" while documents or identity checks are missing */
    const char *missing;
};

/* Safe to call again. Refusals: nonce_unknown, nonce_expired, nonce_used, those of store_begin_correction,
 * correction_unexpected, correction_incomplete, material_missing, identity_missing, rate_limited. */
enum err store_submit_correction(struct db *db, const struct correction_submission *submission, int64_t deadline_ms,
                                 db_done *done, void *context) MUST_CHECK;
/* missing is set also when it is refused. */
enum err store_submit_correction_read(const struct row *rows, struct arena *arena,
                                      struct kept_correction *out) MUST_CHECK;
