/* SPDX-License-Identifier: Apache-2.0 */
/* Renewals as the applicant's side sees them: submission, progress, the certificate and its acknowledgement.
 * Caller: web. Texts are never NULL ("" when absent); times are microseconds, 0 when not there yet. */
#pragma once

#include "store/price.h"

#define RENEWAL_FEES_MAX     32
#define RENEWAL_ACCEPTED_MAX 3

/* Everything frozen at submission. Digests and indexes are 32 bytes. */
struct renewal_submission {
    struct bytes nonce_digest;
    const char *platform, *platform_version;
    struct bytes certificate_fingerprint, certificate_der;
    const char *certificate_serial; /* lower-case hex, no leading zeros */
    int64_t certificate_not_after_us;
    struct bytes subject_der; /* the Name of the current certificate; goes into the new one byte for byte */
    const char *subject, *common_name, *organisation; /* organisation "" if none */
    struct bytes evidence_sha256, evidence_sealed;    /* the signed application as received */
    int64_t term_months;
    int64_t quote_version,
        amount_shown_fen; /* what the applicant was shown; 0: nobody says. The price is the database's */
    int64_t tax_rate_permyriad;
    int64_t new_not_after_us;
    const char *profile, *profile_version;
    int64_t reviews_required;         /* 0, 1 or 2 */
    const char *account_verification; /* "never", "when_paid_online", "always" */
    const char *agreement_id, *agreement_version, *agreement_sha256;
    const char *client_version;
    const char *agent_name_masked, *agent_id_masked, *agent_mobile_masked, *agent_email_masked;
    const char *recipient_masked;                              /* "" if none */
    const char *invoice_kind, *invoice_title, *invoice_tax_id; /* "" if none */
    struct bytes personal_sealed, agent_id_index, agent_mobile_index, agent_email_index;
    struct bytes recipient_mobile_index;                      /* {0} if none */
    struct bytes legal_person_id_index, account_number_index; /* empty if none */
    const char *const *form_fields, *const *form_shown; /* "organisation.name" and its value, personal data masked */
    size_t form_field_count;
    const char *const *warning_fields, *const *warning_codes;
    size_t warning_count;
    int64_t open_per_organisation;      /* 0: no limit */
    int64_t unpaid_close_days;          /* 0: never closed */
    const char *const *payment_methods; /* what the platform takes */
    size_t payment_method_count;
    const char *const *required_materials; /* kinds; with any the renewal begins as a draft */
    size_t required_material_count;
    /* What was accepted, published before (store/agreement.h), and from where. */
    const char *accepted_kinds[RENEWAL_ACCEPTED_MAX], *accepted_ids[RENEWAL_ACCEPTED_MAX];
    const char *accepted_versions[RENEWAL_ACCEPTED_MAX], *accepted_sha256s[RENEWAL_ACCEPTED_MAX];
    size_t accepted_count;
    const char *client_address;
    const char *const *required_identity_steps; /* so with these */
    size_t required_identity_step_count;
};

struct submitted_renewal {
    bool created; /* false: this is the renewal that was open already */
    const char *renewal_no, *order_no, *status;
    int64_t amount_fen, not_after_us, submitted_at_us;
};

/* Safe to call again: the very same signed bytes get the renewal they made. The nonce is used up by "created" and
 * "open" alike. Refusals: nonce_unknown, nonce_expired, nonce_used, certificate_revoked, certificate_renewed (a renewal
 * of this certificate is completed), organisation_limit, price_absent, term_not_offered, quote_unknown, quote_changed.
 */
enum err store_submit_renewal(struct db *db, const struct renewal_submission *submission, int64_t deadline_ms,
                              db_done *done, void *context) MUST_CHECK;
enum err store_submit_renewal_read(const struct row *rows, struct arena *arena,
                                   struct submitted_renewal *out) MUST_CHECK;

/* What was shown and what is charged now, of a refusal about the price. */
struct refused_quote {
    const char *json;              /* {term_months, shown, current, offered_months}; "" when the refusal was another */
    int64_t shown_fen, amount_fen; /* 0: not known */
};
void store_submit_renewal_quote(const struct row *rows, struct arena *arena, struct refused_quote *out);

/* What decides beside the certificate itself. */
struct eligibility_question {
    struct bytes certificate_fingerprint;
    const char *organisation, *platform;
    int64_t open_per_organisation;
};

struct eligibility {
    enum err refusal; /* what a submission would be refused with: certificate_revoked, certificate_renewed,
                         organisation_limit, price_absent; OK: it would not */
    bool open;        /* a renewal of this certificate is open */
    struct quote quote;
};

/* Reads only. */
enum err store_get_eligibility(struct db *db, const struct eligibility_question *question, int64_t deadline_ms,
                               db_done *done, void *context) MUST_CHECK;
enum err store_get_eligibility_read(const struct row *rows, struct arena *arena, struct eligibility *out) MUST_CHECK;

/* Digests are 32 bytes. */
struct renewal_lookup {
    struct bytes nonce_digest, evidence_sha256, certificate_fingerprint;
};

struct found_renewal {
    const char *renewal_no, *status, *platform, *organisation; /* "" where the certificate names none */
    int64_t submitted_at_us, not_after_us;
};

struct found_renewals {
    const struct found_renewal *items; /* newest first */
    size_t count;                      /* at most 50 */
};

/* Uses the nonce up; the very same signed bytes are answered again until it expires. Refusals: nonce_unknown,
 * nonce_expired, nonce_used, certificate_revoked. */
enum err store_lookup_renewals(struct db *db, const struct renewal_lookup *lookup, int64_t deadline_ms, db_done *done,
                               void *context) MUST_CHECK;
enum err store_lookup_renewals_read(const struct row *rows, struct arena *arena, struct found_renewals *out) MUST_CHECK;

struct cancelled_renewal {
    bool cancelled; /* false: it is paid, a refund of amount_fen has been asked for */
    const char *status, *refund_no;
    int64_t amount_fen;
};

/* draft, awaiting_payment -> cancelled; paid: a refund is asked for; again: the same answer. Refusals: renewal_unknown,
 * renewal_state. */
enum err store_cancel_renewal(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                              void *context) MUST_CHECK;
enum err store_cancel_renewal_read(const struct row *rows, struct arena *arena,
                                   struct cancelled_renewal *out) MUST_CHECK;

struct renewal_progress {
    const char *renewal_no, *status, *platform, *subject, *order_no;
    int64_t amount_fen, term_months;
    int64_t old_not_after_us, not_after_us, submitted_at_us;
    int64_t paid_at_us, decided_at_us, issued_at_us, completed_at_us;
    const char *payment_status; /* "unpaid", "paid"; "disputed": paid, and the gateway says otherwise */
    const char *paid_method;    /* "alipay" …; "" while unpaid */
    const char *rejection_code, *rejection_text;
    int64_t reviews_required, reviews_done;
    const char *profile;
    int64_t version; /* raised by every change */
    int64_t returns, returned_at_us;
    const char *returned; /* while it is: a line per item, its name, reason code, 1 or 0 (done or not), the reason */
    const char *identity_steps; /* lines for identity_steps_read; "" when none is asked for */
    const char *account;        /* words for account_verification_read; "" when there is none */
};

/* The hot path: one indexed read. renewal_unknown when there is none. */
enum err store_get_progress(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_get_progress_read(const struct row *rows, struct arena *arena, struct renewal_progress *out) MUST_CHECK;

struct renewal_change {
    const char *renewal_no;
    int64_t version;
};

struct renewal_changes {
    const struct renewal_change *items;
    size_t count; /* at most 1000: the rest at the next look */
};

/* Those of the renewals whose version is another than the one seen. */
enum err store_find_changes(struct db *db, const char *const *renewal_nos, const int64_t *versions, size_t count,
                            int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_find_changes_read(const struct row *rows, struct arena *arena, struct renewal_changes *out) MUST_CHECK;

/* issued -> completed; again: the same answer. Refusals: renewal_unknown, certificate_unknown (nothing issued yet). */
enum err store_acknowledge_certificate(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                                       void *context) MUST_CHECK;
enum err store_acknowledge_certificate_read(const struct row *rows, struct arena *arena,
                                            const char **status) MUST_CHECK;
