/* SPDX-License-Identifier: Apache-2.0 */
/* Gateways that are asked before their word is booked. */
#include "store/payment.h"
#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement notice_ask = {
    .name = "notice_ask",
    .kind = DB_WRITE,
    .sql = "select outcome, renewal_no from xuqi.notice_ask($1, $2, $3, $4, $5, $6, $7, $8)",
    .params = "tttiztbt",
    .columns = "tt",
};

const struct db_statement payment_refresh = {
    .name = "payment_refresh",
    .kind = DB_WRITE,
    .sql = "select outcome, renewal_no, method, state, amount_fen, created_at, expires_at, paid_at"
           " from xuqi.payment_refresh($1, $2)",
    .params = "tt",
    .columns = "ttttizzz",
};

const struct db_statement payment_query_begin = {
    .name = "payment_query_begin",
    .kind = DB_READ,
    .sql = "select method, gateway, renewal_no, order_no, amount_fen, created_at, expires_at, read_at, close"
           " from xuqi.payment_query_begin($1)",
    .params = "t",
    .columns = "ttttizzzo",
};

const struct db_statement payment_query_end = {
    .name = "payment_query_end",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.payment_query_end($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    .params = "iitttzzot",
    .columns = "t",
};

enum err store_ask_notice(struct db *db, const struct payment_notice *notice, int64_t opened_us, int64_t deadline_ms,
                          db_done *done, void *context)
{
    const struct db_param params[] = {
        db_text(notice->gateway),       db_text(notice->attempt_no), db_text(notice->gateway_txn),
        db_integer(notice->amount_fen), db_time(opened_us),          db_text(notice->buyer_masked),
        db_bytes(notice->raw),          db_text(notice->key_id),
    };
    return db_call(db, &notice_ask, params, deadline_ms, done, context);
}

enum err store_ask_notice_read(const struct row *rows, struct arena *arena, const char **renewal_no)
{
    static const char *const accepted[] = {"asked", "replayed"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *renewal_no = next_text(&reader);
    return OK;
}

enum err store_refresh_payment(struct db *db, const char *renewal_no, const char *attempt_no, int64_t deadline_ms,
                               db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no), db_text(attempt_no)};
    return db_call(db, &payment_refresh, params, deadline_ms, done, context);
}

enum err store_refresh_payment_read(const struct row *rows, struct arena *arena, struct payment_state *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "found", &reader));
    out->renewal_no = next_text(&reader);
    out->method = next_text(&reader);
    out->state = next_text(&reader);
    out->amount_fen = next_integer(&reader);
    out->created_at_us = next_time(&reader);
    out->expires_at_us = next_time(&reader);
    out->paid_at_us = next_time(&reader);
    return OK;
}

enum err store_begin_query(struct db *db, const char *attempt_no, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(attempt_no)};
    return db_call(db, &payment_query_begin, params, deadline_ms, done, context);
}

enum err store_begin_query_read(const struct row *rows, struct arena *arena, struct payment_query *out)
{
    ENSURE(row_count(rows) == 1, ERR_PAYMENT_UNKNOWN);
    struct reader reader = reader_at(rows, 0, arena);
    out->method = next_text(&reader);
    out->gateway = next_text(&reader);
    out->renewal_no = next_text(&reader);
    out->order_no = next_text(&reader);
    out->amount_fen = next_integer(&reader);
    out->created_at_us = next_time(&reader);
    out->expires_at_us = next_time(&reader);
    out->read_at_us = next_time(&reader);
    out->close = next_boolean(&reader);
    return OK;
}

enum err store_end_query(struct db *db, const struct query_end *end, int64_t deadline_ms, db_done *done, void *context)
{
    struct db_param next_at = db_time(end->next_at_us);
    next_at.null = end->next_at_us == 0;
    const struct db_param params[] = {
        db_integer(end->id),
        db_integer(end->lease_token),
        db_text(end->attempt_no),
        db_text(end->word),
        db_text(end->said),
        db_time(end->read_at_us),
        next_at,
        db_boolean(end->final),
        db_text(end->gateway_txn),
    };
    return db_call(db, &payment_query_end, params, deadline_ms, done, context);
}

enum err store_end_query_read(const struct row *rows, struct arena *arena, enum query_ending *out)
{
    static const char *const accepted[] = {
        [QUERY_LATER] = "later",   [QUERY_CLOSED] = "closed", [QUERY_SETTLED] = "settled",
        [QUERY_DENIED] = "denied", [QUERY_PERSON] = "person", [QUERY_STALE] = "stale"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *out = (enum query_ending)which;
    return OK;
}
