/* SPDX-License-Identifier: Apache-2.0 */
#include "store/payout_line.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement payout_lines = {
    .name = "payout_lines",
    .kind = DB_READ,
    .sql = "select line_id, account_digits, remark from xuqi.payout_lines($1, $2, $3)",
    .params = "iii",
    .columns = "itt",
};

const struct db_statement payout_line = {
    .name = "payout_line",
    .kind = DB_WRITE,
    .sql = "select outcome, client_id from xuqi.payout_line($1, $2, $3, $4, $5)",
    .params = "ibtii",
    .columns = "tt",
};

enum err store_list_payout_lines(struct db *db, int64_t import_id, int64_t after, int64_t batch, int64_t deadline_ms,
                                 db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(import_id), db_integer(after), db_integer(batch)};
    return db_call(db, &payout_lines, params, deadline_ms, done, context);
}

enum err store_list_payout_lines_read(const struct row *rows, struct arena *arena, struct payout_lines *out)
{
    size_t count = row_count(rows);
    struct payout_line *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].line_id = next_integer(&reader);
        items[i].account_digits = next_text(&reader);
        items[i].remark = next_text(&reader);
    }
    *out = (struct payout_lines){items, count};
    return OK;
}

enum err store_take_payout_line(struct db *db, const struct payout_line_facts *facts, int64_t deadline_ms,
                                db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(facts->line_id), db_bytes(facts->payee_index), db_text(facts->failure),
                                      db_integer(facts->code_days), db_integer(facts->success_days)};
    return db_call(db, &payout_line, params, deadline_ms, done, context);
}

enum err store_take_payout_line_read(const struct row *rows, struct arena *arena, enum payout_line_outcome *outcome,
                                     const char **client_id)
{
    static const char *const words[] = {
        [PAYOUT_LINE_PAID] = "paid",         [PAYOUT_LINE_KNOWN] = "known",     [PAYOUT_LINE_RETURNED] = "returned",
        [PAYOUT_LINE_REPLAYED] = "replayed", [PAYOUT_LINE_UNCLEAR] = "unclear", [PAYOUT_LINE_NONE] = "none",
    };
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, words, sizeof(words) / sizeof(words[0]), &reader, &which));
    *outcome = (enum payout_line_outcome)which;
    *client_id = next_text(&reader);
    return OK;
}
