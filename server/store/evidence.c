/* SPDX-License-Identifier: Apache-2.0 */
#include "store/evidence.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement evidence_files = {
    .name = "evidence_files",
    .kind = DB_WRITE, /* it writes onto the audit trail */
    .sql = "select name, place, context, content from xuqi.evidence_files($1, $2, $3)",
    .params = "ttt",
    .columns = "ttbb",
};

const struct db_statement evidence_events = {
    .name = "evidence_events",
    .kind = DB_READ,
    .sql = "select event_id from xuqi.evidence_events($1)",
    .params = "t",
    .columns = "i",
};

enum err store_take_evidence(struct db *db, const char *renewal_no, const char *actor, const char *reason,
                             int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no), db_text(actor), db_text(reason)};
    return db_call(db, &evidence_files, params, deadline_ms, done, context);
}

enum err store_take_evidence_read(const struct row *rows, struct arena *arena, struct evidence_files *out)
{
    size_t count = row_count(rows);
    ENSURE(count > 0, ERR_RENEWAL_UNKNOWN);
    struct evidence_file *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].name = next_text(&reader);
        items[i].place = next_text(&reader);
        items[i].context = next_bytes(&reader);
        items[i].content = next_bytes(&reader);
    }
    *out = (struct evidence_files){items, count};
    return OK;
}

enum err store_list_evidence_events(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                                    void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &evidence_events, params, deadline_ms, done, context);
}

enum err store_list_evidence_events_read(const struct row *rows, struct arena *arena, struct evidence_events *out)
{
    size_t count = row_count(rows);
    int64_t *ids = arena_alloc(arena, (count + 1) * sizeof(*ids));
    for (size_t i = 0; i < count; i++)
        ids[i] = row_integer(rows, i, 0);
    *out = (struct evidence_events){ids, count};
    return OK;
}
