/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reversal.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement reversal_ask = {
    .name = "reversal_ask",
    .kind = DB_WRITE,
    .sql = "select outcome, coalesce(id, 0) from xuqi.reversal_ask($1, $2, $3, $4)",
    .params = "bttt",
    .columns = "ti",
};

const struct db_statement reversal_decide = {
    .name = "reversal_decide",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.reversal_decide($1, $2, $3)",
    .params = "bio",
    .columns = "t",
};

const struct db_statement reversal_list = {
    .name = "reversal_list",
    .kind = DB_READ,
    .sql = "select outcome, id, event_type, event_key, posted_at, posted_by, reason, state, asked_by, asked_at, "
           "decided_by,"
           " decided_at, debit, debit_owner, credit, credit_owner, amount_fen from xuqi.reversal_list($1, $2, $3, $4)",
    .params = "btii",
    .columns = "tittzttttztztttti",
};

/* -- the list ------------------------------------------------------------------------------------------------------ */

enum err store_list_reversals(struct db *db, const struct reversal_query *query, int64_t deadline_ms, db_done *done,
                              void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_text(query->state), db_integer(query->before),
                                      db_integer(query->size)};
    return db_call(db, &reversal_list, params, deadline_ms, done, context);
}

static void read_leg(struct reader *reader, struct reversal_leg *leg)
{
    leg->debit = next_text(reader);
    leg->debit_owner = next_text(reader);
    leg->credit = next_text(reader);
    leg->credit_owner = next_text(reader);
    leg->amount_fen = next_integer(reader);
}

static void read_item(struct reader *reader, struct reversal_item *item)
{
    next_text(reader); /* the outcome: the same in every row */
    item->id = next_integer(reader);
    item->event_type = next_text(reader);
    item->event_key = next_text(reader);
    item->posted_at_us = next_time(reader);
    item->posted_by = next_text(reader);
    item->reason = next_text(reader);
    item->state = next_text(reader);
    item->asked_by = next_text(reader);
    item->asked_at_us = next_time(reader);
    item->decided_by = next_text(reader);
    item->decided_at_us = next_time(reader);
}

enum err store_list_reversals_read(const struct row *rows, struct arena *arena, struct reversal_page *out)
{
    static const char *const accepted[] = {"empty", "ok"};
    struct reader reader;
    size_t filled;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &filled));
    size_t row_total = filled == 1 ? row_count(rows) : 0, count = 0;
    struct reversal_item *items = arena_alloc(arena, row_total * sizeof(*items));
    struct reversal_leg *legs = arena_alloc(arena, row_total * sizeof(*legs));
    for (size_t i = 0; i < row_total; i++) { /* a row is a leg; those of one reversal stand together */
        struct reversal_item item = {.legs = &legs[i]};
        reader = reader_at(rows, i, arena);
        read_item(&reader, &item);
        read_leg(&reader, &legs[i]);
        if (count == 0 || items[count - 1].id != item.id)
            items[count++] = item;
        items[count - 1].leg_count++;
    }
    *out = (struct reversal_page){.items = items, .count = count};
    return OK;
}

/* -- asking and deciding --------------------------------------------------------------------------------------------
 */

enum err store_ask_reversal(struct db *db, const struct reversal_request *ask, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {db_bytes(ask->token_digest), db_text(ask->event_type), db_text(ask->event_key),
                                      db_text(ask->reason)};
    return db_call(db, &reversal_ask, params, deadline_ms, done, context);
}

enum err store_ask_reversal_read(const struct row *rows, struct arena *arena, int64_t *id)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "asked", &reader));
    *id = next_integer(&reader);
    return OK;
}

enum err store_decide_reversal(struct db *db, struct bytes token_digest, int64_t id, bool approve, int64_t deadline_ms,
                               db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_integer(id), db_boolean(approve)};
    return db_call(db, &reversal_decide, params, deadline_ms, done, context);
}

enum err store_decide_reversal_read(const struct row *rows, struct arena *arena, const char **state)
{
    static const char *const states[] = {"approved", "refused"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, states, ARRAY_SIZE(states), &reader, &which));
    *state = states[which];
    return OK;
}
