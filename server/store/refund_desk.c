/* SPDX-License-Identifier: Apache-2.0 */
#include "store/refund_desk.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement refund_list = {
    .name = "refund_list",
    .kind = DB_READ,
    .sql = "select outcome, refund_no, renewal_no, order_no, cause, state, gateway, gateway_txn, paid_fen, amount_fen,"
           " reason, retry_of, asked_by, asked_at, approved_by, approved_at, sent_at, last_word, gateway_refund_no,"
           " decision, ended_at from xuqi.refund_list($1, $2, $3, $4)",
    .params = "btti",
    .columns = "ttttttttiitttztzztttz",
};

const struct db_statement refund_ask = {
    .name = "refund_ask",
    .kind = DB_WRITE,
    .sql = "select outcome, refund_no, state from xuqi.refund_ask($1, $2, $3, $4, $5)",
    .params = "btitt",
    .columns = "ttt",
};

const struct db_statement refund_approve = {
    .name = "refund_approve",
    .kind = DB_WRITE,
    .sql = "select outcome, state from xuqi.refund_approve($1, $2)",
    .params = "bt",
    .columns = "tt",
};

const struct db_statement refund_refuse = {
    .name = "refund_refuse",
    .kind = DB_WRITE,
    .sql = "select outcome, state from xuqi.refund_refuse($1, $2, $3)",
    .params = "btt",
    .columns = "tt",
};

const struct db_statement refund_retry = {
    .name = "refund_retry",
    .kind = DB_WRITE,
    .sql = "select outcome, refund_no, state from xuqi.refund_retry($1, $2)",
    .params = "bt",
    .columns = "ttt",
};

const struct db_statement refund_pay_out = {
    .name = "refund_pay_out",
    .kind = DB_WRITE,
    .sql = "select outcome, state from xuqi.refund_pay_out($1, $2, $3, $4)",
    .params = "bttt",
    .columns = "tt",
};

const struct db_statement unknown_resolve = {
    .name = "unknown_resolve",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.unknown_resolve($1, $2, $3, $4, $5, $6)",
    .params = "bttott",
    .columns = "t",
};

/* -- the list -------------------------------------------------------------------------------------------------------
 */

enum err store_list_refunds(struct db *db, const struct refund_query *query, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_text(query->tab), db_text(query->after),
                                      db_integer(query->page_size)};
    return db_call(db, &refund_list, params, deadline_ms, done, context);
}

static void read_item(const struct row *rows, size_t row, struct arena *arena, struct refund_item *item)
{
    struct reader reader = reader_at(rows, row, arena);
    next_text(&reader); /* the outcome: the same in every row */
    item->refund_no = next_text(&reader);
    item->renewal_no = next_text(&reader);
    item->order_no = next_text(&reader);
    item->cause = next_text(&reader);
    item->state = next_text(&reader);
    item->gateway = next_text(&reader);
    item->gateway_txn = next_text(&reader);
    item->paid_fen = next_integer(&reader);
    item->amount_fen = next_integer(&reader);
    item->reason = next_text(&reader);
    item->retry_of = next_text(&reader);
    item->asked_by = next_text(&reader);
    item->asked_at_us = next_time(&reader);
    item->approved_by = next_text(&reader);
    item->approved_at_us = next_time(&reader);
    item->sent_at_us = next_time(&reader);
    item->last_word = next_text(&reader);
    item->gateway_refund_no = next_text(&reader);
    item->decision = next_text(&reader);
    item->ended_at_us = next_time(&reader);
}

enum err store_list_refunds_read(const struct row *rows, struct arena *arena, struct refund_page *out)
{
    static const char *const accepted[] = {"empty", "ok"};
    struct reader reader;
    size_t filled;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &filled));
    size_t count = filled == 1 ? row_count(rows) : 0;
    struct refund_item *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        read_item(rows, i, arena, &items[i]);
    *out = (struct refund_page){.items = items, .count = count};
    return OK;
}

/* -- decisions ------------------------------------------------------------------------------------------------------
 */

static enum err read_state(const struct row *rows, struct arena *arena, const char *accepted, const char **state)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, accepted, &reader));
    *state = next_text(&reader);
    return OK;
}

static enum err read_asked(const struct row *rows, struct arena *arena, const char **refund_no, const char **state)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "asked", &reader));
    *refund_no = next_text(&reader);
    *state = next_text(&reader);
    return OK;
}

enum err store_ask_refund(struct db *db, const struct refund_request *ask, int64_t deadline_ms, db_done *done,
                          void *context)
{
    const struct db_param params[] = {db_bytes(ask->token_digest), db_text(ask->order_no), db_integer(ask->amount_fen),
                                      db_text(ask->reason), db_text(ask->key)};
    return db_call(db, &refund_ask, params, deadline_ms, done, context);
}

enum err store_ask_refund_read(const struct row *rows, struct arena *arena, const char **refund_no, const char **state)
{
    return read_asked(rows, arena, refund_no, state);
}

enum err store_approve_refund(struct db *db, struct bytes token_digest, const char *refund_no, int64_t deadline_ms,
                              db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(refund_no)};
    return db_call(db, &refund_approve, params, deadline_ms, done, context);
}

enum err store_approve_refund_read(const struct row *rows, struct arena *arena, const char **state)
{
    return read_state(rows, arena, "approved", state);
}

enum err store_refuse_refund(struct db *db, struct bytes token_digest, const char *refund_no, const char *reason,
                             int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(refund_no), db_text(reason)};
    return db_call(db, &refund_refuse, params, deadline_ms, done, context);
}

enum err store_refuse_refund_read(const struct row *rows, struct arena *arena, const char **state)
{
    return read_state(rows, arena, "refused", state);
}

enum err store_retry_refund(struct db *db, struct bytes token_digest, const char *refund_no, int64_t deadline_ms,
                            db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(refund_no)};
    return db_call(db, &refund_retry, params, deadline_ms, done, context);
}

enum err store_retry_refund_read(const struct row *rows, struct arena *arena, const char **refund_no,
                                 const char **state)
{
    return read_asked(rows, arena, refund_no, state);
}

enum err store_pay_out_refund(struct db *db, struct bytes token_digest, const char *refund_no, const char *bank_account,
                              const char *bank_reference, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(refund_no), db_text(bank_account),
                                      db_text(bank_reference)};
    return db_call(db, &refund_pay_out, params, deadline_ms, done, context);
}

enum err store_pay_out_refund_read(const struct row *rows, struct arena *arena, const char **state)
{
    return read_state(rows, arena, "done", state);
}

/* -- what nobody explains ------------------------------------------------------------------------------------------ */

enum err store_resolve_unknown(struct db *db, const struct resolution *resolution, int64_t deadline_ms, db_done *done,
                               void *context)
{
    const struct db_param params[] = {db_bytes(resolution->token_digest), db_text(resolution->kind),
                                      db_text(resolution->number),        db_boolean(resolution->happened),
                                      db_text(resolution->gateway_txn),   db_text(resolution->evidence)};
    return db_call(db, &unknown_resolve, params, deadline_ms, done, context);
}

enum err store_resolve_unknown_read(const struct row *rows, struct arena *arena, bool *resolved)
{
    static const char *const accepted[] = {"proposed", "resolved"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *resolved = which == 1;
    return OK;
}
