/* SPDX-License-Identifier: Apache-2.0 */
#include "store/match.h"

#include "store/match_internal.h"
#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement match_run = {
    .name = "match_run",
    .kind = DB_WRITE,
    .sql = "select outcome, payments, even, raised, waiting, opened from xuqi.match_run($1, $2, $3)",
    .params = "tti",
    .columns = "tiiiii",
};

const struct db_statement match_show = {
    .name = "match_show",
    .kind = DB_READ,
    .sql = "select rail, state, payments, payments_fen, their_payments, their_payments_fen, their_refunds,"
           " their_refunds_fen, fee_fen, arrived_fen, even, differences, matched_at, file_id, fault"
           " from xuqi.match_show($1)",
    .params = "t",
    .columns = "ttiiiiiiiiitzit",
};

enum err store_run_match(struct db *db, const char *rail, const char *day, int64_t fee_permyriad, int64_t deadline_ms,
                         db_done *done, void *context)
{
    const struct db_param params[] = {db_text(rail), db_text(day), db_integer(fee_permyriad)};
    return db_call(db, &match_run, params, deadline_ms, done, context);
}

enum err store_run_match_read(const struct row *rows, struct arena *arena, struct match_counts *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "matched", &reader));
    out->payments = next_integer(&reader);
    out->even = next_integer(&reader);
    out->raised = next_integer(&reader);
    out->waiting = next_integer(&reader);
    out->opened = next_integer(&reader);
    return OK;
}

enum err store_show_match(struct db *db, const char *day, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(day)};
    return db_call(db, &match_show, params, deadline_ms, done, context);
}

void match_day_read(struct reader *reader, struct match_day *out)
{
    out->rail = next_text(reader);
    out->state = next_text(reader);
    out->payments = next_integer(reader);
    out->payments_fen = next_integer(reader);
    out->their_payments = next_integer(reader);
    out->their_payments_fen = next_integer(reader);
    out->their_refunds = next_integer(reader);
    out->their_refunds_fen = next_integer(reader);
    out->fee_fen = next_integer(reader);
    out->arrived_fen = next_integer(reader);
    out->even = next_integer(reader);
    out->differences = next_text(reader);
    out->matched_at_us = next_time(reader);
    out->file_id = next_integer(reader);
    out->fault = next_text(reader);
}

enum err store_show_match_read(const struct row *rows, struct arena *arena, struct match_days *out)
{
    size_t count = row_count(rows);
    struct match_day *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        match_day_read(&reader, &items[i]);
    }
    *out = (struct match_days){items, count};
    return OK;
}
