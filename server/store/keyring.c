/* SPDX-License-Identifier: Apache-2.0 */
#include "store/keyring.h"

#include "store/reader.h"
#include "store/statements_internal.h"

#include <string.h>

const struct db_statement seal_places = {
    .name = "seal_places",
    .kind = DB_READ,
    .sql = "select name, place, kind, key_id, uses from xuqi.seal_places()",
    .params = "",
    .columns = "tttti",
};

const struct db_statement seal_stale = {
    .name = "seal_stale",
    .kind = DB_READ,
    .sql = "select row_key, context, sealed, held_sha256, source from xuqi.seal_stale($1, $2, $3, $4)",
    .params = "tbti",
    .columns = "tbbbt",
};

const struct db_statement seal_replace = {
    .name = "seal_replace",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.seal_replace($1, $2, $3, $4)",
    .params = "ttbb",
    .columns = "t",
};

const struct db_statement seal_note = {
    .name = "seal_note",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.seal_note($1, $2, $3)",
    .params = "ttt",
    .columns = "t",
};

enum err store_list_sealed(struct db *db, int64_t deadline_ms, db_done *done, void *context)
{
    return db_call(db, &seal_places, NULL, deadline_ms, done, context);
}

enum err store_list_sealed_read(const struct row *rows, struct arena *arena, struct sealed_places *out)
{
    size_t count = row_count(rows);
    struct sealed_place *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].name = next_text(&reader);
        items[i].place = next_text(&reader);
        const char *kind = next_text(&reader);
        items[i].kind = strcmp(kind, "index") == 0    ? SEALED_INDEX
                        : strcmp(kind, "lookup") == 0 ? SEALED_LOOKUP
                                                      : SEALED_VALUE;
        items[i].key_id = next_text(&reader);
        items[i].uses = next_integer(&reader);
    }
    *out = (struct sealed_places){items, count};
    return OK;
}

enum err store_list_stale(struct db *db, const char *name, struct bytes key_id, const char *after, int64_t batch,
                          int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(name), db_bytes(key_id), db_text(after), db_integer(batch)};
    return db_call(db, &seal_stale, params, deadline_ms, done, context);
}

enum err store_list_stale_read(const struct row *rows, struct arena *arena, struct stale_values *out)
{
    size_t count = row_count(rows);
    struct stale_value *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].row_key = next_text(&reader);
        items[i].context = next_bytes(&reader);
        items[i].sealed = next_bytes(&reader);
        items[i].held_sha256 = next_bytes(&reader);
        items[i].source = next_text(&reader);
    }
    *out = (struct stale_values){items, count};
    return OK;
}

enum err store_replace_sealed(struct db *db, const char *name, const struct stale_value *stale, struct bytes value,
                              int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(name), db_text(stale->row_key), db_bytes(stale->held_sha256),
                                      db_bytes(value)};
    return db_call(db, &seal_replace, params, deadline_ms, done, context);
}

enum err store_replace_sealed_read(const struct row *rows, struct arena *arena, bool *replaced)
{
    static const char *const accepted[] = {"changed", "replaced"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *replaced = which == 1;
    return OK;
}

enum err store_note_key(struct db *db, const char *action, const char *key_id, const char *detail, int64_t deadline_ms,
                        db_done *done, void *context)
{
    const struct db_param params[] = {db_text(action), db_text(key_id), db_text(detail)};
    return db_call(db, &seal_note, params, deadline_ms, done, context);
}

enum err store_note_key_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "noted", &reader);
}
