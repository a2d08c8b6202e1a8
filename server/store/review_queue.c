/* SPDX-License-Identifier: Apache-2.0 */
/* The desk's lists: what is read. */
#include "store/review_queue.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement review_list = {
    .name = "review_list",
    .kind = DB_READ,
    .sql = "select outcome, renewal_no, platform, subject, organisation, submitted_at, paid_at, term_months,"
           " amount_fen, status, claimed_by, claimed_at, claimed_until, expired, risk, finding, review_since,"
           " review_due, gateway, agent_name_masked, reviews_done, reviews_required, held_until, held_reason,"
           " decision, decided_at, version, place"
           " from xuqi.review_list($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    .params = "bttittttttB",
    .columns = "tttttzziittzzottzzttiizttzit",
};

const struct db_statement review_counts = {
    .name = "review_counts",
    .kind = DB_READ,
    .sql = "select outcome, tab, cases from xuqi.review_counts($1, $2)",
    .params = "bi",
    .columns = "tti",
};

const struct db_statement review_desk = {
    .name = "review_desk",
    .kind = DB_READ,
    .sql = "select outcome, kind, name, word, source, detail, at, round from xuqi.review_desk($1, $2)",
    .params = "bt",
    .columns = "ttttttzi",
};

const struct db_statement review_figures = {
    .name = "review_figures",
    .kind = DB_READ,
    .sql = "select outcome, name, display_name, approved, returned, rejected, claim_median_s, claim_p90_s,"
           " decide_median_s, decide_p90_s, promised, kept, passed, sampled, sampled_wrong"
           " from xuqi.review_figures($1, $2, $3)",
    .params = "btt",
    .columns = "tttiiiiiiiiiiii",
};

/* -- a list -------------------------------------------------------------------------------------------------------- */

enum err store_list_reviews(struct db *db, const struct review_query *query, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {
        db_bytes(query->token_digest),
        db_text(query->tab),
        db_text(query->after),
        db_integer(query->page_size),
        db_text(query->platform),
        db_text(query->kind),
        db_text(query->age),
        db_text(query->risk),
        db_text(query->payment),
        db_text(query->text),
        db_bytes_each(query->mobiles, query->mobile_count),
    };
    return db_call(db, &review_list, params, deadline_ms, done, context);
}

/* The statement's columns, one line each. */
static void read_item(const struct row *rows, size_t row, struct arena *arena, struct review_item *item)
{
    struct reader reader = reader_at(rows, row, arena);
    next_text(&reader); /* the outcome: the same in every row */
    item->renewal_no = next_text(&reader);
    item->platform = next_text(&reader);
    item->subject = next_text(&reader);
    item->organisation = next_text(&reader);
    item->submitted_at_us = next_time(&reader);
    item->paid_at_us = next_time(&reader);
    item->term_months = next_integer(&reader);
    item->amount_fen = next_integer(&reader);
    item->status = next_text(&reader);
    item->claimed_by = next_text(&reader);
    item->claimed_at_us = next_time(&reader);
    item->claimed_until_us = next_time(&reader);
    item->expired = next_boolean(&reader);
    item->risk = next_text(&reader);
    item->finding = next_text(&reader);
    item->review_since_us = next_time(&reader);
    item->review_due_us = next_time(&reader);
    item->gateway = next_text(&reader);
    item->agent_name_masked = next_text(&reader);
    item->reviews_done = next_integer(&reader);
    item->reviews_required = next_integer(&reader);
    item->held_until_us = next_time(&reader);
    item->held_reason = next_text(&reader);
    item->decision = next_text(&reader);
    item->decided_at_us = next_time(&reader);
    item->version = next_integer(&reader);
    item->place = next_text(&reader);
}

enum err store_list_reviews_read(const struct row *rows, struct arena *arena, struct review_page *out)
{
    static const char *const accepted[] = {"empty", "ok"};
    struct reader reader;
    size_t filled;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &filled));
    size_t count = filled == 1 ? row_count(rows) : 0;
    struct review_item *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        read_item(rows, i, arena, &items[i]);
    *out = (struct review_page){.items = items, .count = count};
    return OK;
}

/* -- counts -------------------------------------------------------------------------------------------------------- */

enum err store_count_reviews(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                             void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_integer(REVIEW_COUNT_MOST)};
    return db_call(db, &review_counts, params, deadline_ms, done, context);
}

enum err store_count_reviews_read(const struct row *rows, struct arena *arena, struct review_counts *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    size_t count = row_count(rows);
    struct review_count *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        reader = reader_at(rows, i, arena);
        next_text(&reader); /* the outcome */
        items[i].tab = next_text(&reader);
        items[i].cases = next_integer(&reader);
    }
    *out = (struct review_counts){items, count};
    return OK;
}

/* -- what the desk knows of a case --------------------------------------------------------------------------------- */

enum err store_get_desk(struct db *db, struct bytes token_digest, const char *renewal_no, int64_t deadline_ms,
                        db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(renewal_no)};
    return db_call(db, &review_desk, params, deadline_ms, done, context);
}

enum err store_get_desk_read(const struct row *rows, struct arena *arena, struct desk_rows *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    size_t count = row_count(rows);
    struct desk_row *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        reader = reader_at(rows, i, arena);
        next_text(&reader); /* the outcome */
        items[i].kind = next_text(&reader);
        items[i].name = next_text(&reader);
        items[i].word = next_text(&reader);
        items[i].source = next_text(&reader);
        items[i].detail = next_text(&reader);
        items[i].at_us = next_time(&reader);
        items[i].round = next_integer(&reader);
    }
    *out = (struct desk_rows){items, count};
    return OK;
}

/* -- figures ------------------------------------------------------------------------------------------------------- */

enum err store_get_review_figures(struct db *db, struct bytes token_digest, const char *from, const char *to,
                                  int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(from), db_text(to)};
    return db_call(db, &review_figures, params, deadline_ms, done, context);
}

static void read_figure(const struct row *rows, size_t row, struct arena *arena, struct review_figure *it)
{
    struct reader reader = reader_at(rows, row, arena);
    next_text(&reader); /* the outcome */
    it->name = next_text(&reader);
    it->display_name = next_text(&reader);
    int64_t *const numbers[] = {&it->approved,    &it->returned,        &it->rejected,     &it->claim_median_s,
                                &it->claim_p90_s, &it->decide_median_s, &it->decide_p90_s, &it->promised,
                                &it->kept,        &it->passed,          &it->sampled,      &it->sampled_wrong};
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        bool null = row_is_null(rows, row, reader.column);
        int64_t value = next_integer(&reader);
        *numbers[i] = null ? -1 : value;
    }
}

enum err store_get_review_figures_read(const struct row *rows, struct arena *arena, struct review_figures *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    size_t count = row_count(rows);
    struct review_figure *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        read_figure(rows, i, arena, &items[i]);
    *out = (struct review_figures){items, count};
    return OK;
}
