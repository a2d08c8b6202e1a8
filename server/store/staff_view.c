/* SPDX-License-Identifier: Apache-2.0 */
#include "store/staff_view.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement staff_view_list = {
    .name = "staff_view_list",
    .kind = DB_READ,
    .sql = "select outcome, id, name, address from xuqi.staff_view_list($1)",
    .params = "b",
    .columns = "titt",
};

const struct db_statement staff_view_add = {
    .name = "staff_view_add",
    .kind = DB_WRITE,
    .sql = "select outcome, id from xuqi.staff_view_add($1, $2, $3, $4)",
    .params = "btti",
    .columns = "ti",
};

const struct db_statement staff_view_rename = {
    .name = "staff_view_rename",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.staff_view_rename($1, $2, $3)",
    .params = "bit",
    .columns = "t",
};

const struct db_statement staff_view_remove = {
    .name = "staff_view_remove",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.staff_view_remove($1, $2)",
    .params = "bi",
    .columns = "t",
};

enum err store_list_views(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &staff_view_list, params, deadline_ms, done, context);
}

enum err store_list_views_read(const struct row *rows, struct arena *arena, struct staff_views *out)
{
    static const char *const accepted[] = {"empty", "ok"};
    struct reader reader;
    size_t filled;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &filled));
    size_t count = filled == 1 ? row_count(rows) : 0;
    struct staff_view *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        reader = reader_at(rows, i, arena);
        next_text(&reader); /* the outcome */
        items[i].id = next_integer(&reader);
        items[i].name = next_text(&reader);
        items[i].address = next_text(&reader);
    }
    *out = (struct staff_views){items, count};
    return OK;
}

enum err store_add_view(struct db *db, struct bytes token_digest, const char *name, const char *address,
                        int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(name), db_text(address),
                                      db_integer(STAFF_VIEW_MOST)};
    return db_call(db, &staff_view_add, params, deadline_ms, done, context);
}

enum err store_add_view_read(const struct row *rows, struct arena *arena, int64_t *id)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "kept", &reader));
    *id = next_integer(&reader);
    return OK;
}

enum err store_rename_view(struct db *db, struct bytes token_digest, int64_t id, const char *name, int64_t deadline_ms,
                           db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_integer(id), db_text(name)};
    return db_call(db, &staff_view_rename, params, deadline_ms, done, context);
}

enum err store_rename_view_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "kept", &reader);
}

enum err store_remove_view(struct db *db, struct bytes token_digest, int64_t id, int64_t deadline_ms, db_done *done,
                           void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_integer(id)};
    return db_call(db, &staff_view_remove, params, deadline_ms, done, context);
}

enum err store_remove_view_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "removed", &reader);
}
