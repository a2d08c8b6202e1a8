/* SPDX-License-Identifier: Apache-2.0 */
#include "store/pass.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement pass_list = {
    .name = "pass_list",
    .kind = DB_READ,
    .sql = "select outcome, platform, sample_permyriad, sample_last, wrong_permyriad, looked, wrong, samples_open,"
           " mistakes_open, stop, stopped_at, stop_wrong, stop_looked, resumed_by, resumed_at, resumed_why, resume"
           " from xuqi.pass_list($1)",
    .params = "b",
    .columns = "ttiiiiiiiiziitztt",
};

const struct db_statement pass_resume = {
    .name = "pass_resume",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.pass_resume($1, $2, $3, $4)",
    .params = "btit",
    .columns = "t",
};

enum err store_list_passes(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest)};
    return db_call(db, &pass_list, params, deadline_ms, done, context);
}

static void read_pass(struct reader *reader, struct pass *out)
{
    next_text(reader); /* the outcome: the same in every row */
    out->platform = next_text(reader);
    int64_t *const numbers[] = {&out->sample_permyriad, &out->sample_last, &out->wrong_permyriad,
                                &out->looked,           &out->wrong,       &out->samples_open,
                                &out->mistakes_open,    &out->stop};
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
        *numbers[i] = next_integer(reader);
    out->stopped_at_us = next_time(reader);
    out->stop_wrong = next_integer(reader);
    out->stop_looked = next_integer(reader);
    out->resumed_by = next_text(reader);
    out->resumed_at_us = next_time(reader);
    out->resumed_why = next_text(reader);
    out->resume = next_text(reader);
}

enum err store_list_passes_read(const struct row *rows, struct arena *arena, struct passes *out)
{
    static const char *const accepted[] = {"ok", "empty"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    size_t count = which == 1 ? 0 : row_count(rows);
    struct pass *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        reader = reader_at(rows, i, arena);
        read_pass(&reader, &items[i]);
    }
    *out = (struct passes){items, count};
    return OK;
}

enum err store_resume_pass(struct db *db, struct bytes token_digest, const char *platform, int64_t stop,
                           const char *reason, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(platform), db_integer(stop), db_text(reason)};
    return db_call(db, &pass_resume, params, deadline_ms, done, context);
}

enum err store_resume_pass_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "resumed", &reader);
}
