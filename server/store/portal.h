/* SPDX-License-Identifier: Apache-2.0 */
/* The web hall's accounts and sessions. Caller: web. The database holds digests of session tokens and keyed hashes of
 * numbers and codes, never themselves. */
#pragma once

#include "store/db.h"

struct portal_credential {
    bool known; /* false: check a dummy password all the same and open the session as refused */
    int64_t account_id;
    const char *password_hash; /* argon2id */
};

/* By name or by number; either may be absent (NULL, {0}). */
enum err store_get_portal_credential(struct db *db, const char *name, struct bytes mobile_index, int64_t deadline_ms,
                                     db_done *done, void *context) MUST_CHECK;
enum err store_get_portal_credential_read(const struct row *rows, struct arena *arena,
                                          struct portal_credential *out) MUST_CHECK;

/* The session that is to be opened. */
struct portal_seat {
    struct bytes token_digest;
    int64_t idle_s, absolute_s;
};

/* A number that a code has been sent to. */
struct portal_mobile {
    struct bytes index, sealed; /* keyed hash; the number itself */
    const char *masked;
};

struct portal_session {
    const char *name; /* "": none */
    const char *mobile_masked;
    const char *proof; /* portal_account or sms_code */
    int64_t expires_at_us;
};

struct portal_login {
    const struct portal_credential *credential;
    struct bytes typed; /* keyed hash of what was typed as the account */
    const char *address;
    bool accepted; /* the password was right */
    int64_t attempts_limit, lock_s;
};

/* Counts the failure when not accepted. Call it for every login, also of unknown accounts. Refusals:
 * portal_login_refused, login_locked. */
enum err store_open_portal_session(struct db *db, const struct portal_login *login, const struct portal_seat *seat,
                                   int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
/* With a code; makes the account of a new number. Refusal: sms_code_refused. */
enum err store_open_portal_session_sms(struct db *db, const struct portal_mobile *mobile, struct bytes code_digest,
                                       const struct portal_seat *seat, int64_t deadline_ms, db_done *done,
                                       void *context) MUST_CHECK;
/* After sms_code_refused: how often the code may still be tried; 0: another one has to be asked for. */
int64_t store_open_portal_session_sms_tries(const struct row *rows);
/* Refusals: sms_code_refused, account_exists, account_name_taken. */
enum err store_register_portal(struct db *db, const struct portal_mobile *mobile, struct bytes code_digest,
                               const char *name, const char *password_hash, const struct portal_seat *seat,
                               int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
/* Of the three above. */
enum err store_open_portal_session_read(const struct row *rows, struct arena *arena,
                                        struct portal_session *out) MUST_CHECK;

/* Whose session; moves the idle end. Refusal: unauthenticated. */
enum err store_get_portal_session(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                                  void *context) MUST_CHECK;
enum err store_get_portal_session_read(const struct row *rows, struct arena *arena,
                                       struct portal_session *out) MUST_CHECK;
enum err store_close_portal_session(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                                    void *context) MUST_CHECK;
enum err store_close_portal_session_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* Ends every session of the account. Refusal: sms_code_refused. */
enum err store_change_portal_password(struct db *db, struct bytes mobile_index, struct bytes code_digest,
                                      const char *password_hash, int64_t deadline_ms, db_done *done,
                                      void *context) MUST_CHECK;
enum err store_change_portal_password_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* Caller: jobs, with the rest of the housekeeping. */
enum err store_tidy_portal(struct db *db, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
