/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs other than the current key: a certificate named by its serial number in the web hall, the token of another
 * portal. What is proved is written beside the nonce, and held against the renewal when the nonce is used up. */
#pragma once

#include "store/db.h"

struct portal_question {
    struct bytes token_digest; /* of the session */
    struct bytes nonce_digest; /* {0}: nothing is to be submitted */
    struct bytes evidence_sha256;
    const char *serial;  /* lower-case hex, no leading zeros */
    struct bytes guess;  /* keyed hash of serial number and organisation: what is counted */
    const char *address; /* of who asks */
    int64_t account_per_hour, address_per_hour;
};

struct portal_answer {
    int64_t account_id;
    const char *proof; /* how the session was opened: portal_account or sms_code */
    struct bytes der;
    bool taken; /* an open renewal of it is somebody else's */
};

/* Refusals: unauthenticated, rate_limited, organisation_mismatch. Safe to call again. */
enum err store_find_portal_certificate(struct db *db, const struct portal_question *question, int64_t deadline_ms,
                                       db_done *done, void *context) MUST_CHECK;
enum err store_find_portal_certificate_read(const struct row *rows, struct arena *arena,
                                            struct portal_answer *out) MUST_CHECK;

/* The renewals that the session's account has submitted; read with store_lookup_renewals_read. Refusal:
 * unauthenticated. */
enum err store_list_portal_renewals(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                                    void *context) MUST_CHECK;

struct portal_token_use {
    struct bytes nonce_digest, evidence_sha256, certificate_fingerprint;
    const char *issuer, *account;
    struct bytes token; /* SHA-256 of issuer and jti */
    int64_t expires_us; /* until when it must be remembered */
};

/* Refusals: portal_token_used, portal_account_mismatch. Safe to call again. */
enum err store_present_portal_token(struct db *db, const struct portal_token_use *use, int64_t deadline_ms,
                                    db_done *done, void *context) MUST_CHECK;
enum err store_present_portal_token_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* Caller: xuqictl; read with store_admin_read: "added" or "known". Refusals: certificate_unknown,
 * portal_account_mismatch. */
enum err store_bind_portal_account(struct db *db, struct bytes certificate_fingerprint, const char *issuer,
                                   const char *account, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
