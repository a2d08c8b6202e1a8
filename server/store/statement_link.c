/* SPDX-License-Identifier: Apache-2.0 */
#include "store/statement_link.h"

#include "store/reader.h"
#include "store/statements_internal.h"

#define NEXT         "select outcome, first_record, first_day, last_day, said"
#define NEXT_COLUMNS "tittt"

const struct db_statement statement_link_due = {
    .name = "statement_link_due",
    .kind = DB_WRITE,
    .sql = "select outcome, lag_s, behind from xuqi.statement_link_due($1, $2, $3, $4)",
    .params = "ttii",
    .columns = "tio",
};

const struct db_statement statement_link_begin = {
    .name = "statement_link_begin",
    .kind = DB_WRITE,
    .sql = NEXT " from xuqi.statement_link_begin($1, $2, $3, $4, $5)",
    .params = "iiiii",
    .columns = NEXT_COLUMNS,
};

const struct db_statement statement_link_page = {
    .name = "statement_link_page",
    .kind = DB_WRITE,
    .sql = NEXT " from xuqi.statement_link_page($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
                " $16, $17, $18, $19, $20)",
    .params = "iiiioTTIIIITTTTTTTii",
    .columns = NEXT_COLUMNS,
};

const struct db_statement statement_link_balance = {
    .name = "statement_link_balance",
    .kind = DB_WRITE,
    .sql = NEXT " from xuqi.statement_link_balance($1, $2, $3, $4)",
    .params = "iiii",
    .columns = NEXT_COLUMNS,
};

const struct db_statement statement_link_fault = {
    .name = "statement_link_fault",
    .kind = DB_WRITE,
    .sql = "select outcome, faults, lag_s, behind from xuqi.statement_link_fault($1, $2, $3, $4)",
    .params = "iiit",
    .columns = "tiio",
};

const struct db_statement statement_links = {
    .name = "statement_links",
    .kind = DB_READ,
    .sql = "select account_no, bank, interval_s, success_at, read_to, balance_fen, lag_s, behind, run_id, run_state,"
           " run_first, run_last, records, faults, restarts, word, begun_at from xuqi.statement_links()",
    .params = "",
    .columns = "ttiztiioitttiiitz",
};

/* -- jobs ------------------------------------------------------------------------------------------------------------
 */

enum err store_due_statement_link(struct db *db, const char *bank, const char *account_no, int64_t interval_s,
                                  int64_t back_days, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(bank), db_text(account_no), db_integer(interval_s),
                                      db_integer(back_days)};
    return db_call(db, &statement_link_due, params, deadline_ms, done, context);
}

enum err store_due_statement_link_read(const struct row *rows, struct arena *arena, enum statement_link_due *out,
                                       struct statement_link_lag *lag)
{
    static const char *const accepted[] = {[STATEMENT_LINK_BEGUN] = "begun",
                                           [STATEMENT_LINK_UNDER_WAY] = "under_way",
                                           [STATEMENT_LINK_NOT_DUE] = "not_due"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, sizeof(accepted) / sizeof(accepted[0]), &reader, &which));
    *out = (enum statement_link_due)which;
    lag->lag_s = next_integer(&reader);
    lag->behind = next_boolean(&reader);
    return OK;
}

enum err store_begin_statement_link(struct db *db, const struct statement_link_hold *hold, int64_t deadline_ms,
                                    db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(hold->id), db_integer(hold->lease_token), db_integer(hold->run_id),
                                      db_integer(hold->queries_per_hour), db_integer(hold->lease_s)};
    return db_call(db, &statement_link_begin, params, deadline_ms, done, context);
}

enum err store_page_statement_link(struct db *db, const struct statement_link_hold *hold,
                                   const struct statement_link_page *page, int64_t deadline_ms, db_done *done,
                                   void *context)
{
    size_t count = page->count;
    const struct db_param params[] = {
        db_integer(hold->id),
        db_integer(hold->lease_token),
        db_integer(hold->run_id),
        db_integer(page->first_record),
        db_boolean(page->full),
        db_texts(page->numbers, count),
        db_texts(page->line_keys, count),
        db_integers(page->days, count),
        db_integers(page->times_us, count),
        db_integers(page->movements_fen, count),
        db_integers(page->balances_fen, count),
        db_texts(page->payer_accounts, count),
        db_texts(page->payer_names, count),
        db_texts(page->payer_banks, count),
        db_texts(page->remarks, count),
        db_texts(page->bank_refs, count),
        db_texts(page->kinds, count),
        db_texts(page->reverses, count),
        db_integer(hold->queries_per_hour),
        db_integer(hold->lease_s),
    };
    return db_call(db, &statement_link_page, params, deadline_ms, done, context);
}

enum err store_balance_statement_link(struct db *db, const struct statement_link_hold *hold, int64_t balance_fen,
                                      int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(hold->id), db_integer(hold->lease_token), db_integer(hold->run_id),
                                      db_integer(balance_fen)};
    return db_call(db, &statement_link_balance, params, deadline_ms, done, context);
}

static const char *const steps[] = {
    [STATEMENT_LINK_PAGE] = "page", [STATEMENT_LINK_BALANCE] = "balance", [STATEMENT_LINK_HELD] = "held",
    [STATEMENT_LINK_DONE] = "done", [STATEMENT_LINK_FAILED] = "failed",   [STATEMENT_LINK_STALE] = "stale",
};

enum err store_statement_link_read(const struct row *rows, struct arena *arena, struct statement_link_next *out)
{
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, steps, sizeof(steps) / sizeof(steps[0]), &reader, &which));
    out->step = (enum statement_link_step)which;
    out->first_record = next_integer(&reader);
    out->first_day = next_text(&reader);
    out->last_day = next_text(&reader);
    out->said = next_text(&reader);
    return OK;
}

enum err store_fault_statement_link(struct db *db, const struct statement_link_hold *hold, const char *said,
                                    int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(hold->id), db_integer(hold->lease_token), db_integer(hold->run_id),
                                      db_text(said)};
    return db_call(db, &statement_link_fault, params, deadline_ms, done, context);
}

enum err store_fault_statement_link_read(const struct row *rows, struct arena *arena, enum statement_link_step *step,
                                         int64_t *faults, struct statement_link_lag *lag)
{
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, steps, sizeof(steps) / sizeof(steps[0]), &reader, &which));
    *step = (enum statement_link_step)which;
    *faults = next_integer(&reader);
    lag->lag_s = next_integer(&reader);
    lag->behind = next_boolean(&reader);
    return OK;
}

/* -- xuqictl ---------------------------------------------------------------------------------------------------------
 */

enum err store_list_statement_links(struct db *db, int64_t deadline_ms, db_done *done, void *context)
{
    return db_call(db, &statement_links, NULL, deadline_ms, done, context);
}

static void read_link(struct reader *reader, struct statement_link *out)
{
    out->account_no = next_text(reader);
    out->bank = next_text(reader);
    out->interval_s = next_integer(reader);
    out->success_at_us = next_time(reader);
    out->read_to = next_text(reader);
    out->balanced = !row_is_null(reader->rows, reader->row, reader->column);
    out->balance_fen = next_integer(reader);
    out->lag.lag_s = next_integer(reader);
    out->lag.behind = next_boolean(reader);
    out->run_id = next_integer(reader);
    out->run_state = next_text(reader);
    out->run_first = next_text(reader);
    out->run_last = next_text(reader);
    out->records = next_integer(reader);
    out->faults = next_integer(reader);
    out->restarts = next_integer(reader);
    out->word = next_text(reader);
    out->begun_at_us = next_time(reader);
}

enum err store_list_statement_links_read(const struct row *rows, struct arena *arena, struct statement_links *out)
{
    size_t count = row_count(rows);
    struct statement_link *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        read_link(&reader, &items[i]);
    }
    *out = (struct statement_links){items, count};
    return OK;
}
