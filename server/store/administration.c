/* SPDX-License-Identifier: Apache-2.0 */
#include "store/administration.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement admin_platforms = {
    .name = "admin_platforms",
    .kind = DB_READ,
    .sql = "select outcome, platform, fee_version, loaded_by, loaded_at, published_at"
           " from xuqi.admin_platforms($1, $2, $3)",
    .params = "bTT",
    .columns = "ttitzz",
};

const struct db_statement price_versions = {
    .name = "price_versions",
    .kind = DB_READ,
    .sql = "select outcome, version, loaded_by, loaded_at, request_id, asked_by, asked_at, decided_by, decided_at,"
           " reason, effective_on, change, months, name_was, unit_was, quantity_was, name, unit_fen, quantity"
           " from xuqi.price_versions($1, $2, $3, $4)",
    .params = "btii",
    .columns = "titzitztztttitiitii",
};

const struct db_statement issuance_halts = {
    .name = "issuance_halts",
    .kind = DB_READ,
    .sql = "select outcome, id, reason, halted_at, halted_by, halt_agreed_by, released_at, released_by,"
           " release_agreed_by, release_reason from xuqi.issuance_halts($1)",
    .params = "b",
    .columns = "titzttzttt",
};

const struct db_statement calendar_list = {
    .name = "calendar_list",
    .kind = DB_READ,
    .sql = "select outcome, year, source, sha256, imported_at, day, working, name from xuqi.calendar_list($1, $2)",
    .params = "bi",
    .columns = "tittztot",
};

const struct db_statement agreement_list = {
    .name = "agreement_list",
    .kind = DB_READ,
    .sql = "select outcome, kind, id, version, sha256, title, published_at from xuqi.agreement_list($1)",
    .params = "b",
    .columns = "ttttttz",
};

/* How many rows an answer has: outcomes ok in each of them, or empty. */
static enum err read_filled(const struct row *rows, struct arena *arena, size_t *count)
{
    static const char *const accepted[] = {"empty", "ok"};
    struct reader reader;
    size_t filled;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &filled));
    *count = filled == 1 ? row_count(rows) : 0;
    return OK;
}

/* At a row's first column behind the outcome. */
static struct reader behind_outcome(const struct row *rows, size_t row, struct arena *arena)
{
    struct reader reader = reader_at(rows, row, arena);
    next_text(&reader);
    return reader;
}

/* -- platforms --------------------------------------------------------------------------------------------------- */

enum err store_look_at_platforms(struct db *db, struct bytes token_digest, const char *const *platforms,
                                 const char *const *versions, size_t count, int64_t deadline_ms, db_done *done,
                                 void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_texts(platforms, count), db_texts(versions, count)};
    return db_call(db, &admin_platforms, params, deadline_ms, done, context);
}

enum err store_look_at_platforms_read(const struct row *rows, struct arena *arena, struct platform_looks *out)
{
    size_t count;
    TRY(read_filled(rows, arena, &count));
    struct platform_look *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = behind_outcome(rows, i, arena);
        items[i].platform = next_text(&reader);
        items[i].fee_version = next_integer(&reader);
        items[i].loaded_by = next_text(&reader);
        items[i].loaded_at_us = next_time(&reader);
        items[i].published_at_us = next_time(&reader);
    }
    *out = (struct platform_looks){items, count};
    return OK;
}

enum err store_list_fee_versions(struct db *db, struct bytes token_digest, const char *platform, int64_t before,
                                 int64_t size, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(platform), db_integer(before), db_integer(size)};
    return db_call(db, &price_versions, params, deadline_ms, done, context);
}

static void read_fee_change(struct reader *reader, struct fee_change *out)
{
    out->version = next_integer(reader);
    out->loaded_by = next_text(reader);
    out->loaded_at_us = next_time(reader);
    out->request_id = next_integer(reader);
    out->asked_by = next_text(reader);
    out->asked_at_us = next_time(reader);
    out->decided_by = next_text(reader);
    out->decided_at_us = next_time(reader);
    out->reason = next_text(reader);
    out->effective_on = next_text(reader);
    out->change = next_text(reader);
    out->months = next_integer(reader);
    out->name_was = next_text(reader);
    out->unit_was_fen = next_integer(reader);
    out->quantity_was = next_integer(reader);
    out->name = next_text(reader);
    out->unit_fen = next_integer(reader);
    out->quantity = next_integer(reader);
}

enum err store_list_fee_versions_read(const struct row *rows, struct arena *arena, struct fee_changes *out)
{
    size_t count;
    TRY(read_filled(rows, arena, &count));
    struct fee_change *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = behind_outcome(rows, i, arena);
        read_fee_change(&reader, &items[i]);
    }
    *out = (struct fee_changes){items, count};
    return OK;
}

/* -- issuance ---------------------------------------------------------------------------------------------------- */

enum err store_list_halts(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &issuance_halts, params, deadline_ms, done, context);
}

enum err store_list_halts_read(const struct row *rows, struct arena *arena, struct halts *out)
{
    size_t count;
    TRY(read_filled(rows, arena, &count));
    struct halt *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = behind_outcome(rows, i, arena);
        items[i].id = next_integer(&reader);
        items[i].reason = next_text(&reader);
        items[i].halted_at_us = next_time(&reader);
        items[i].halted_by = next_text(&reader);
        items[i].halt_agreed_by = next_text(&reader);
        items[i].released_at_us = next_time(&reader);
        items[i].released_by = next_text(&reader);
        items[i].release_agreed_by = next_text(&reader);
        items[i].release_reason = next_text(&reader);
    }
    *out = (struct halts){items, count};
    return OK;
}

/* -- calendar and agreements ------------------------------------------------------------------------------------- */

enum err store_list_calendar(struct db *db, struct bytes token_digest, int64_t year, int64_t deadline_ms, db_done *done,
                             void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_integer(year)};
    return db_call(db, &calendar_list, params, deadline_ms, done, context);
}

enum err store_list_calendar_read(const struct row *rows, struct arena *arena, struct calendar_rows *out)
{
    size_t count;
    TRY(read_filled(rows, arena, &count));
    struct calendar_row *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = behind_outcome(rows, i, arena);
        items[i].year = next_integer(&reader);
        items[i].source = next_text(&reader);
        items[i].sha256 = next_text(&reader);
        items[i].imported_at_us = next_time(&reader);
        items[i].day = next_text(&reader);
        items[i].working = next_boolean(&reader);
        items[i].name = next_text(&reader);
    }
    *out = (struct calendar_rows){items, count};
    return OK;
}

enum err store_list_agreements(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                               void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &agreement_list, params, deadline_ms, done, context);
}

enum err store_list_agreements_read(const struct row *rows, struct arena *arena, struct agreement_versions *out)
{
    size_t count;
    TRY(read_filled(rows, arena, &count));
    struct agreement_version *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = behind_outcome(rows, i, arena);
        items[i].kind = next_text(&reader);
        items[i].id = next_text(&reader);
        items[i].version = next_text(&reader);
        items[i].sha256 = next_text(&reader);
        items[i].title = next_text(&reader);
        items[i].published_at_us = next_time(&reader);
    }
    *out = (struct agreement_versions){items, count};
    return OK;
}
