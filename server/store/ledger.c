/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ledger.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement ledger_accounts = {
    .name = "ledger_accounts",
    .kind = DB_READ,
    .sql = "select kind, normal_side, owner, guarded, name_zh, name_en, meaning_zh, meaning_en"
           " from xuqi.ledger_accounts()",
    .params = "",
    .columns = "tttotttt",
};

const struct db_statement ledger_close = {
    .name = "ledger_close",
    .kind = DB_WRITE,
    .sql = "select outcome, coalesce(detail, ''), sha256, coalesce(postings, 0), coalesce(accounts, 0)"
           " from xuqi.ledger_close(to_date($1, 'YYYY-MM'), $2)",
    .params = "tt",
    .columns = "ttbii",
};

const struct db_statement ledger_verify = {
    .name = "ledger_verify",
    .kind = DB_READ,
    .sql = "select invariant, detail, found from xuqi.ledger_verify($1, $2)",
    .params = "ti",
    .columns = "tti",
};

enum err store_list_ledger_accounts(struct db *db, int64_t deadline_ms, db_done *done, void *context)
{
    return db_call(db, &ledger_accounts, NULL, deadline_ms, done, context);
}

enum err store_list_ledger_accounts_read(const struct row *rows, struct arena *arena, struct ledger_accounts *out)
{
    size_t count = row_count(rows);
    struct ledger_account *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        struct ledger_account *account = &items[i];
        account->kind = next_text(&reader);
        account->normal_side = next_text(&reader);
        account->owner = next_text(&reader);
        account->guarded = next_boolean(&reader);
        account->name_zh = next_text(&reader);
        account->name_en = next_text(&reader);
        account->meaning_zh = next_text(&reader);
        account->meaning_en = next_text(&reader);
    }
    *out = (struct ledger_accounts){.items = items, .count = count};
    return OK;
}

enum err store_verify_ledger(struct db *db, const char *part, int64_t places, int64_t deadline_ms, db_done *done,
                             void *context)
{
    const struct db_param params[] = {db_text(part), db_integer(places)};
    return db_call(db, &ledger_verify, params, deadline_ms, done, context);
}

enum err store_verify_ledger_read(const struct row *rows, struct arena *arena, struct ledger_faults *out)
{
    size_t count = row_count(rows);
    struct ledger_fault *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].invariant = next_text(&reader);
        items[i].detail = next_text(&reader);
        items[i].found = next_integer(&reader);
    }
    *out = (struct ledger_faults){.items = items, .count = count};
    return OK;
}

enum err store_close_ledger(struct db *db, const char *month, const char *closed_by, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {db_text(month), db_text(closed_by)};
    return db_call(db, &ledger_close, params, deadline_ms, done, context);
}

enum err store_close_ledger_read(const struct row *rows, struct arena *arena, struct ledger_closing *out)
{
    static const char *const words[] = {
        [LEDGER_CLOSED] = "closed",
        [LEDGER_KNOWN] = "known",
        [LEDGER_PERIOD_RUNNING] = "period_running",
        [LEDGER_PERIOD_ORDER] = "period_order",
        [LEDGER_PERIOD_EMPTY] = "period_empty",
        [LEDGER_FAULTY] = "ledger_faulty",
        [LEDGER_UNEXPLAINED] = "ledger_unexplained",
    };
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, words, ARRAY_SIZE(words), &reader, &which));
    struct ledger_closing closing = {.end = (enum ledger_close_end)which};
    closing.detail = next_text(&reader);
    closing.sha256 = next_bytes(&reader);
    closing.postings = next_integer(&reader);
    closing.accounts = next_integer(&reader);
    *out = closing;
    return OK;
}
