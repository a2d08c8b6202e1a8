/* SPDX-License-Identifier: Apache-2.0 */
#include "store/outbox.h"

#include "store/columns.h"
#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement outbox_lease = {
    .name = "outbox_lease",
    .kind = DB_WRITE,
    .sql = "select id, topic, dedup_key, event, renewal_no, attempts, lease_token from xuqi.outbox_lease($1, $2, $3)",
    .params = "tii",
    .columns = "ittttii",
};

const struct db_statement outbox_finish_each = {
    .name = "outbox_finish_each",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.outbox_finish_each($1, $2, $3)",
    .params = "IIT",
    .columns = "t",
};

const struct db_statement outbox_fail = {
    .name = "outbox_fail",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.outbox_fail($1, $2, $3, $4)",
    .params = "iito",
    .columns = "t",
};

const struct db_statement message_facts = {
    .name = "message_facts",
    .kind = DB_READ,
    .sql =
        "select known, agent_name_masked, agent_mobile_masked, agent_email_masked, organisation, platform, amount_fen,"
        " not_after, rejection_text, personal_sealed, evidence_sha256, returned from xuqi.message_facts($1)",
    .params = "T",
    .columns = "otttttiztbbt",
};

enum err store_lease_outbox(struct db *db, const char *topic, int64_t batch, int64_t seconds, int64_t deadline_ms,
                            db_done *done, void *context)
{
    const struct db_param params[] = {db_text(topic), db_integer(batch), db_integer(seconds)};
    return db_call(db, &outbox_lease, params, deadline_ms, done, context);
}

static void read_item(const struct row *rows, size_t row, struct arena *arena, struct outbox_item *item)
{
    struct reader reader = reader_at(rows, row, arena);
    item->id = next_integer(&reader);
    item->topic = next_text(&reader);
    item->dedup_key = next_text(&reader);
    item->event = next_text(&reader);
    item->renewal_no = next_text(&reader);
    item->attempts = next_integer(&reader);
    item->lease_token = next_integer(&reader);
}

enum err store_lease_outbox_read(const struct row *rows, struct arena *arena, struct outbox_batch *out)
{
    size_t count = row_count(rows);
    struct outbox_item *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        read_item(rows, i, arena, &items[i]);
    *out = (struct outbox_batch){.items = items, .count = count};
    return OK;
}

static enum err read_end(const struct row *rows, size_t row, struct arena *arena, enum outbox_end *out)
{
    static const char *const accepted[] = {
        [OUTBOX_FINISHED] = "finished", [OUTBOX_RETRY] = "retry", [OUTBOX_DEAD] = "dead", [OUTBOX_STALE] = "stale"};
    struct reader reader;
    size_t end;
    TRY(reader_outcome_at(rows, row, arena, accepted, ARRAY_SIZE(accepted), &reader, &end));
    *out = (enum outbox_end)end;
    return OK;
}

enum err store_finish_outbox(struct db *db, const struct outbox_result *const *items, size_t count, int64_t deadline_ms,
                             db_done *done, void *context)
{
    struct arena *arena = arena_new();
    const struct db_param params[] = {INTEGERS(id), INTEGERS(lease_token), TEXTS(text)};
    enum err err = db_call(db, &outbox_finish_each, params, deadline_ms, done, context);
    arena_free(arena);
    return err;
}

enum err store_finish_outbox_read(const struct row *rows, size_t row, struct arena *arena, enum outbox_end *out)
{
    return read_end(rows, row, arena, out);
}

enum err store_fail_outbox(struct db *db, int64_t id, int64_t lease_token, const char *error, bool retry,
                           int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(id), db_integer(lease_token), db_text(error), db_boolean(retry)};
    return db_call(db, &outbox_fail, params, deadline_ms, done, context);
}

enum err store_fail_outbox_read(const struct row *rows, struct arena *arena, enum outbox_end *out)
{
    return read_end(rows, 0, arena, out);
}

enum err store_get_message_facts(struct db *db, const struct outbox_item *const *items, size_t count,
                                 int64_t deadline_ms, db_done *done, void *context)
{
    struct arena *arena = arena_new();
    const struct db_param params[] = {TEXTS(renewal_no)};
    enum err err = db_call(db, &message_facts, params, deadline_ms, done, context);
    arena_free(arena);
    return err;
}

enum err store_get_message_facts_read(const struct row *rows, size_t row, struct arena *arena,
                                      struct message_facts *out)
{
    struct reader reader = reader_at(rows, row, arena);
    ENSURE(next_boolean(&reader), ERR_RENEWAL_UNKNOWN);
    out->agent_name_masked = next_text(&reader);
    out->agent_mobile_masked = next_text(&reader);
    out->agent_email_masked = next_text(&reader);
    out->organisation = next_text(&reader);
    out->platform = next_text(&reader);
    out->amount_fen = next_integer(&reader);
    out->not_after_us = next_time(&reader);
    out->rejection_text = next_text(&reader);
    out->personal_sealed = next_bytes(&reader);
    out->evidence_sha256 = next_bytes(&reader);
    out->returned = next_text(&reader);
    return OK;
}
