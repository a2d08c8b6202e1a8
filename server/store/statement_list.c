/* SPDX-License-Identifier: Apache-2.0 */
#include "store/statement_list.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement statement_list = {
    .name = "statement_list",
    .kind = DB_READ,
    .sql = "select outcome, id, account_no, source, format, file_name, first_on, last_on, opening_fen, closing_fen,"
           " credits_fen, debits_fen, lines_new, lines_known, lines_raised, imported_by, imported_at"
           " from xuqi.statement_list($1, $2, $3)",
    .params = "bii",
    .columns = "titttttt"
               "iiiiiii"
               "tz",
};

const struct db_statement statement_lines = {
    .name = "statement_lines",
    .kind = DB_READ,
    .sql = "select outcome, id, booked_on, booked_at, direction, amount_fen, balance_fen, payer_account, payer_name,"
           " payer_bank, remark, bank_ref, kind, reverses_line, reversed_by, taken_fen"
           " from xuqi.statement_lines($1, $2, $3, $4)",
    .params = "biii",
    .columns = "titztiittttttiii",
};

static const char *const accepted[] = {"empty", "ok"};

enum err store_list_statements(struct db *db, struct bytes token_digest, int64_t before, int64_t page_size,
                               int64_t deadline_ms, db_done *done, void *context)
{
    struct db_param from = db_integer(before);
    from.null = before == 0;
    const struct db_param params[] = {db_bytes(token_digest), from, db_integer(page_size)};
    return db_call(db, &statement_list, params, deadline_ms, done, context);
}

static void read_import(const struct row *rows, size_t row, struct arena *arena, struct statement_import *item)
{
    struct reader reader = reader_at(rows, row, arena);
    next_text(&reader); /* the outcome: the same in every row */
    item->id = next_integer(&reader);
    item->account_no = next_text(&reader);
    item->source = next_text(&reader);
    item->format = next_text(&reader);
    item->file_name = next_text(&reader);
    item->first_on = next_text(&reader);
    item->last_on = next_text(&reader);
    item->balanced = !row_is_null(rows, row, reader.column);
    item->opening_fen = next_integer(&reader);
    item->closing_fen = next_integer(&reader);
    item->credits_fen = next_integer(&reader);
    item->debits_fen = next_integer(&reader);
    item->lines_new = next_integer(&reader);
    item->lines_known = next_integer(&reader);
    item->lines_raised = next_integer(&reader);
    item->imported_by = next_text(&reader);
    item->imported_at_us = next_time(&reader);
}

enum err store_list_statements_read(const struct row *rows, struct arena *arena, struct statement_imports *out)
{
    struct reader reader;
    size_t filled;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &filled));
    size_t count = filled == 1 ? row_count(rows) : 0;
    struct statement_import *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        read_import(rows, i, arena, &items[i]);
    *out = (struct statement_imports){items, count};
    return OK;
}

enum err store_list_statement_lines(struct db *db, struct bytes token_digest, int64_t import_id, int64_t after,
                                    int64_t page_size, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_integer(import_id), db_integer(after),
                                      db_integer(page_size)};
    return db_call(db, &statement_lines, params, deadline_ms, done, context);
}

static void read_entry(const struct row *rows, size_t row, struct arena *arena, struct statement_entry *item)
{
    struct reader reader = reader_at(rows, row, arena);
    next_text(&reader); /* the outcome: the same in every row */
    item->id = next_integer(&reader);
    item->booked_on = next_text(&reader);
    item->booked_at_us = next_time(&reader);
    item->direction = next_text(&reader);
    item->amount_fen = next_integer(&reader);
    item->balance_said = !row_is_null(rows, row, reader.column);
    item->balance_fen = next_integer(&reader);
    item->payer_account = next_text(&reader);
    item->payer_name = next_text(&reader);
    item->payer_bank = next_text(&reader);
    item->remark = next_text(&reader);
    item->bank_ref = next_text(&reader);
    item->kind = next_text(&reader);
    item->reverses_line = next_integer(&reader);
    item->reversed_by = next_integer(&reader);
    item->taken_fen = next_integer(&reader);
}

enum err store_list_statement_lines_read(const struct row *rows, struct arena *arena, struct statement_entries *out)
{
    struct reader reader;
    size_t filled;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &filled));
    size_t count = filled == 1 ? row_count(rows) : 0;
    struct statement_entry *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        read_entry(rows, i, arena, &items[i]);
    *out = (struct statement_entries){items, count};
    return OK;
}
