/* SPDX-License-Identifier: Apache-2.0 */
#include "store/staff_person.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement staff_person_get = {
    .name = "staff_person_get",
    .kind = DB_READ,
    .sql = "select outcome, noted, email, noted_at from xuqi.staff_person_get($1)",
    .params = "b",
    .columns = "tooz",
};

const struct db_statement staff_own_credential = {
    .name = "staff_own_credential",
    .kind = DB_READ,
    .sql = "select outcome, name, password_hash, totp_sealed from xuqi.staff_own_credential($1)",
    .params = "b",
    .columns = "tttb",
};

const struct db_statement staff_person_change = {
    .name = "staff_person_change",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.staff_person_change($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    .params = "boitiibbbbbbb",
    .columns = "t",
};

enum err store_get_staff_person(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                                void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &staff_person_get, params, deadline_ms, done, context);
}

enum err store_get_staff_person_read(const struct row *rows, struct arena *arena, struct staff_person_noted *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    out->noted = next_boolean(&reader);
    out->email = next_boolean(&reader);
    out->at_us = next_time(&reader);
    return OK;
}

enum err store_get_own_credential(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                                  void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &staff_own_credential, params, deadline_ms, done, context);
}

enum err store_get_own_credential_read(const struct row *rows, struct arena *arena, struct staff_own_credential *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    out->name = next_text(&reader);
    out->password_hash = next_text(&reader);
    out->totp_sealed = next_bytes(&reader);
    return OK;
}

enum err store_change_staff_person(struct db *db, const struct staff_person_change *change, int64_t deadline_ms,
                                   db_done *done, void *context)
{
    const struct staff_person *person = &change->person;
    const struct db_param params[] = {
        db_bytes(change->token_digest), db_boolean(change->accepted),       db_integer(change->totp_step),
        db_text(change->address),       db_integer(change->attempts_limit), db_integer(change->lock_s),
        db_bytes(person->sealed),       db_bytes(person->id_index),         db_bytes(person->mobile_index),
        db_bytes(person->email_index),  db_bytes(person->recipient_index),  db_bytes(person->legal_index),
        db_bytes(person->portal_index),
    };
    return db_call(db, &staff_person_change, params, deadline_ms, done, context);
}

enum err store_change_staff_person_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "noted", &reader);
}
