/* SPDX-License-Identifier: Apache-2.0 */
#include "store/refund.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement refund_begin = {
    .name = "refund_begin",
    .kind = DB_WRITE,
    .sql = "select outcome, method, gateway, renewal_no, attempt_no, gateway_txn, paid_fen, amount_fen, opened_at,"
           " sent_at, refused_there from xuqi.refund_begin($1, $2)",
    .params = "ti",
    .columns = "ttttttiizzo",
};

const struct db_statement refund_end = {
    .name = "refund_end",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.refund_end($1, $2, $3, $4, $5, $6, $7)",
    .params = "iittttz",
    .columns = "t",
};

const struct db_statement refund_tell = {
    .name = "refund_tell",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.refund_tell($1, $2, $3, $4, $5)",
    .params = "ttobt",
    .columns = "t",
};

const struct db_statement order_refunds = {
    .name = "order_refunds",
    .kind = DB_READ,
    .sql = "select refund_no, order_no, cause, state, amount_fen, method, asked_at, ended_at"
           " from xuqi.order_refunds($1)",
    .params = "t",
    .columns = "ttttitzz",
};

enum err store_begin_refund(struct db *db, const char *refund_no, int64_t limit_fen, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {db_text(refund_no), db_integer(limit_fen)};
    return db_call(db, &refund_begin, params, deadline_ms, done, context);
}

enum err store_begin_refund_read(const struct row *rows, struct arena *arena, struct begun_refund *out)
{
    static const char *const accepted[] = {[REFUND_SEND] = "send",
                                           [REFUND_ASK] = "ask",
                                           [REFUND_WAITING] = "waiting",
                                           [REFUND_PAYOUT] = "payout",
                                           [REFUND_ENDED] = "ended"};
    struct reader reader;
    size_t step;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &step));
    out->step = (enum refund_step)step;
    out->method = next_text(&reader);
    out->gateway = next_text(&reader);
    out->renewal_no = next_text(&reader);
    out->attempt_no = next_text(&reader);
    out->gateway_txn = next_text(&reader);
    out->paid_fen = next_integer(&reader);
    out->amount_fen = next_integer(&reader);
    out->opened_at_us = next_time(&reader);
    out->sent_at_us = next_time(&reader);
    out->refused_there = next_boolean(&reader);
    return OK;
}

enum err store_end_refund(struct db *db, const struct refund_end *end, int64_t deadline_ms, db_done *done,
                          void *context)
{
    struct db_param next_at = db_time(end->next_at_us);
    next_at.null = end->next_at_us == 0;
    const struct db_param params[] = {db_integer(end->id),
                                      db_integer(end->lease_token),
                                      db_text(end->refund_no),
                                      db_text(end->word),
                                      db_text(end->said),
                                      db_text(end->gateway_refund_no),
                                      next_at};
    return db_call(db, &refund_end, params, deadline_ms, done, context);
}

enum err store_end_refund_read(const struct row *rows, struct arena *arena, enum refund_ending *out)
{
    static const char *const accepted[] = {
        [REFUND_END_DONE] = "done",     [REFUND_END_FAILED] = "failed", [REFUND_END_LATER] = "later",
        [REFUND_END_PERSON] = "person", [REFUND_END_ENDED] = "ended",   [REFUND_END_STALE] = "stale"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *out = (enum refund_ending)which;
    return OK;
}

enum err store_tell_refund(struct db *db, const struct refund_notice *notice, int64_t deadline_ms, db_done *done,
                           void *context)
{
    const struct db_param params[] = {db_text(notice->gateway), db_text(notice->refund_no),
                                      db_boolean(notice->succeeded), db_bytes(notice->raw), db_text(notice->key_id)};
    return db_call(db, &refund_tell, params, deadline_ms, done, context);
}

enum err store_tell_refund_read(const struct row *rows, struct arena *arena, enum refund_told *out)
{
    static const char *const accepted[] = {[REFUND_TOLD_ASKED] = "asked",
                                           [REFUND_TOLD_REPLAYED] = "replayed",
                                           [REFUND_TOLD_UNASKED] = "unasked",
                                           [REFUND_TOLD_MISMATCH] = "mismatch"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *out = (enum refund_told)which;
    return OK;
}

enum err store_list_order_refunds(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                                  void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &order_refunds, params, deadline_ms, done, context);
}

static void read_order_refund(const struct row *rows, size_t row, struct arena *arena, struct order_refund *out)
{
    struct reader reader = reader_at(rows, row, arena);
    out->refund_no = next_text(&reader);
    out->order_no = next_text(&reader);
    out->cause = next_text(&reader);
    out->state = next_text(&reader);
    out->amount_fen = next_integer(&reader);
    out->method = next_text(&reader);
    out->asked_at_us = next_time(&reader);
    out->ended_at_us = next_time(&reader);
}

enum err store_list_order_refunds_read(const struct row *rows, struct arena *arena, const struct order_refund **out,
                                       size_t *count)
{
    size_t rows_count = row_count(rows);
    struct order_refund *refunds = arena_alloc(arena, rows_count * sizeof(*refunds));
    for (size_t i = 0; i < rows_count; i++)
        read_order_refund(rows, i, arena, &refunds[i]);
    *out = refunds;
    *count = rows_count;
    return OK;
}
