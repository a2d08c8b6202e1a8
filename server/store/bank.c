/* SPDX-License-Identifier: Apache-2.0 */
#include "store/bank.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement bank_search = {
    .name = "bank_search",
    .kind = DB_READ,
    .sql = "select code, name, bank, province, city from xuqi.bank_search($1, $2, $3)",
    .params = "TTi",
    .columns = "ttttt",
};

const struct db_statement bank_import = {
    .name = "bank_import",
    .kind = DB_WRITE,
    .sql = "select outcome, added, changed, removed, unchanged"
           " from xuqi.bank_import($1, $2, $3, $4, $5, $6, $7)",
    .params = "TTTTTTo",
    .columns = "tiiii",
};

enum err store_search_banks(struct db *db, const struct bank_query *query, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {db_texts(query->words, query->word_count),
                                      db_texts(query->numbers, query->number_count), db_integer(query->limit)};
    return db_call(db, &bank_search, params, deadline_ms, done, context);
}

enum err store_search_banks_read(const struct row *rows, struct arena *arena, struct bank_branches *out)
{
    size_t count = row_count(rows);
    struct bank_branch *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].code = next_text(&reader);
        items[i].name = next_text(&reader);
        items[i].bank = next_text(&reader);
        items[i].province = next_text(&reader);
        items[i].city = next_text(&reader);
    }
    *out = (struct bank_branches){items, count};
    return OK;
}

enum err store_import_banks(struct db *db, const struct bank_import *import, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {
        db_texts(import->codes, import->count),
        db_texts(import->names, import->count),
        db_texts(import->banks, import->count),
        db_texts(import->provinces, import->count),
        db_texts(import->cities, import->count),
        db_texts(import->searches, import->count),
        db_boolean(import->apply),
    };
    return db_call(db, &bank_import, params, deadline_ms, done, context);
}

enum err store_import_banks_read(const struct row *rows, struct arena *arena, struct bank_imported *out)
{
    static const char *const accepted[] = {"checked", "known", "imported"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    out->applied = which == 2;
    out->added = next_integer(&reader);
    out->changed = next_integer(&reader);
    out->removed = next_integer(&reader);
    out->unchanged = next_integer(&reader);
    return OK;
}
