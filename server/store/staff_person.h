/* SPDX-License-Identifier: Apache-2.0 */
/* Who a member of staff is, which he notes himself, so that nobody reviews his own application. Caller: web; xuqictl
 * notes it with store/admin.h. */
#pragma once

#include "store/db.h"

/* Sealed as the personal data of an application is, with the indexes of what is in it. */
struct staff_person {
    struct bytes sealed, id_index, mobile_index;
    struct bytes email_index;                  /* data NULL: not given */
    struct bytes recipient_index, legal_index; /* the same mobile and number where recipients and legal persons stand */
    struct bytes portal_index;                 /* the mobile as accounts of the web hall are found by it */
};

struct staff_person_noted {
    bool noted, email;
    int64_t at_us; /* the last time; 0: it is not */
};

/* Refusal of all: unauthenticated. */
enum err store_get_staff_person(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                                void *context) MUST_CHECK;
enum err store_get_staff_person_read(const struct row *rows, struct arena *arena,
                                     struct staff_person_noted *out) MUST_CHECK;

/* What the caller's own password and one-time code are checked against. */
struct staff_own_credential {
    const char *name, *password_hash;
    struct bytes totp_sealed;
};
enum err store_get_own_credential(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                                  void *context) MUST_CHECK;
enum err store_get_own_credential_read(const struct row *rows, struct arena *arena,
                                       struct staff_own_credential *out) MUST_CHECK;

struct staff_person_change {
    struct bytes token_digest;
    bool accepted; /* password and code were right */
    int64_t totp_step;
    const char *address;
    int64_t attempts_limit, lock_s;
    struct staff_person person;
};
/* Safe to call again. Refusals: step_up_refused, login_locked. */
enum err store_change_staff_person(struct db *db, const struct staff_person_change *change, int64_t deadline_ms,
                                   db_done *done, void *context) MUST_CHECK;
enum err store_change_staff_person_read(const struct row *rows, struct arena *arena) MUST_CHECK;
