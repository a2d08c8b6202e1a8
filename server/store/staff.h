/* SPDX-License-Identifier: Apache-2.0 */
/* Staff: credentials to check a login against, and sessions. Caller: web. The database holds digests of session tokens,
 * never tokens. */
#pragma once

#include "store/db.h"

struct staff_credential {
    bool known; /* false: no such name; check a dummy password all the same and open the session as refused */
    int64_t staff_id;
    const char *password_hash; /* argon2id */
    struct bytes totp_sealed;
    const char *status; /* "active", "disabled" */
};

enum err store_get_credential(struct db *db, const char *name, int64_t deadline_ms, db_done *done,
                              void *context) MUST_CHECK;
enum err store_get_credential_read(const struct row *rows, struct arena *arena,
                                   struct staff_credential *out) MUST_CHECK;

struct staff_login {
    int64_t staff_id; /* 0: the name is unknown */
    const char *name; /* as typed: failures are counted for unknown names too */
    const char *address;
    bool accepted;             /* password and one-time code were right */
    int64_t totp_step;         /* the time step of the code that matched; each step works once */
    struct bytes token_digest; /* SHA-256 of the new token */
    int64_t idle_s, absolute_s;
    int64_t attempts_limit, lock_s; /* limit failures within lock_s lock the name or the address */
};

struct staff_session {
    int64_t staff_id;
    const char *name, *display_name;
    const char *roles; /* comma separated: "finance,reviewer" */
    int64_t expires_at_us;
};

/* Counts the failure when not accepted. Call it for every login, also of unknown names. Refusals: login_refused,
 * login_locked (whatever the password was). Safe to call again with the same token digest. */
enum err store_open_session(struct db *db, const struct staff_login *login, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_open_session_read(const struct row *rows, struct arena *arena, struct staff_session *out) MUST_CHECK;

struct staff_certificate_login {
    struct bytes fingerprint; /* SHA-256 of the certificate */
    const char *verdict;      /* why it is not good, a code of error.def; "": it is */
    struct bytes token_digest;
    int64_t idle_s, absolute_s;
};

/* Records what was wrong. Refusals: the verdict, client_certificate_unknown. Rows as of store_open_session. */
enum err store_open_certificate_session(struct db *db, const struct staff_certificate_login *login, int64_t deadline_ms,
                                        db_done *done, void *context) MUST_CHECK;

/* Who holds this token; moves the idle end. Refusal: unauthenticated. */
enum err store_get_session(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_get_session_read(const struct row *rows, struct arena *arena, struct staff_session *out) MUST_CHECK;

/* What a desk refused, for the audit trail. */
struct staff_refusal {
    struct bytes token_digest; /* data NULL: no token came */
    const char *code;          /* of error.def */
    const char *route;         /* "POST /api/v1/…/{no}": the pattern, never the path */
    const char *object;        /* what the route or the body names; "": nothing */
    const char *request_id;
    bool record; /* false: only asks why */
};

/* Of a write that came too late: who was faster. */
struct staff_overtaken {
    const char *by; /* display name; "": the server */
    int64_t at_us;  /* 0: nobody was */
    const char *step;
};

enum err store_refuse(struct db *db, const struct staff_refusal *refusal, int64_t deadline_ms, db_done *done,
                      void *context) MUST_CHECK;
/* The refusal, or for unauthenticated why the session is none: unknown, foreign, expired, ended. */
enum err store_refuse_read(const struct row *rows, struct arena *arena, enum err *learnt,
                           struct staff_overtaken *out) MUST_CHECK;

/* Writes down that a list leaves the system. Refusals: unauthenticated, forbidden. */
enum err store_note_export(struct db *db, struct bytes token_digest, const char *list, const char *filter,
                           int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_note_export_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* Refusal: unauthenticated (no such session, or ended before it expired). Again: OK. */
enum err store_close_session(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
enum err store_close_session_read(const struct row *rows, struct arena *arena) MUST_CHECK;
