/* SPDX-License-Identifier: Apache-2.0 */
#include "store/calendar.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement calendar_import = {
    .name = "calendar_import",
    .kind = DB_WRITE,
    .sql = "select outcome, added, changed, removed from xuqi.calendar_import($1, $2, $3, $4, $5, $6)",
    .params = "ittTIT",
    .columns = "tiii",
};

enum err store_import_calendar(struct db *db, const struct calendar_import *import, int64_t deadline_ms, db_done *done,
                               void *context)
{
    const struct db_param params[] = {
        db_integer(import->year),
        db_text(import->source),
        db_text(import->sha256),
        db_texts(import->days, import->count),
        db_integers(import->working, import->count),
        db_texts(import->names, import->count),
    };
    return db_call(db, &calendar_import, params, deadline_ms, done, context);
}

enum err store_import_calendar_read(const struct row *rows, struct arena *arena, struct calendar_imported *out)
{
    static const char *const accepted[] = {"known", "imported"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    out->applied = which == 1;
    out->added = next_integer(&reader);
    out->changed = next_integer(&reader);
    out->removed = next_integer(&reader);
    return OK;
}
