/* SPDX-License-Identifier: Apache-2.0 */
#include "store/bill.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement bill_keep = {
    .name = "bill_keep",
    .kind = DB_WRITE,
    .sql = "select outcome, file_id from xuqi.bill_keep($1, $2, $3, $4, $5, $6)",
    .params = "ttbitt",
    .columns = "ti",
};

const struct db_statement bill_piece_put = {
    .name = "bill_piece_put",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.bill_piece_put($1, $2, $3)",
    .params = "iib",
    .columns = "t",
};

const struct db_statement bill_piece_get = {
    .name = "bill_piece_get",
    .kind = DB_READ,
    .sql = "select data from xuqi.bill_piece_get($1, $2)",
    .params = "ii",
    .columns = "b",
};

const struct db_statement bill_get = {
    .name = "bill_get",
    .kind = DB_READ,
    .sql = "select rail, day, size, source, actor from xuqi.bill_get($1)",
    .params = "i",
    .columns = "ttitt",
};

const struct db_statement bill_state = {
    .name = "bill_state",
    .kind = DB_READ,
    .sql = "select state from xuqi.bill_state($1, $2)",
    .params = "tt",
    .columns = "t",
};

const struct db_statement bill_refuse = {
    .name = "bill_refuse",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.bill_refuse($1, $2)",
    .params = "it",
    .columns = "t",
};

const struct db_statement bill_put = {
    .name = "bill_put",
    .kind = DB_WRITE,
    .sql = "select outcome, added, changed from xuqi.bill_put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    .params = "iITTTTTIIZT",
    .columns = "tii",
};

const struct db_statement bill_loaded = {
    .name = "bill_loaded",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.bill_loaded($1, $2)",
    .params = "ii",
    .columns = "t",
};

const struct db_statement bill_absent = {
    .name = "bill_absent",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.bill_absent($1, $2)",
    .params = "tt",
    .columns = "t",
};

const struct db_statement bill_due = {
    .name = "bill_due",
    .kind = DB_WRITE,
    .sql = "select asked from xuqi.bill_due($1, $2)",
    .params = "TI",
    .columns = "i",
};

enum err store_keep_bill(struct db *db, const struct bill_keeping *keeping, int64_t deadline_ms, db_done *done,
                         void *context)
{
    const struct db_param params[] = {
        db_text(keeping->rail),    db_text(keeping->day),    db_bytes(keeping->digest),
        db_integer(keeping->size), db_text(keeping->source), db_text(keeping->actor),
    };
    return db_call(db, &bill_keep, params, deadline_ms, done, context);
}

enum err store_keep_bill_read(const struct row *rows, struct arena *arena, struct kept_bill *out)
{
    static const char *const accepted[] = {"kept", "loaded"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    out->file_id = next_integer(&reader);
    out->loaded = which == 1;
    return OK;
}

enum err store_put_bill_piece(struct db *db, int64_t file_id, int64_t number, struct bytes data, int64_t deadline_ms,
                              db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(file_id), db_integer(number), db_bytes(data)};
    return db_call(db, &bill_piece_put, params, deadline_ms, done, context);
}

enum err store_put_bill_piece_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "put", &reader);
}

enum err store_get_bill_piece(struct db *db, int64_t file_id, int64_t number, int64_t deadline_ms, db_done *done,
                              void *context)
{
    const struct db_param params[] = {db_integer(file_id), db_integer(number)};
    return db_call(db, &bill_piece_get, params, deadline_ms, done, context);
}

enum err store_get_bill_piece_read(const struct row *rows, struct arena *arena, struct bytes *data)
{
    *data = row_count(rows) == 1 ? row_bytes(rows, 0, 0, arena) : (struct bytes){0};
    return OK;
}

enum err store_refuse_bill(struct db *db, int64_t file_id, const char *fault, int64_t deadline_ms, db_done *done,
                           void *context)
{
    const struct db_param params[] = {db_integer(file_id), db_text(fault)};
    return db_call(db, &bill_refuse, params, deadline_ms, done, context);
}

enum err store_refuse_bill_read(const struct row *rows, struct arena *arena)
{
    static const char *const accepted[] = {"refused", "loaded"};
    struct reader reader;
    size_t which;
    return reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which);
}

enum err store_put_bill_rows(struct db *db, const struct bill_rows *rows, int64_t deadline_ms, db_done *done,
                             void *context)
{
    const struct db_param params[] = {
        db_integer(rows->file_id),
        db_integers(rows->lines, rows->count),
        db_texts(rows->kinds, rows->count),
        db_texts(rows->gateway_ids, rows->count),
        db_texts(rows->payment_txns, rows->count),
        db_texts(rows->attempt_nos, rows->count),
        db_texts(rows->refund_nos, rows->count),
        db_integers(rows->amounts_fen, rows->count),
        db_integers(rows->fees_millifen, rows->count),
        db_times(rows->ats_us, rows->count),
        db_texts(rows->statuses, rows->count),
    };
    return db_call(db, &bill_put, params, deadline_ms, done, context);
}

enum err store_put_bill_rows_read(const struct row *rows, struct arena *arena, struct bill_rows_put *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "put", &reader));
    out->added = next_integer(&reader);
    out->changed = next_integer(&reader);
    return OK;
}

enum err store_end_bill(struct db *db, int64_t file_id, int64_t rows, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(file_id), db_integer(rows)};
    return db_call(db, &bill_loaded, params, deadline_ms, done, context);
}

enum err store_end_bill_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "loaded", &reader);
}

enum err store_absent_bill(struct db *db, const char *rail, const char *day, int64_t deadline_ms, db_done *done,
                           void *context)
{
    const struct db_param params[] = {db_text(rail), db_text(day)};
    return db_call(db, &bill_absent, params, deadline_ms, done, context);
}

enum err store_absent_bill_read(const struct row *rows, struct arena *arena, enum bill_absence *out)
{
    static const char *const accepted[] = {
        [BILL_DAY_EMPTY] = "empty", [BILL_DAY_MISSING] = "missing", [BILL_DAY_LOADED] = "loaded"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *out = (enum bill_absence)which;
    return OK;
}

enum err store_due_bills(struct db *db, const char *const *rails, const int64_t *ready_minutes, size_t count,
                         int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_texts(rails, count), db_integers(ready_minutes, count)};
    return db_call(db, &bill_due, params, deadline_ms, done, context);
}

enum err store_due_bills_read(const struct row *rows, int64_t *asked)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    *asked = row_integer(rows, 0, 0);
    return OK;
}

enum err store_get_bill(struct db *db, int64_t file_id, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(file_id)};
    return db_call(db, &bill_get, params, deadline_ms, done, context);
}

enum err store_get_bill_read(const struct row *rows, struct arena *arena, struct bill_facts *out)
{
    ENSURE(row_count(rows) == 1, ERR_BILL_MISSING);
    struct reader reader = reader_at(rows, 0, arena);
    out->rail = next_text(&reader);
    out->day = next_text(&reader);
    out->size = next_integer(&reader);
    out->source = next_text(&reader);
    out->actor = next_text(&reader);
    return OK;
}

enum err store_bill_state(struct db *db, const char *rail, const char *day, int64_t deadline_ms, db_done *done,
                          void *context)
{
    const struct db_param params[] = {db_text(rail), db_text(day)};
    return db_call(db, &bill_state, params, deadline_ms, done, context);
}

enum err store_bill_state_read(const struct row *rows, struct arena *arena, const char **state)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    *state = row_text(rows, 0, 0, arena);
    return OK;
}
