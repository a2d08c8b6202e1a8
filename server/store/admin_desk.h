/* SPDX-License-Identifier: Apache-2.0 */
/* The administration's desk: accounts, and requests that two people decide. Caller: web. Refusals of all that take a
 * session: unauthenticated, forbidden. Every one is safe to call again. */
#pragma once

#include "store/db.h"

#define ADMIN_REQUEST_PAGE_MAX 200

/* -- accounts ---------------------------------------------------------------------------------------------------- */

/* "" and 0 where there is nothing. */
struct staff_account {
    const char *name, *display_name;
    const char *roles, *platforms; /* comma separated; "*": all platforms */
    const char *status;            /* "invited", "active", "disabled" */
    int64_t version, certificates;
    int64_t created_at_us;
    const char *granted_by; /* "admin": the console; "request 12"; "enrolment" */
    int64_t granted_at_us, last_used_at_us;
    bool unused; /* for as many days as were asked about */
    /* of the desk's list alone: */
    bool locked;
    int64_t enrolment_until_us; /* 0: nothing waits for its owner */
};

struct staff_accounts {
    const struct staff_account *items;
    size_t count;
};

/* As staff_session_open counts failures. */
struct staff_lock {
    int64_t attempts, within_s;
};

enum err store_list_staff(struct db *db, struct bytes token_digest, int64_t unused_days, const struct staff_lock *lock,
                          int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_staff_read(const struct row *rows, struct arena *arena, struct staff_accounts *out) MUST_CHECK;
/* The same for xuqictl, as xuqi_admin. */
enum err store_review_staff(struct db *db, int64_t unused_days, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_review_staff_read(const struct row *rows, struct arena *arena, struct staff_accounts *out) MUST_CHECK;

/* Refusals: staff_unknown, own_account. */
enum err store_stop_staff(struct db *db, struct bytes token_digest, const char *name, int64_t deadline_ms,
                          db_done *done, void *context) MUST_CHECK;
enum err store_stop_staff_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* Whose enrolment it is. Refusal: enrolment_unknown. */
enum err store_get_enrolment(struct db *db, struct bytes digest, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
enum err store_get_enrolment_read(const struct row *rows, struct arena *arena, const char **name) MUST_CHECK;
/* Uses the enrolment up. Refusal: enrolment_unknown. */
enum err store_enrol(struct db *db, struct bytes digest, const char *password_hash, struct bytes totp_sealed,
                     int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_enrol_read(const struct row *rows, struct arena *arena, const char **name) MUST_CHECK;

/* -- requests ---------------------------------------------------------------------------------------------------- */

struct admin_asking {
    struct bytes token_digest;
    const char *key, *kind, *subject;
    int64_t version; /* of the account, as it was seen */
    const char *display_name;
    const char *const *roles, *const *platforms;
    size_t role_count, platform_count;
    const char *reason;
    int64_t life_s;
};

/* state: "asked", or what became of a request with this key. Refusals: request_conflict, staff_known, staff_unknown,
 * staff_changed, own_account, duties_clash, nothing_changes. */
enum err store_ask_admin(struct db *db, const struct admin_asking *asking, int64_t deadline_ms, db_done *done,
                         void *context) MUST_CHECK;
enum err store_ask_admin_read(const struct row *rows, struct arena *arena, const char **state,
                              int64_t *request_id) MUST_CHECK;

struct admin_decision {
    struct bytes token_digest;
    int64_t request_id;
    bool approve;
    struct bytes enrolment_digest; /* of a fresh token, for whoever's account is set up by it */
    int64_t enrolment_s;
};

struct admin_decided {
    const char *state, *kind, *subject;
};

/* Refusals: request_unknown, request_decided, request_expired, decider_same, and those of asking. */
enum err store_decide_admin(struct db *db, const struct admin_decision *decision, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_decide_admin_read(const struct row *rows, struct arena *arena, struct admin_decided *out) MUST_CHECK;

struct admin_request {
    int64_t id;
    const char *kind, *subject, *display_name, *was, *becomes, *reason;
    const char *state; /* "asked", "done", "refused", "expired" */
    const char *asked_by;
    int64_t asked_at_us, expires_at_us;
    const char *decided_by; /* "": nobody yet */
    int64_t decided_at_us;
    bool mine;
};

struct admin_requests {
    const struct admin_request *items;
    size_t count;
};

/* before 0: from the newest. */
enum err store_list_admin_requests(struct db *db, struct bytes token_digest, const char *state, int64_t before,
                                   int64_t size, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_admin_requests_read(const struct row *rows, struct arena *arena,
                                        struct admin_requests *out) MUST_CHECK;
