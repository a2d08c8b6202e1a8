/* SPDX-License-Identifier: Apache-2.0 */
#include "store/mistake.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement mistake_list = {
    .name = "mistake_list",
    .kind = DB_READ,
    .sql = "select outcome, renewal_no, platform, organisation, note, looked_by, opened_at, age_days, owner, serial, "
           "revocation,"
           " stopped, closed_by, closed_at, reason, version from xuqi.mistake_list($1, $2, $3)",
    .params = "bti",
    .columns = "ttttttzitttotzti",
};

const struct db_statement mistake_assign = {
    .name = "mistake_assign",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.mistake_assign($1, $2, $3, $4)",
    .params = "btti",
    .columns = "t",
};

const struct db_statement mistake_close = {
    .name = "mistake_close",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.mistake_close($1, $2, $3, $4)",
    .params = "btti",
    .columns = "t",
};

enum err store_list_mistakes(struct db *db, struct bytes token_digest, const char *state, int64_t most,
                             int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(state), db_integer(most)};
    return db_call(db, &mistake_list, params, deadline_ms, done, context);
}

static void read_mistake(struct reader *reader, struct mistake *out)
{
    next_text(reader); /* the outcome: the same in every row */
    out->renewal_no = next_text(reader);
    out->platform = next_text(reader);
    out->organisation = next_text(reader);
    out->note = next_text(reader);
    out->looked_by = next_text(reader);
    out->opened_at_us = next_time(reader);
    out->age_days = next_integer(reader);
    out->owner = next_text(reader);
    out->serial = next_text(reader);
    out->revocation = next_text(reader);
    out->stopped = next_boolean(reader);
    out->closed_by = next_text(reader);
    out->closed_at_us = next_time(reader);
    out->reason = next_text(reader);
    out->version = next_integer(reader);
}

enum err store_list_mistakes_read(const struct row *rows, struct arena *arena, struct mistakes *out)
{
    static const char *const accepted[] = {"ok", "empty"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    size_t count = which == 1 ? 0 : row_count(rows);
    struct mistake *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        reader = reader_at(rows, i, arena);
        read_mistake(&reader, &items[i]);
    }
    *out = (struct mistakes){items, count};
    return OK;
}

enum err store_assign_mistake(struct db *db, struct bytes token_digest, const char *renewal_no, const char *owner,
                              int64_t version, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(renewal_no), db_text(owner), db_integer(version)};
    return db_call(db, &mistake_assign, params, deadline_ms, done, context);
}

enum err store_assign_mistake_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "assigned", &reader);
}

enum err store_close_mistake(struct db *db, struct bytes token_digest, const char *renewal_no, const char *reason,
                             int64_t version, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(renewal_no), db_text(reason),
                                      db_integer(version)};
    return db_call(db, &mistake_close, params, deadline_ms, done, context);
}

enum err store_close_mistake_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "closed", &reader);
}
