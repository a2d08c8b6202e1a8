/* SPDX-License-Identifier: Apache-2.0 */
#include "store/audit.h"

#include "store/reader.h"
#include "store/statements_internal.h"

#define EVENT_COLUMNS "writer, writer_seq, at_us, xid, actor, action, object, detail, mac"

const struct db_statement audit_seal = {
    .name = "audit_seal",
    .kind = DB_WRITE,
    .sql = "select sealed, size from xuqi.audit_seal($1)",
    .params = "i",
    .columns = "ii",
};

const struct db_statement audit_head = {
    .name = "audit_head",
    .kind = DB_READ,
    .sql = "select leaves, size, note from xuqi.audit_head()",
    .params = "",
    .columns = "iit",
};

const struct db_statement audit_range = {
    .name = "audit_range",
    .kind = DB_READ,
    .sql = "select xuqi.audit_range($1)",
    .params = "i",
    .columns = "b",
};

const struct db_statement audit_leaves = {
    .name = "audit_leaves",
    .kind = DB_READ,
    .sql = "select xuqi.audit_leaves($1, $2)",
    .params = "ii",
    .columns = "b",
};

const struct db_statement audit_checkpoint_record = {
    .name = "audit_checkpoint_record",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.audit_checkpoint_record($1, $2, $3, $4)",
    .params = "iibt",
    .columns = "t",
};

const struct db_statement audit_sealed = {
    .name = "audit_sealed",
    .kind = DB_READ,
    .sql = "select leaf_index, hash, event_id, present, " EVENT_COLUMNS " from xuqi.audit_sealed($1, $2)",
    .params = "ii",
    .columns = "ibiotiiittttb",
};

const struct db_statement audit_unsealed = {
    .name = "audit_unsealed",
    .kind = DB_READ,
    .sql = "select event_id, " EVENT_COLUMNS " from xuqi.audit_unsealed($1)",
    .params = "i",
    .columns = "itiiittttb",
};

const struct db_statement audit_checkpoints = {
    .name = "audit_checkpoints",
    .kind = DB_READ,
    .sql = "select size, root, note, signed_at, token, stamped_at from xuqi.audit_checkpoints($1, $2)",
    .params = "ii",
    .columns = "ibtzbz",
};

const struct db_statement audit_nodes = {
    .name = "audit_nodes",
    .kind = DB_READ,
    .sql = "select level, node_index, hash from xuqi.audit_nodes($1, $2, $3)",
    .params = "iii",
    .columns = "iib",
};

const struct db_statement audit_prove = {
    .name = "audit_prove",
    .kind = DB_READ,
    .sql = "select outcome, leaf_index, hash, event_id, present, " EVENT_COLUMNS
           ", path, size, note from xuqi.audit_prove($1)",
    .params = "i",
    .columns = "tibiotiiittttbbit",
};

const struct db_statement audit_stamped = {
    .name = "audit_stamped",
    .kind = DB_READ,
    .sql = "select size, root, note, signed_at, token, stamped_at from xuqi.audit_stamped($1)",
    .params = "i",
    .columns = "ibtzbz",
};

const struct db_statement audit_timestamp_due = {
    .name = "audit_timestamp_due",
    .kind = DB_READ,
    .sql = "select size, note, lag_s from xuqi.audit_timestamp_due($1)",
    .params = "i",
    .columns = "iti",
};

const struct db_statement audit_timestamp_record = {
    .name = "audit_timestamp_record",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.audit_timestamp_record($1, $2, $3)",
    .params = "ibz",
    .columns = "t",
};

const struct db_statement audit_between = {
    .name = "audit_between",
    .kind = DB_READ,
    .sql = "select outcome, old_note, new_note, path from xuqi.audit_between($1, $2)",
    .params = "ii",
    .columns = "tttb",
};

const struct db_statement audit_export = {
    .name = "audit_export",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.audit_export($1)",
    .params = "t",
    .columns = "t",
};

/* -- sealing and signing ------------------------------------------------------------------------------------------- */

enum err store_seal_audit(struct db *db, int64_t limit, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(limit)};
    return db_call(db, &audit_seal, params, deadline_ms, done, context);
}

enum err store_seal_audit_read(const struct row *rows, struct audit_sealing *out)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    struct reader reader = reader_at(rows, 0, NULL);
    out->sealed = next_integer(&reader);
    out->size = next_integer(&reader);
    return OK;
}

enum err store_audit_head(struct db *db, int64_t deadline_ms, db_done *done, void *context)
{
    return db_call(db, &audit_head, NULL, deadline_ms, done, context);
}

enum err store_audit_head_read(const struct row *rows, struct arena *arena, struct audit_head *out)
{
    ENSURE(row_count(rows) == 1, ERR_AUDIT_FORKED); /* the row of the tree is gone */
    struct reader reader = reader_at(rows, 0, arena);
    out->leaves = next_integer(&reader);
    out->size = next_integer(&reader);
    out->note = next_text(&reader);
    return OK;
}

enum err store_audit_range(struct db *db, int64_t size, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(size)};
    return db_call(db, &audit_range, params, deadline_ms, done, context);
}

enum err store_audit_leaves(struct db *db, int64_t from, int64_t limit, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {db_integer(from), db_integer(limit)};
    return db_call(db, &audit_leaves, params, deadline_ms, done, context);
}

enum err store_audit_hashes_read(const struct row *rows, struct arena *arena, struct bytes *out)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    *out = row_bytes(rows, 0, 0, arena);
    return OK;
}

enum err store_record_checkpoint(struct db *db, int64_t fence, const struct audit_checkpoint *checkpoint,
                                 int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(fence), db_integer(checkpoint->size), db_bytes(checkpoint->root),
                                      db_text(checkpoint->note)};
    return db_call(db, &audit_checkpoint_record, params, deadline_ms, done, context);
}

enum err store_record_checkpoint_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "recorded", &reader);
}

/* -- time stamps --------------------------------------------------------------------------------------------------- */

enum err store_timestamp_due(struct db *db, int64_t every_s, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(every_s)};
    return db_call(db, &audit_timestamp_due, params, deadline_ms, done, context);
}

enum err store_timestamp_due_read(const struct row *rows, struct arena *arena, struct audit_checkpoint *out,
                                  int64_t *lag_s)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    struct reader reader = reader_at(rows, 0, arena);
    *out = (struct audit_checkpoint){.size = next_integer(&reader)};
    out->note = next_text(&reader);
    *lag_s = next_integer(&reader);
    return OK;
}

enum err store_record_timestamp(struct db *db, const struct audit_checkpoint *checkpoint, int64_t deadline_ms,
                                db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(checkpoint->size), db_bytes(checkpoint->token),
                                      db_time(checkpoint->stamped_at_us)};
    return db_call(db, &audit_timestamp_record, params, deadline_ms, done, context);
}

enum err store_record_timestamp_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "recorded", &reader);
}

enum err store_get_stamped(struct db *db, int64_t event_id, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(event_id)};
    return db_call(db, &audit_stamped, params, deadline_ms, done, context);
}

/* -- everything that was written ----------------------------------------------------------------------------------- */

enum err store_list_leaves(struct db *db, int64_t from, int64_t limit, int64_t deadline_ms, db_done *done,
                           void *context)
{
    const struct db_param params[] = {db_integer(from), db_integer(limit)};
    return db_call(db, &audit_sealed, params, deadline_ms, done, context);
}

static void read_content(struct reader *reader, struct audit_event *event)
{
    event->writer = next_text(reader);
    event->writer_seq = next_integer(reader);
    event->at_us = next_integer(reader);
    event->xid = next_integer(reader);
    event->actor = next_text(reader);
    event->action = next_text(reader);
    event->object = next_text(reader);
    event->detail = next_text(reader);
    event->mac = next_bytes(reader);
}

static void read_sealed(struct reader *reader, struct audit_event *event)
{
    event->leaf_index = next_integer(reader);
    event->hash = next_bytes(reader);
    event->id = next_integer(reader);
    event->present = next_boolean(reader);
    read_content(reader, event);
}

enum err store_list_leaves_read(const struct row *rows, struct arena *arena, struct audit_events *out)
{
    size_t count = row_count(rows);
    struct audit_event *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        read_sealed(&reader, &items[i]);
    }
    *out = (struct audit_events){items, count};
    return OK;
}

enum err store_list_unsealed_events(struct db *db, int64_t limit, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(limit)};
    return db_call(db, &audit_unsealed, params, deadline_ms, done, context);
}

enum err store_list_unsealed_events_read(const struct row *rows, struct arena *arena, struct audit_events *out)
{
    size_t count = row_count(rows);
    struct audit_event *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i] = (struct audit_event){.leaf_index = -1, .present = true, .id = next_integer(&reader)};
        read_content(&reader, &items[i]);
    }
    *out = (struct audit_events){items, count};
    return OK;
}

enum err store_list_checkpoints(struct db *db, int64_t after, int64_t limit, int64_t deadline_ms, db_done *done,
                                void *context)
{
    const struct db_param params[] = {db_integer(after), db_integer(limit)};
    return db_call(db, &audit_checkpoints, params, deadline_ms, done, context);
}

enum err store_list_checkpoints_read(const struct row *rows, struct arena *arena, struct audit_checkpoints *out)
{
    size_t count = row_count(rows);
    struct audit_checkpoint *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].size = next_integer(&reader);
        items[i].root = next_bytes(&reader);
        items[i].note = next_text(&reader);
        items[i].signed_at_us = next_time(&reader);
        items[i].token = next_bytes(&reader);
        items[i].stamped_at_us = next_time(&reader);
    }
    *out = (struct audit_checkpoints){items, count};
    return OK;
}

enum err store_list_nodes(struct db *db, int64_t level, int64_t after, int64_t limit, int64_t deadline_ms,
                          db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(level), db_integer(after), db_integer(limit)};
    return db_call(db, &audit_nodes, params, deadline_ms, done, context);
}

enum err store_list_nodes_read(const struct row *rows, struct arena *arena, struct audit_nodes *out)
{
    size_t count = row_count(rows);
    struct audit_node *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].level = next_integer(&reader);
        items[i].index = next_integer(&reader);
        items[i].hash = next_bytes(&reader);
    }
    *out = (struct audit_nodes){items, count};
    return OK;
}

/* -- proofs -------------------------------------------------------------------------------------------------------- */

enum err store_prove_event(struct db *db, int64_t event_id, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(event_id)};
    return db_call(db, &audit_prove, params, deadline_ms, done, context);
}

enum err store_prove_event_read(const struct row *rows, struct arena *arena, struct audit_proof *out)
{
    struct reader reader;
    struct audit_proof proof;
    TRY(reader_expect(rows, arena, "proven", &reader));
    read_sealed(&reader, &proof.event);
    proof.path = next_bytes(&reader);
    proof.size = next_integer(&reader);
    proof.note = next_text(&reader);
    *out = proof;
    return OK;
}

enum err store_prove_between(struct db *db, int64_t old_size, int64_t new_size, int64_t deadline_ms, db_done *done,
                             void *context)
{
    const struct db_param params[] = {db_integer(old_size), db_integer(new_size)};
    return db_call(db, &audit_between, params, deadline_ms, done, context);
}

enum err store_prove_between_read(const struct row *rows, struct arena *arena, struct audit_consistency *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "proven", &reader));
    out->old_note = next_text(&reader);
    out->new_note = next_text(&reader);
    out->path = next_bytes(&reader);
    return OK;
}

enum err store_note_audit_export(struct db *db, const char *actor, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(actor)};
    return db_call(db, &audit_export, params, deadline_ms, done, context);
}

enum err store_note_audit_export_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "noted", &reader);
}
