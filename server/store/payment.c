/* SPDX-License-Identifier: Apache-2.0 */
#include "store/payment.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement payment_open = {
    .name = "payment_open",
    .kind = DB_WRITE,
    .sql = "select outcome, attempt_no, amount_fen, order_no, subject, created_at, expires_at"
           " from xuqi.payment_open($1, $2, $3, $4, $5, $6)",
    .params = "ttitii",
    .columns = "ttittzz",
};

const struct db_statement payment_settle = {
    .name = "payment_settle",
    .kind = DB_WRITE,
    .sql = "select outcome, renewal_no, status from xuqi.payment_settle($1, $2, $3, $4, $5, $6, $7, $8)",
    .params = "tttiztbt",
    .columns = "ttt",
};

const struct db_statement notice_refuse = {
    .name = "notice_refuse",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.notice_refuse($1, $2, $3, $4, $5)",
    .params = "ttttb",
    .columns = "t",
};

enum err store_open_payment(struct db *db, const struct payment_opening *opening, int64_t deadline_ms, db_done *done,
                            void *context)
{
    struct db_param ask_after = db_integer(opening->ask_after_s);
    ask_after.null = opening->ask_after_s == 0;
    const struct db_param params[] = {db_text(opening->renewal_no),         db_text(opening->method),
                                      db_integer(opening->form_lifetime_s), db_text(opening->gateway),
                                      db_integer(opening->lifetime_s),      ask_after};
    return db_call(db, &payment_open, params, deadline_ms, done, context);
}

enum err store_open_payment_read(const struct row *rows, struct arena *arena, struct opened_payment *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "opened", &reader));
    out->attempt_no = next_text(&reader);
    out->amount_fen = next_integer(&reader);
    out->order_no = next_text(&reader);
    out->subject = next_text(&reader);
    out->created_at_us = next_time(&reader);
    out->expires_at_us = next_time(&reader);
    return OK;
}

enum err store_settle_payment(struct db *db, const struct payment_notice *notice, int64_t deadline_ms, db_done *done,
                              void *context)
{
    const struct db_param params[] = {
        db_text(notice->gateway),       db_text(notice->attempt_no), db_text(notice->gateway_txn),
        db_integer(notice->amount_fen), db_time(notice->paid_at_us), db_text(notice->buyer_masked),
        db_bytes(notice->raw),          db_text(notice->key_id),
    };
    return db_call(db, &payment_settle, params, deadline_ms, done, context);
}

enum err store_settle_payment_read(const struct row *rows, struct arena *arena, struct settled_payment *out)
{
    static const char *const accepted[] = {
        [SETTLED] = "settled", [SETTLED_REPLAYED] = "replayed", [SETTLED_SURPLUS] = "surplus"};
    struct reader reader;
    size_t settlement;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &settlement));
    out->settlement = (enum settlement)settlement;
    out->renewal_no = next_text(&reader);
    out->status = next_text(&reader);
    return OK;
}

enum err store_refuse_notice(struct db *db, const struct refused_notice *notice, int64_t deadline_ms, db_done *done,
                             void *context)
{
    const struct db_param params[] = {db_text(notice->gateway), db_text(notice->reason), db_text(notice->attempt_no),
                                      db_text(notice->gateway_txn), db_bytes(notice->raw)};
    return db_call(db, &notice_refuse, params, deadline_ms, done, context);
}

enum err store_refuse_notice_read(const struct row *rows, struct arena *arena, bool *known)
{
    static const char *const accepted[] = {"recorded", "known"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *known = which == 1;
    return OK;
}
