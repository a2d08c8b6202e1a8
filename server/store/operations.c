/* SPDX-License-Identifier: Apache-2.0 */
#include "store/operations.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement operations_get = {
    .name = "operations_get",
    .kind = DB_READ,
    .sql = "select outcome, area, name, figure, value, at, level, detail from xuqi.operations_get($1)",
    .params = "b",
    .columns = "ttttiztt",
};

const struct db_statement funnel_count = {
    .name = "funnel_count",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.funnel_count($1)",
    .params = "i",
    .columns = "t",
};

enum err store_get_operations(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                              void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &operations_get, params, deadline_ms, done, context);
}

enum err store_get_operations_read(const struct row *rows, struct arena *arena, struct operation_figures *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    size_t count = row_count(rows);
    struct operation_figure *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        reader = reader_at(rows, i, arena);
        next_text(&reader); /* the outcome: the same in every row */
        items[i].area = next_text(&reader);
        items[i].name = next_text(&reader);
        items[i].figure = next_text(&reader);
        items[i].value = next_integer(&reader);
        items[i].at_us = next_time(&reader);
        items[i].level = next_text(&reader);
        items[i].detail = next_text(&reader);
    }
    *out = (struct operation_figures){items, count};
    return OK;
}

enum err store_count_funnel(struct db *db, int64_t every_s, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(every_s)};
    return db_call(db, &funnel_count, params, deadline_ms, done, context);
}
