/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sms_code.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement sms_code_request = {
    .name = "sms_code_request",
    .kind = DB_WRITE,
    .sql = "select outcome, expires_at"
           " from xuqi.sms_code_request($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    .params = "bbtbbtiiiiii",
    .columns = "tz",
};

const struct db_statement sms_code_due = {
    .name = "sms_code_due",
    .kind = DB_READ,
    .sql = "select purpose, mobile_index, mobile_sealed, salt, expires_at from xuqi.sms_code_due($1)",
    .params = "i",
    .columns = "tbbbz",
};

enum err store_request_sms_code(struct db *db, const struct sms_code_request *request, int64_t deadline_ms,
                                db_done *done, void *context)
{
    const struct db_param params[] = {
        db_bytes(request->mobile_index), db_bytes(request->mobile_sealed),      db_text(request->purpose),
        db_bytes(request->salt),         db_bytes(request->code_digest),        db_text(request->address),
        db_integer(request->lifetime_s), db_integer(request->per_minute),       db_integer(request->per_hour),
        db_integer(request->per_day),    db_integer(request->address_per_hour), db_integer(request->all_per_day),
    };
    return db_call(db, &sms_code_request, params, deadline_ms, done, context);
}

enum err store_request_sms_code_read(const struct row *rows, struct arena *arena, int64_t *expires_at_us)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "requested", &reader));
    *expires_at_us = next_time(&reader);
    return OK;
}

enum err store_get_sms_code_due(struct db *db, int64_t id, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(id)};
    return db_call(db, &sms_code_due, params, deadline_ms, done, context);
}

enum err store_get_sms_code_due_read(const struct row *rows, struct arena *arena, struct sms_code_due *out)
{
    *out = (struct sms_code_due){.due = row_count(rows) == 1};
    if (!out->due)
        return OK;
    struct reader reader = reader_at(rows, 0, arena);
    out->purpose = next_text(&reader);
    out->mobile_index = next_bytes(&reader);
    out->mobile_sealed = next_bytes(&reader);
    out->salt = next_bytes(&reader);
    out->expires_at_us = next_time(&reader);
    return OK;
}
