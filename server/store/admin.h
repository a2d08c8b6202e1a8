/* SPDX-License-Identifier: Apache-2.0 */
/* Administration: staff, known certificates, the halt switch. Caller: xuqictl and set-up, as xuqi_admin. All
 * are safe to call again. */
#pragma once

#include "store/staff_person.h"

struct new_staff {
    const char *name, *display_name, *password_hash;
    struct bytes totp_sealed;
    const char *const *roles; /* reviewer, senior_reviewer, finance, auditor, administrator */
    size_t role_count;
};

/* Outcome "added", or "known" when the name exists (nothing changed). */
enum err store_add_staff(struct db *db, const struct new_staff *staff, int64_t deadline_ms, db_done *done,
                         void *context) MUST_CHECK;
struct staff_certificate {
    const char *name; /* of the account */
    struct bytes fingerprint;
    const char *subject, *serial;
    int64_t not_after_us;
    bool remove; /* it stands for nobody any more */
};

/* Outcome "added", "known" or "removed". Refusals: staff_unknown, certificate_unknown, certificate_taken. */
enum err store_add_staff_certificate(struct db *db, const struct staff_certificate *certificate, int64_t deadline_ms,
                                     db_done *done, void *context) MUST_CHECK;
/* Ends their sessions as well. Refusal: staff_unknown. */
enum err store_disable_staff(struct db *db, const char *name, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;

/* Outcome "noted". Refusal: staff_unknown. */
enum err store_put_staff_person(struct db *db, const char *name, const struct staff_person *person, int64_t deadline_ms,
                                db_done *done, void *context) MUST_CHECK;

struct known_certificate {
    const char *serial; /* lower-case hex, no leading zeros */
    struct bytes fingerprint, der;
    const char *subject;
    int64_t not_before_us, not_after_us;
    const char *platform; /* NULL if not bound to one */
};

/* Outcome "imported" or "known". */
enum err store_import_certificate(struct db *db, const struct known_certificate *certificate, int64_t deadline_ms,
                                  db_done *done, void *context) MUST_CHECK;
/* Refusal: certificate_unknown. */
enum err store_revoke_certificate(struct db *db, const char *serial, const char *reason, int64_t deadline_ms,
                                  db_done *done, void *context) MUST_CHECK;
/* From the moment this is answered, nothing more is intended. */
enum err store_halt_issuance(struct db *db, const char *reason, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
enum err store_release_issuance(struct db *db, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
/* For all of the above: the outcome word, or the refusal. */
enum err store_admin_read(const struct row *rows, struct arena *arena, const char **outcome) MUST_CHECK;
