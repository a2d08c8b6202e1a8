/* SPDX-License-Identifier: Apache-2.0 */
#include "store/transfer.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement transfer_declare = {
    .name = "transfer_declare",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.transfer_declare($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    .params = "tBIIBBTTTT",
    .columns = "t",
};

const struct db_statement transfer_sealed = {
    .name = "transfer_sealed",
    .kind = DB_READ,
    .sql = "select amount_fen, day, content_index, payer_sealed, payer_account_masked, payer_name_masked"
           " from xuqi.transfer_sealed($1)",
    .params = "t",
    .columns = "iibbtt",
};

const struct db_statement transfer_remove = {
    .name = "transfer_remove",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.transfer_remove($1, $2)",
    .params = "ti",
    .columns = "t",
};

const struct db_statement transfer_list = {
    .name = "transfer_list",
    .kind = DB_READ,
    .sql = "select renewal_no, order_no, status, order_state, offered, amount_fen, received_fen, credit_fen,"
           " credit_usable, declared_id, declared_fen, transferred_on, payer_account_masked, payer_name_masked, state,"
           " bank_amount_fen, bank_booked_on, declared_at, checked_at from xuqi.transfer_list($1)",
    .params = "t",
    .columns = "ttttoiiioiittttitzz",
};

const struct db_statement credit_use = {
    .name = "credit_use",
    .kind = DB_WRITE,
    .sql = "select outcome, used_fen from xuqi.credit_use($1)",
    .params = "t",
    .columns = "ti",
};

const struct db_statement transfer_waiting = {
    .name = "transfer_waiting",
    .kind = DB_READ,
    .sql = "select id, renewal_no, content_index, payer_sealed from xuqi.transfer_waiting($1, $2, $3)",
    .params = "iii",
    .columns = "itbb",
};

const struct db_statement transfer_verify = {
    .name = "transfer_verify",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.transfer_verify($1, $2, $3)",
    .params = "itt",
    .columns = "t",
};

const struct db_statement statement_portions = {
    .name = "statement_portions",
    .kind = DB_READ,
    .sql = "select until from xuqi.statement_portions($1, $2)",
    .params = "ii",
    .columns = "i",
};

const struct db_statement statement_match = {
    .name = "statement_match",
    .kind = DB_WRITE,
    .sql = "select last_line, looked, matched, paid from xuqi.statement_match($1, $2, $3, $4, $5)",
    .params = "itiii",
    .columns = "iiii",
};

/* -- declared ----------------------------------------------------------------------------------------------------- */

enum err store_declare_transfers(struct db *db, const char *renewal_no, const struct declared_transfer *rows,
                                 size_t count, int64_t deadline_ms, db_done *done, void *context)
{
    struct bytes contents[TRANSFER_ROWS_MAX], sealed[TRANSFER_ROWS_MAX], accounts[TRANSFER_ROWS_MAX];
    int64_t amounts[TRANSFER_ROWS_MAX], days[TRANSFER_ROWS_MAX];
    const char *accounts_masked[TRANSFER_ROWS_MAX], *names_masked[TRANSFER_ROWS_MAX];
    const char *plain_accounts[TRANSFER_ROWS_MAX], *plain_names[TRANSFER_ROWS_MAX];
    ENSURE(count <= TRANSFER_ROWS_MAX, ERR_TRANSFER_LIMIT);
    for (size_t i = 0; i < count; i++) {
        contents[i] = rows[i].content_index;
        sealed[i] = rows[i].sealed;
        accounts[i] = rows[i].account_index;
        amounts[i] = rows[i].amount_fen;
        days[i] = rows[i].day;
        accounts_masked[i] = rows[i].account_masked;
        names_masked[i] = rows[i].name_masked;
        plain_accounts[i] = rows[i].account;
        plain_names[i] = rows[i].name;
    }
    const struct db_param params[] = {
        db_text(renewal_no),
        db_bytes_each(contents, count),
        db_integers(amounts, count),
        db_integers(days, count),
        db_bytes_each(sealed, count),
        db_bytes_each(accounts, count),
        db_texts(accounts_masked, count),
        db_texts(names_masked, count),
        db_texts(plain_accounts, count),
        db_texts(plain_names, count),
    };
    return db_call(db, &transfer_declare, params, deadline_ms, done, context);
}

enum err store_declare_transfers_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "checked", &reader);
}

enum err store_list_sealed_transfers(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                                     void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &transfer_sealed, params, deadline_ms, done, context);
}

enum err store_list_sealed_transfers_read(const struct row *rows, struct arena *arena, struct sealed_transfers *out)
{
    size_t count = row_count(rows);
    struct declared_transfer *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i] = (struct declared_transfer){.account = "", .name = ""};
        items[i].amount_fen = next_integer(&reader);
        items[i].day = next_integer(&reader);
        items[i].content_index = next_bytes(&reader);
        items[i].sealed = next_bytes(&reader);
        items[i].account_masked = next_text(&reader);
        items[i].name_masked = next_text(&reader);
    }
    *out = (struct sealed_transfers){items, count};
    return OK;
}

enum err store_remove_transfer(struct db *db, const char *renewal_no, int64_t id, int64_t deadline_ms, db_done *done,
                               void *context)
{
    const struct db_param params[] = {db_text(renewal_no), db_integer(id)};
    return db_call(db, &transfer_remove, params, deadline_ms, done, context);
}

enum err store_remove_transfer_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "removed", &reader);
}

/* -- the page ----------------------------------------------------------------------------------------------------- */

enum err store_list_transfers(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &transfer_list, params, deadline_ms, done, context);
}

static void read_page(struct reader *reader, struct transfer_page *out)
{
    out->renewal_no = next_text(reader);
    out->order_no = next_text(reader);
    out->status = next_text(reader);
    out->order_state = next_text(reader);
    out->offered = next_boolean(reader);
    out->amount_fen = next_integer(reader);
    out->received_fen = next_integer(reader);
    out->credit_fen = next_integer(reader);
    out->credit_usable = next_boolean(reader);
}

static void read_item(struct reader *reader, struct transfer_item *out)
{
    out->id = next_integer(reader);
    out->amount_fen = next_integer(reader);
    out->transferred_on = next_text(reader);
    out->account_masked = next_text(reader);
    out->name_masked = next_text(reader);
    out->state = next_text(reader);
    out->bank_amount_fen = next_integer(reader);
    out->bank_booked_on = next_text(reader);
    out->declared_at_us = next_time(reader);
    out->checked_at_us = next_time(reader);
}

enum err store_list_transfers_read(const struct row *rows, struct arena *arena, struct transfer_page *out)
{
    size_t count = row_count(rows), item_count = 0;
    ENSURE(count > 0, ERR_RENEWAL_UNKNOWN);
    struct transfer_item *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        read_page(&reader, out);
        if (!row_is_null(rows, i, reader.column)) /* nothing was declared */
            read_item(&reader, &items[item_count++]);
    }
    out->items = items;
    out->count = item_count;
    return OK;
}

enum err store_use_credit(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &credit_use, params, deadline_ms, done, context);
}

enum err store_use_credit_read(const struct row *rows, struct arena *arena, int64_t *used_fen)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "used", &reader));
    *used_fen = next_integer(&reader);
    return OK;
}

/* -- jobs --------------------------------------------------------------------------------------------------------- */

enum err store_list_waiting_transfers(struct db *db, int64_t import_id, int64_t after, int64_t batch,
                                      int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(import_id), db_integer(after), db_integer(batch)};
    return db_call(db, &transfer_waiting, params, deadline_ms, done, context);
}

enum err store_list_waiting_transfers_read(const struct row *rows, struct arena *arena, struct waiting_transfers *out)
{
    size_t count = row_count(rows);
    struct waiting_transfer *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].id = next_integer(&reader);
        items[i].renewal_no = next_text(&reader);
        items[i].content_index = next_bytes(&reader);
        items[i].sealed = next_bytes(&reader);
    }
    *out = (struct waiting_transfers){items, count};
    return OK;
}

enum err store_verify_transfer(struct db *db, int64_t id, const char *account, const char *name, int64_t deadline_ms,
                               db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(id), db_text(account), db_text(name)};
    return db_call(db, &transfer_verify, params, deadline_ms, done, context);
}

enum err store_verify_transfer_read(const struct row *rows, struct arena *arena, const char **state)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    *state = row_text(rows, 0, 0, arena);
    return OK;
}

enum err store_list_statement_portions(struct db *db, int64_t import_id, int64_t size, int64_t deadline_ms,
                                       db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(import_id), db_integer(size)};
    return db_call(db, &statement_portions, params, deadline_ms, done, context);
}

enum err store_list_statement_portions_read(const struct row *rows, struct arena *arena,
                                            struct statement_portions_list *out)
{
    size_t count = row_count(rows);
    int64_t *until = arena_alloc(arena, count * sizeof(*until));
    for (size_t i = 0; i < count; i++)
        until[i] = row_integer(rows, i, 0);
    *out = (struct statement_portions_list){until, count};
    return OK;
}

enum err store_match_statement(struct db *db, int64_t import_id, const char *phase, int64_t after, int64_t until,
                               int64_t batch, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(import_id), db_text(phase), db_integer(after), db_integer(batch),
                                      db_integer(until)};
    return db_call(db, &statement_match, params, deadline_ms, done, context);
}

enum err store_match_statement_read(const struct row *rows, struct statement_matching *out)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    *out = (struct statement_matching){row_integer(rows, 0, 0), row_integer(rows, 0, 1), row_integer(rows, 0, 2),
                                       row_integer(rows, 0, 3)};
    return OK;
}
