/* SPDX-License-Identifier: Apache-2.0 */
/* Write-ahead issuance. Caller: issuer. Those that wait at the same moment go together: begin, intend and record take
 * several, answer for each by its place, and are otherwise as if each had been called alone; when one of them makes the
 * procedure raise (ERR_DB_REFUSED), none was done. Order: lease, begin (read), build and lint the TBS, intend
 * (committed), sign, verify, record; only then may bytes leave. On any doubt abandon, and start again with a new
 * serial: the same serial is never signed twice. */
#pragma once

#include "store/db.h"

struct issuer_lease {
    bool held; /* false: another issuer is active */
    int64_t fence;
};

/* The holder's name must be unique to this process's run (host, pid, start): the same name keeps its fence, another one
 * gets the lease only when it ran out, with a higher fence; then all older intents are abandoned. */
enum err store_take_issuer_lease(struct db *db, const char *holder, int64_t seconds, int64_t deadline_ms, db_done *done,
                                 void *context) MUST_CHECK;
enum err store_take_issuer_lease_read(const struct row *rows, struct arena *arena, struct issuer_lease *out) MUST_CHECK;

struct issuance_request {
    const char *renewal_no;
    struct bytes nonce_digest;
    struct bytes certificate_fingerprint; /* of the signer */
    struct bytes csr_spki_sha256;
};

struct issuance_plan {
    bool issued; /* this key has its certificate: certificate_der holds it */
    struct bytes subject_der;
    int64_t not_after_us;
    const char *profile, *profile_version;
    struct bytes content_hash;
    struct bytes certificate_der; /* when issued */
    const char *status;
};

/* May this request be issued? Refusals: nonce_unknown, nonce_expired, nonce_used (for another request),
 * renewal_unknown, signer_mismatch, certificate_revoked, already_issued (for another key), issuance_halted, not_paid,
 * not_approved, renewal_state, payment_disputed. */
enum err store_begin_issuance(struct db *db, const struct issuance_request *const *items, size_t count,
                              int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
/* One, for who submitted in the web hall: the session must be its account's. certificate_fingerprint is not used.
 * Refusals as well: unauthenticated, portal_renewal_taken. */
enum err store_begin_issuance_portal(struct db *db, const struct issuance_request *request,
                                     struct bytes portal_token_digest, int64_t deadline_ms, db_done *done,
                                     void *context) MUST_CHECK;
enum err store_begin_issuance_read(const struct row *rows, size_t row, struct arena *arena,
                                   struct issuance_plan *out) MUST_CHECK;

struct issuance_intent {
    const char *renewal_no;
    struct bytes nonce_digest;
    struct bytes csr_spki_sha256, csr_der;
    struct bytes request_evidence_sha256;
    struct bytes serial; /* 16 bytes */
    int64_t not_before_us, not_after_us;
    struct bytes tbs;
    struct bytes content_hash; /* from the plan */
};

/* Uses the nonce up and writes the intent; the database checks payment, approvals and frozen content once more.
 * Refusals: as begin, and fenced, busy (another intent of this renewal is under way), case_changed, csr_key_refused
 * (the key has a certificate already). Not to be repeated after ERR_DB_UNKNOWN: begin again with a new serial; an
 * intent nobody knows of makes way after two minutes. */
enum err store_intend_issuance(struct db *db, int64_t fence, const struct issuance_intent *const *items, size_t count,
                               int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_intend_issuance_read(const struct row *rows, size_t row, struct arena *arena,
                                    int64_t *issuance_id) MUST_CHECK;

struct issuance_record {
    int64_t issuance_id;
    struct bytes serial, der, fingerprint;
};

struct recorded_issuance {
    bool recorded; /* false: the intent had been abandoned meanwhile; the certificate must not leave */
    int64_t not_after_us;
};

/* Safe to call again with the same bytes. Refusal: fenced. */
enum err store_record_issuance(struct db *db, int64_t fence, const struct issuance_record *const *items, size_t count,
                               int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_record_issuance_read(const struct row *rows, size_t row, struct arena *arena,
                                    struct recorded_issuance *out) MUST_CHECK;

/* Puts the serial on the list of those that may have been signed and never count. Safe to call again. Refusal: fenced.
 */
enum err store_abandon_issuance(struct db *db, int64_t fence, int64_t issuance_id, const char *reason,
                                int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_abandon_issuance_read(const struct row *rows, struct arena *arena) MUST_CHECK;
