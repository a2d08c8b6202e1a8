/* SPDX-License-Identifier: Apache-2.0 */
#include "store/statement.h"

#include "store/reader.h"
#include "store/statements_internal.h"

#define FINISHED                                                                                                       \
    "select outcome, import_id, lines_new, lines_known, lines_changed, lines_missing, lines_unexpected, first_on,"     \
    " last_on, credits_fen, debits_fen, previous_last_on, previous_closing_fen"
#define FINISHED_COLUMNS "tiiiiiittiiti"

const struct db_statement statement_begin = {
    .name = "statement_begin",
    .kind = DB_WRITE,
    .sql = "select outcome, upload_id from xuqi.statement_begin($1, $2, $3)",
    .params = "btt",
    .columns = "ti",
};

const struct db_statement statement_begin_admin = {
    .name = "statement_begin_admin",
    .kind = DB_WRITE,
    .sql = "select outcome, upload_id from xuqi.statement_begin_admin($1, $2, $3)",
    .params = "ttt",
    .columns = "ti",
};

const struct db_statement statement_append = {
    .name = "statement_append",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.statement_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
           " $15)",
    .params = "iiITIIIITTTTTTT",
    .columns = "t",
};

const struct db_statement statement_discard = {
    .name = "statement_discard",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.statement_discard($1)",
    .params = "i",
    .columns = "t",
};

const struct db_statement statement_finish = {
    .name = "statement_finish",
    .kind = DB_WRITE,
    .sql = FINISHED " from xuqi.statement_finish($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    .params = "biotttiiob",
    .columns = FINISHED_COLUMNS,
};

const struct db_statement statement_finish_admin = {
    .name = "statement_finish_admin",
    .kind = DB_WRITE,
    .sql = FINISHED " from xuqi.statement_finish_admin($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    .params = "tiotttiiob",
    .columns = FINISHED_COLUMNS,
};

const struct db_statement collecting_account_publish = {
    .name = "collecting_account_publish",
    .kind = DB_WRITE,
    .sql = "select outcome, added from xuqi.collecting_account_publish($1, $2, $3)",
    .params = "TTT",
    .columns = "ti",
};

const struct db_statement collecting_account_list = {
    .name = "collecting_account_list",
    .kind = DB_READ,
    .sql = "select id, bank, account_no, account_name, last_on::text, closing_fen from xuqi.collecting_account_list()",
    .params = "",
    .columns = "itttti",
};

static bool is_staff(const struct statement_uploader *uploader)
{
    return uploader->token_digest.data != NULL;
}

static struct db_param who(const struct statement_uploader *uploader)
{
    return is_staff(uploader) ? db_bytes(uploader->token_digest) : db_text(uploader->by);
}

enum err store_begin_statement(struct db *db, const struct statement_uploader *uploader, const char *account_no,
                               const char *file_name, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {who(uploader), db_text(account_no), db_text(file_name)};
    return db_call(db, is_staff(uploader) ? &statement_begin : &statement_begin_admin, params, deadline_ms, done,
                   context);
}

enum err store_begin_statement_read(const struct row *rows, struct arena *arena, int64_t *upload_id)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "begun", &reader));
    *upload_id = next_integer(&reader);
    return OK;
}

enum err store_append_statement(struct db *db, const struct statement_chunk *chunk, int64_t deadline_ms, db_done *done,
                                void *context)
{
    size_t count = chunk->count;
    const struct db_param params[] = {
        db_integer(chunk->upload_id),
        db_integer(chunk->number),
        db_integers(chunk->places, count),
        db_texts(chunk->line_keys, count),
        db_integers(chunk->days, count),
        db_integers(chunk->times_us, count),
        db_integers(chunk->movements_fen, count),
        db_integers(chunk->balances_fen, count),
        db_texts(chunk->payer_accounts, count),
        db_texts(chunk->payer_names, count),
        db_texts(chunk->payer_banks, count),
        db_texts(chunk->remarks, count),
        db_texts(chunk->bank_refs, count),
        db_texts(chunk->kinds, count),
        db_texts(chunk->reverses, count),
    };
    return db_call(db, &statement_append, params, deadline_ms, done, context);
}

enum err store_append_statement_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "kept", &reader);
}

enum err store_discard_statement(struct db *db, int64_t upload_id, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(upload_id)};
    return db_call(db, &statement_discard, params, deadline_ms, done, context);
}

enum err store_discard_statement_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "discarded", &reader);
}

enum err store_finish_statement(struct db *db, const struct statement_uploader *uploader,
                                const struct statement_upload *upload, int64_t deadline_ms, db_done *done,
                                void *context)
{
    const struct db_param params[] = {
        who(uploader),
        db_integer(upload->upload_id),
        db_boolean(upload->apply),
        db_text(upload->format),
        db_text(upload->covered_from),
        db_text(upload->covered_to),
        db_integer(upload->opening_fen),
        db_integer(upload->closing_fen),
        db_boolean(upload->balanced),
        db_bytes(upload->sha256),
    };
    return db_call(db, is_staff(uploader) ? &statement_finish : &statement_finish_admin, params, deadline_ms, done,
                   context);
}

enum err store_finish_statement_read(const struct row *rows, struct arena *arena, struct statement_taken *out)
{
    static const char *const accepted[] = {"imported", "known", "checked"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, sizeof(accepted) / sizeof(accepted[0]), &reader, &which));
    out->outcome = accepted[which];
    out->import_id = next_integer(&reader);
    out->lines_new = next_integer(&reader);
    out->lines_known = next_integer(&reader);
    out->lines_changed = next_integer(&reader);
    out->lines_missing = next_integer(&reader);
    out->lines_unexpected = next_integer(&reader);
    out->first_on = next_text(&reader);
    out->last_on = next_text(&reader);
    out->credits_fen = next_integer(&reader);
    out->debits_fen = next_integer(&reader);
    out->previous_last_on = next_text(&reader);
    out->previous_balanced = !row_is_null(rows, 0, reader.column);
    out->previous_closing_fen = next_integer(&reader);
    return OK;
}

enum err store_publish_accounts(struct db *db, const char *const *banks, const char *const *account_nos,
                                const char *const *account_names, size_t count, int64_t deadline_ms, db_done *done,
                                void *context)
{
    const struct db_param params[] = {db_texts(banks, count), db_texts(account_nos, count),
                                      db_texts(account_names, count)};
    return db_call(db, &collecting_account_publish, params, deadline_ms, done, context);
}

enum err store_publish_accounts_read(const struct row *rows, struct arena *arena, int64_t *added)
{
    static const char *const accepted[] = {"added", "known"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, sizeof(accepted) / sizeof(accepted[0]), &reader, &which));
    *added = next_integer(&reader);
    return OK;
}

enum err store_list_accounts(struct db *db, int64_t deadline_ms, db_done *done, void *context)
{
    return db_call(db, &collecting_account_list, NULL, deadline_ms, done, context);
}

enum err store_list_accounts_read(const struct row *rows, struct arena *arena, struct collecting_accounts *out)
{
    size_t count = row_count(rows);
    struct collecting_account *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].id = next_integer(&reader);
        items[i].bank = next_text(&reader);
        items[i].account_no = next_text(&reader);
        items[i].account_name = next_text(&reader);
        items[i].last_on = next_text(&reader);
        items[i].balanced = !row_is_null(rows, i, reader.column);
        items[i].closing_fen = next_integer(&reader);
    }
    *out = (struct collecting_accounts){items, count};
    return OK;
}
