/* SPDX-License-Identifier: Apache-2.0 */
#include "store/metrics.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement metrics_get = {
    .name = "metrics_get",
    .kind = DB_READ,
    .sql = "select metric, labels, value from xuqi.metrics_get()",
    .params = "",
    .columns = "tti",
};

enum err store_get_metrics(struct db *db, int64_t deadline_ms, db_done *done, void *context)
{
    return db_call(db, &metrics_get, NULL, deadline_ms, done, context);
}

enum err store_get_metrics_read(const struct row *rows, struct arena *arena, struct metrics *out)
{
    size_t count = row_count(rows);
    struct metric *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].name = next_text(&reader);
        items[i].labels = next_text(&reader);
        items[i].value = next_integer(&reader);
    }
    *out = (struct metrics){items, count};
    return OK;
}
