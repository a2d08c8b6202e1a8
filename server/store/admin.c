/* SPDX-License-Identifier: Apache-2.0 */
#include "store/admin.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement staff_add = {
    .name = "staff_add",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.staff_add($1, $2, $3, $4, $5)",
    .params = "tttbT",
    .columns = "t",
};

const struct db_statement staff_disable = {
    .name = "staff_disable",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.staff_disable($1)",
    .params = "t",
    .columns = "t",
};

const struct db_statement staff_person_put = {
    .name = "staff_person_put",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.staff_person_put($1, $2, $3, $4, $5, $6, $7, $8)",
    .params = "tbbbbbbb",
    .columns = "t",
};

const struct db_statement certificate_import = {
    .name = "certificate_import",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.certificate_import($1, $2, $3, $4, $5, $6, $7)",
    .params = "tbbtzzt",
    .columns = "t",
};

const struct db_statement certificate_revoke = {
    .name = "certificate_revoke",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.certificate_revoke($1, $2)",
    .params = "tt",
    .columns = "t",
};

const struct db_statement issuance_halt = {
    .name = "issuance_halt",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.issuance_halt($1)",
    .params = "t",
    .columns = "t",
};

const struct db_statement issuance_release = {
    .name = "issuance_release",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.issuance_release()",
    .params = "",
    .columns = "t",
};

enum err store_add_staff(struct db *db, const struct new_staff *staff, int64_t deadline_ms, db_done *done,
                         void *context)
{
    const struct db_param params[] = {db_text(staff->name), db_text(staff->display_name), db_text(staff->password_hash),
                                      db_bytes(staff->totp_sealed), db_texts(staff->roles, staff->role_count)};
    return db_call(db, &staff_add, params, deadline_ms, done, context);
}

enum err store_disable_staff(struct db *db, const char *name, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(name)};
    return db_call(db, &staff_disable, params, deadline_ms, done, context);
}

const struct db_statement staff_certificate_add = {
    .name = "staff_certificate_add",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.staff_certificate_add($1, $2, $3, $4, $5, $6)",
    .params = "tbttzo",
    .columns = "t",
};

enum err store_add_staff_certificate(struct db *db, const struct staff_certificate *certificate, int64_t deadline_ms,
                                     db_done *done, void *context)
{
    const struct db_param params[] = {
        db_text(certificate->name),   db_bytes(certificate->fingerprint), db_text(certificate->subject),
        db_text(certificate->serial), db_time(certificate->not_after_us), db_boolean(certificate->remove),
    };
    return db_call(db, &staff_certificate_add, params, deadline_ms, done, context);
}

enum err store_put_staff_person(struct db *db, const char *name, const struct staff_person *person, int64_t deadline_ms,
                                db_done *done, void *context)
{
    const struct db_param params[] = {db_text(name),
                                      db_bytes(person->sealed),
                                      db_bytes(person->id_index),
                                      db_bytes(person->mobile_index),
                                      db_bytes(person->email_index),
                                      db_bytes(person->recipient_index),
                                      db_bytes(person->legal_index),
                                      db_bytes(person->portal_index)};
    return db_call(db, &staff_person_put, params, deadline_ms, done, context);
}

enum err store_import_certificate(struct db *db, const struct known_certificate *certificate, int64_t deadline_ms,
                                  db_done *done, void *context)
{
    const struct db_param params[] = {
        db_text(certificate->serial),   db_bytes(certificate->fingerprint),  db_bytes(certificate->der),
        db_text(certificate->subject),  db_time(certificate->not_before_us), db_time(certificate->not_after_us),
        db_text(certificate->platform),
    };
    return db_call(db, &certificate_import, params, deadline_ms, done, context);
}

enum err store_revoke_certificate(struct db *db, const char *serial, const char *reason, int64_t deadline_ms,
                                  db_done *done, void *context)
{
    const struct db_param params[] = {db_text(serial), db_text(reason)};
    return db_call(db, &certificate_revoke, params, deadline_ms, done, context);
}

enum err store_halt_issuance(struct db *db, const char *reason, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(reason)};
    return db_call(db, &issuance_halt, params, deadline_ms, done, context);
}

enum err store_release_issuance(struct db *db, int64_t deadline_ms, db_done *done, void *context)
{
    return db_call(db, &issuance_release, NULL, deadline_ms, done, context);
}

enum err store_admin_read(const struct row *rows, struct arena *arena, const char **outcome)
{
    static const char *const accepted[] = {"added",   "noted",  "known",    "disabled", "imported",
                                           "revoked", "halted", "released", "decided",  "removed"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *outcome = accepted[which];
    return OK;
}
