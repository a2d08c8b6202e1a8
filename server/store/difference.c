/* SPDX-License-Identifier: Apache-2.0 */
#include "store/difference.h"

#include "store/match_internal.h"
#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement match_list = {
    .name = "match_list",
    .kind = DB_READ,
    .sql =
        "select outcome, day, rail, state, payments, payments_fen, their_payments, their_payments_fen, their_refunds,"
        " their_refunds_fen, fee_fen, arrived_fen, even, differences, matched_at, file_id, fault"
        " from xuqi.match_list($1, $2, $3)",
    .params = "btt",
    .columns = "ttttiiiiiiiiitzit",
};

const struct db_statement match_again = {
    .name = "match_again",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.match_again($1, $2, $3)",
    .params = "btt",
    .columns = "t",
};

const struct db_statement bill_upload = {
    .name = "bill_upload",
    .kind = DB_WRITE,
    .sql = "select outcome, file_id from xuqi.bill_upload($1, $2, $3, $4, $5)",
    .params = "bttbb",
    .columns = "ti",
};

const struct db_statement difference_list = {
    .name = "difference_list",
    .kind = DB_READ,
    .sql =
        "select outcome, id, rail, day, class, kind, gateway_id, attempt_no, refund_no, renewal_no, our_day, their_day,"
        " ours_fen, theirs_fen, our_fee_millifen, their_fee_millifen, booked_fen, note, action, state, owner, age_days,"
        " opened_at, closed_at, resolved_by, reason, last_word, asked_at, answer, answer_said, answered_at,"
        " version"
        " from xuqi.difference_list($1, $2, $3, $4, $5, $6)",
    .params = "btttii",
    .columns = "tittttttttttiiiiittttizztttzttzi",
};

const struct db_statement difference_assign = {
    .name = "difference_assign",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.difference_assign($1, $2, $3, $4)",
    .params = "biti",
    .columns = "t",
};

const struct db_statement difference_resolve = {
    .name = "difference_resolve",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.difference_resolve($1, $2, $3, $4, $5)",
    .params = "bitoi",
    .columns = "t",
};

const struct db_statement settlement_book = {
    .name = "settlement_book",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.settlement_book($1, $2, $3, $4, $5, $6, $7)",
    .params = "bttittt",
    .columns = "t",
};

const struct db_statement clearing_explain = {
    .name = "clearing_explain",
    .kind = DB_READ,
    .sql = "select outcome, day, booked_fen, statement_fen, differences_fen, arrived_fen, remaining_fen, why,"
           " unexplained_fen from xuqi.clearing_explain($1, $2)",
    .params = "bt",
    .columns = "ttiiiiiti",
};

/* How many rows there are: none, or those that say ok. */
static enum err count_listed(const struct row *rows, struct arena *arena, size_t *count)
{
    static const char *const accepted[] = {"empty", "ok"};
    struct reader reader;
    size_t filled;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &filled));
    *count = filled == 1 ? row_count(rows) : 0;
    return OK;
}

/* -- days ---------------------------------------------------------------------------------------------------------- */

enum err store_list_match(struct db *db, struct bytes token_digest, const char *from, const char *to,
                          int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(from), db_text(to)};
    return db_call(db, &match_list, params, deadline_ms, done, context);
}

enum err store_list_match_read(const struct row *rows, struct arena *arena, struct listed_match_days *out)
{
    size_t count;
    TRY(count_listed(rows, arena, &count));
    struct listed_match_day *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        next_text(&reader);
        items[i].day = next_text(&reader);
        match_day_read(&reader, &items[i].it);
    }
    *out = (struct listed_match_days){items, count};
    return OK;
}

enum err store_match_again(struct db *db, struct bytes token_digest, const char *rail, const char *day,
                           int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(rail), db_text(day)};
    return db_call(db, &match_again, params, deadline_ms, done, context);
}

enum err store_match_again_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "asked", &reader);
}

enum err store_upload_bill(struct db *db, struct bytes token_digest, const char *rail, const char *day,
                           struct bytes sha256, struct bytes file, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(rail), db_text(day), db_bytes(sha256),
                                      db_bytes(file)};
    return db_call(db, &bill_upload, params, deadline_ms, done, context);
}

enum err store_upload_bill_read(const struct row *rows, struct arena *arena, int64_t *file_id)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "uploaded", &reader));
    *file_id = next_integer(&reader);
    return OK;
}

/* -- differences --------------------------------------------------------------------------------------------------- */

enum err store_list_differences(struct db *db, const struct difference_query *query, int64_t deadline_ms, db_done *done,
                                void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_text(query->rail),
                                      db_text(query->state),         db_text(query->day),
                                      db_integer(query->after),      db_integer(query->page_size)};
    return db_call(db, &difference_list, params, deadline_ms, done, context);
}

static void read_difference(struct reader *reader, struct difference *out)
{
    next_text(reader);
    out->id = next_integer(reader);
    const char **const names[] = {&out->rail,       &out->day,       &out->class,      &out->kind,    &out->gateway_id,
                                  &out->attempt_no, &out->refund_no, &out->renewal_no, &out->our_day, &out->their_day};
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        *names[i] = next_text(reader);
    out->ours_fen = next_integer(reader);
    out->theirs_fen = next_integer(reader);
    out->our_fee_millifen = next_integer(reader);
    out->their_fee_millifen = next_integer(reader);
    out->booked_fen = next_integer(reader);
    out->note = next_text(reader);
    out->action = next_text(reader);
    out->state = next_text(reader);
    out->owner = next_text(reader);
    out->age_days = next_integer(reader);
    out->opened_at_us = next_time(reader);
    out->closed_at_us = next_time(reader);
    out->resolved_by = next_text(reader);
    out->reason = next_text(reader);
    out->last_word = next_text(reader);
    out->asked_at_us = next_time(reader);
    out->answer = next_text(reader);
    out->answer_said = next_text(reader);
    out->answered_at_us = next_time(reader);
    out->version = next_integer(reader);
}

enum err store_list_differences_read(const struct row *rows, struct arena *arena, struct differences *out)
{
    size_t count;
    TRY(count_listed(rows, arena, &count));
    struct difference *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        read_difference(&reader, &items[i]);
    }
    *out = (struct differences){items, count};
    return OK;
}

enum err store_assign_difference(struct db *db, struct bytes token_digest, int64_t id, const char *owner,
                                 int64_t version, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_integer(id), db_text(owner), db_integer(version)};
    return db_call(db, &difference_assign, params, deadline_ms, done, context);
}

enum err store_assign_difference_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "assigned", &reader);
}

enum err store_resolve_difference(struct db *db, struct bytes token_digest, int64_t id, const char *reason,
                                  bool suspense, int64_t version, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_integer(id), db_text(reason), db_boolean(suspense),
                                      db_integer(version)};
    return db_call(db, &difference_resolve, params, deadline_ms, done, context);
}

enum err store_resolve_difference_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "resolved", &reader);
}

/* -- payouts and clearing ------------------------------------------------------------------------------------------ */

enum err store_book_settlement(struct db *db, const struct settlement *settlement, int64_t deadline_ms, db_done *done,
                               void *context)
{
    const struct db_param params[] = {
        db_bytes(settlement->token_digest), db_text(settlement->rail),      db_text(settlement->day),
        db_integer(settlement->amount_fen), db_text(settlement->reference), db_text(settlement->arrived_on),
        db_text(settlement->bank_account),
    };
    return db_call(db, &settlement_book, params, deadline_ms, done, context);
}

enum err store_book_settlement_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "booked", &reader);
}

enum err store_explain_clearing(struct db *db, struct bytes token_digest, const char *rail, int64_t deadline_ms,
                                db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(rail)};
    return db_call(db, &clearing_explain, params, deadline_ms, done, context);
}

enum err store_explain_clearing_read(const struct row *rows, struct arena *arena, struct clearing_days *out)
{
    size_t count;
    TRY(count_listed(rows, arena, &count));
    struct clearing_day *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        next_text(&reader);
        items[i].day = next_text(&reader);
        items[i].booked_fen = next_integer(&reader);
        items[i].statement_fen = next_integer(&reader);
        items[i].differences_fen = next_integer(&reader);
        items[i].arrived_fen = next_integer(&reader);
        items[i].remaining_fen = next_integer(&reader);
        items[i].why = next_text(&reader);
        items[i].unexplained_fen = next_integer(&reader);
    }
    *out = (struct clearing_days){items, count};
    return OK;
}
