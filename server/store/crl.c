/* SPDX-License-Identifier: Apache-2.0 */
#include "store/crl.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement crl_due = {
    .name = "crl_due",
    .kind = DB_READ,
    .sql = "select due, number, at, revocations from xuqi.crl_due($1)",
    .params = "i",
    .columns = "oizi",
};

const struct db_statement crl_revoked = {
    .name = "crl_revoked",
    .kind = DB_READ,
    .sql = "select serial, revoked_at, reason from xuqi.crl_revoked($1)",
    .params = "b",
    .columns = "bzt",
};

const struct db_statement crl_record = {
    .name = "crl_record",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.crl_record($1, $2, $3, $4, $5, $6)",
    .params = "iizzib",
    .columns = "t",
};

const struct db_statement crl_current = {
    .name = "crl_current",
    .kind = DB_READ,
    .sql = "select der, next_update from xuqi.crl_current()",
    .params = "",
    .columns = "bz",
};

enum err store_crl_due(struct db *db, int64_t renew_s, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(renew_s)};
    return db_call(db, &crl_due, params, deadline_ms, done, context);
}

enum err store_crl_due_read(const struct row *rows, struct arena *arena, struct crl_due *out)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    struct reader reader = reader_at(rows, 0, arena);
    out->due = next_boolean(&reader);
    out->number = next_integer(&reader);
    out->at_us = next_time(&reader);
    out->revocations = next_integer(&reader);
    return OK;
}

enum err store_crl_revoked(struct db *db, struct bytes issuer_der, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(issuer_der)};
    return db_call(db, &crl_revoked, params, deadline_ms, done, context);
}

enum err store_crl_revoked_read(const struct row *rows, struct arena *arena, struct revocations *out)
{
    size_t count = row_count(rows);
    struct revocation *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].serial = next_bytes(&reader);
        items[i].revoked_at_us = next_time(&reader);
        items[i].reason = next_text(&reader);
    }
    *out = (struct revocations){.items = items, .count = count};
    return OK;
}

enum err store_crl_record(struct db *db, const struct crl_record *record, int64_t deadline_ms, db_done *done,
                          void *context)
{
    const struct db_param params[] = {db_integer(record->fence),       db_integer(record->number),
                                      db_time(record->this_update_us), db_time(record->next_update_us),
                                      db_integer(record->revocations), db_bytes(record->der)};
    return db_call(db, &crl_record, params, deadline_ms, done, context);
}

enum err store_crl_record_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "recorded", &reader);
}

enum err store_crl_current(struct db *db, int64_t deadline_ms, db_done *done, void *context)
{
    return db_call(db, &crl_current, NULL, deadline_ms, done, context);
}

enum err store_crl_current_read(const struct row *rows, struct arena *arena, struct current_crl *out)
{
    ENSURE(row_count(rows) == 1, ERR_ISSUER_UNAVAILABLE);
    struct reader reader = reader_at(rows, 0, arena);
    out->der = next_bytes(&reader);
    out->next_update_us = next_time(&reader);
    return OK;
}
