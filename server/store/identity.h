/* SPDX-License-Identifier: Apache-2.0 */
/* Liveness and telecom checks: each asking of a provider and what came of it. Callers: jobs, which asks; web, which
 * starts a telecom check, hurries one and shows what came. */
#pragma once

#include "store/db.h"

struct identity_limits {
    const char *provider; /* "": none, the reviewer judges */
    int64_t daily;        /* askings of a renewal and kind in a day */
};

enum identity_begun { IDENTITY_ASKED, IDENTITY_LIVE, IDENTITY_PASSED, IDENTITY_MANUAL, IDENTITY_BUSY };

struct liveness_begun {
    enum identity_begun begun;
    int64_t check_id;
    struct bytes personal_sealed, evidence_sha256; /* asked */
    struct bytes url_sealed;                       /* live … */
    int64_t expires_at_us;                         /* … until then */
};

/* Refusals: renewal_unknown, renewal_state, identity_unexpected, identity_daily. */
enum err store_begin_liveness(struct db *db, const char *renewal_no, const struct identity_limits *limits,
                              int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_begin_liveness_read(const struct row *rows, struct arena *arena, struct liveness_begun *out) MUST_CHECK;

struct liveness_opening {
    int64_t check_id;
    struct bytes token_digest, token_sealed, url_sealed;
    int64_t expires_at_us;
};

enum err store_open_liveness(struct db *db, const struct liveness_opening *opening, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
/* stale: nobody waits for this check any more. */
enum err store_open_liveness_read(const struct row *rows, struct arena *arena, bool *stale) MUST_CHECK;

/* Ends a check being asked: without a verdict, or left to the reviewer. No answer is of interest but its error. */
enum err store_end_asking(struct db *db, int64_t check_id, bool manual, const char *reason, int64_t deadline_ms,
                          db_done *done, void *context) MUST_CHECK;

/* Safe to call again. Refusals as store_begin_liveness. */
enum err store_begin_telecom(struct db *db, const char *renewal_no, const struct identity_limits *limits,
                             int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_begin_telecom_read(const struct row *rows, struct arena *arena, enum identity_begun *begun) MUST_CHECK;

/* Looks for a result at once; the same answer when there is no such check. */
enum err store_hurry_identity(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                              void *context) MUST_CHECK;

struct due_check {
    int64_t check_id;
    const char *renewal_no;
    bool telecom; /* or liveness */
    int64_t looks;
    struct bytes token_sealed; /* liveness */
    int64_t asked_at_us, expires_at_us;
    struct bytes personal_sealed, evidence_sha256;
    int64_t lease_token;
};

struct due_checks {
    const struct due_check *items;
    size_t count;
};

enum err store_lease_checks(struct db *db, int64_t batch, int64_t seconds, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_lease_checks_read(const struct row *rows, struct arena *arena, struct due_checks *out) MUST_CHECK;

/* The next two: only the holder of the lease changes anything; no answer is of interest but its error. */
enum err store_look_again(struct db *db, int64_t check_id, int64_t lease_token, int64_t after_s, int64_t deadline_ms,
                          db_done *done, void *context) MUST_CHECK;

struct check_verdict {
    int64_t check_id, lease_token;
    const char *provider, *result; /* "passed", "failed", "manual", "void" */
    const char *reason;
    int64_t similarity; /* hundredths of a percent; -1: none */
    const char *reference;
    struct bytes answer_sealed; /* data NULL: none */
    int64_t failures;           /* after which the reviewer judges */
};

enum err store_decide_check(struct db *db, const struct check_verdict *verdict, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;

struct identity_check {
    const char *kind, *provider, *result, *reason;
    int64_t similarity; /* -1: none */
    const char *reference;
    int64_t asked_at_us, decided_at_us;
    bool stands; /* the agent is still this person: */
    const char *agent_name_masked, *agent_id_masked, *agent_mobile_masked;
};

struct identity_checks {
    const struct identity_check *items;
    size_t count;
};

/* Those with a verdict; the caller has admitted who asks. */
enum err store_list_checks(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_list_checks_read(const struct row *rows, struct arena *arena, struct identity_checks *out) MUST_CHECK;
