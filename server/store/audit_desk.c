/* SPDX-License-Identifier: Apache-2.0 */
#include "store/audit_desk.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement audit_list = {
    .name = "audit_list",
    .kind = DB_READ,
    .sql = "select outcome, next_before, id, at, actor, action, object, detail, leaf_index, checkpoint_size, signed_at,"
           " broken"
           " from xuqi.audit_list($1, $2, $3, $4, $5, $6, $7, $8)",
    .params = "btttttii",
    .columns = "tiizttttiizo",
};

const struct db_statement audit_event_get = {
    .name = "audit_event_get",
    .kind = DB_READ,
    .sql = "select outcome, id, at, actor, action, object, detail, writer, writer_seq, leaf_index, hash, sealed_at,"
           " size, note, signed_at, path, broken from xuqi.audit_event_get($1, $2)",
    .params = "bi",
    .columns = "tiztttttiibzitzbo",
};

enum err store_list_events(struct db *db, const struct audit_asking *asking, int64_t deadline_ms, db_done *done,
                           void *context)
{
    const struct db_param params[] = {
        db_bytes(asking->token_digest), db_text(asking->actor), db_text(asking->action),    db_text(asking->object),
        db_text(asking->from),          db_text(asking->to),    db_integer(asking->before), db_integer(asking->size),
    };
    return db_call(db, &audit_list, params, deadline_ms, done, context);
}

static void read_event(const struct row *rows, size_t row, struct arena *arena, struct audit_row *out)
{
    struct reader reader = reader_at(rows, row, arena);
    next_text(&reader); /* the outcome and where to go on: the same in every row */
    next_integer(&reader);
    out->id = next_integer(&reader);
    out->at_us = next_time(&reader);
    out->actor = next_text(&reader);
    out->action = next_text(&reader);
    out->object = next_text(&reader);
    out->detail = next_text(&reader);
    out->leaf_index = next_integer(&reader);
    out->checkpoint_size = next_integer(&reader);
    out->signed_at_us = next_time(&reader);
    out->broken = next_boolean(&reader);
}

enum err store_list_events_read(const struct row *rows, struct arena *arena, struct audit_rows *out)
{
    static const char *const accepted[] = {"empty", "ok"};
    struct reader reader;
    size_t filled;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &filled));
    int64_t next_before = next_integer(&reader);
    size_t count = filled == 1 ? row_count(rows) : 0;
    struct audit_row *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        read_event(rows, i, arena, &items[i]);
    *out = (struct audit_rows){items, count, next_before};
    return OK;
}

enum err store_get_event(struct db *db, struct bytes token_digest, int64_t event_id, int64_t deadline_ms, db_done *done,
                         void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_integer(event_id)};
    return db_call(db, &audit_event_get, params, deadline_ms, done, context);
}

enum err store_get_event_read(const struct row *rows, struct arena *arena, struct audit_look *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    out->id = next_integer(&reader);
    out->at_us = next_time(&reader);
    out->actor = next_text(&reader);
    out->action = next_text(&reader);
    out->object = next_text(&reader);
    out->detail = next_text(&reader);
    out->writer = next_text(&reader);
    out->writer_seq = next_integer(&reader);
    out->leaf_index = next_integer(&reader);
    out->hash = next_bytes(&reader);
    out->sealed_at_us = next_time(&reader);
    out->size = next_integer(&reader);
    out->note = next_text(&reader);
    out->signed_at_us = next_time(&reader);
    out->path = next_bytes(&reader);
    out->broken = next_boolean(&reader);
    return OK;
}
