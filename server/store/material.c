/* SPDX-License-Identifier: Apache-2.0 */
#include "store/material.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement material_put = {
    .name = "material_put",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.material_put($1, $2, $3, $4, $5, $6, $7)",
    .params = "ttitibb",
    .columns = "t",
};

const struct db_statement material_remove = {
    .name = "material_remove",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.material_remove($1, $2, $3)",
    .params = "tti",
    .columns = "t",
};

const struct db_statement material_list = {
    .name = "material_list",
    .kind = DB_READ,
    .sql = "select kind, page, content_type, size, sha256, uploaded_at from xuqi.material_list($1)",
    .params = "t",
    .columns = "titibz",
};

const struct db_statement draft_submit = {
    .name = "draft_submit",
    .kind = DB_WRITE,
    .sql = "select outcome, status, missing from xuqi.draft_submit($1)",
    .params = "t",
    .columns = "ttt",
};

const struct db_statement review_material = {
    .name = "review_material",
    .kind = DB_WRITE,
    .sql = "select outcome, content_type, sealed from xuqi.review_material($1, $2, $3, $4)",
    .params = "btti",
    .columns = "ttb",
};

const struct db_statement application_form = {
    .name = "application_form",
    .kind = DB_WRITE,
    .sql = "select outcome, platform, subject, certificate_serial, old_not_after, not_after, term_months, amount_fen,"
           " submitted_at, platform_version, corrections, personal_sealed, evidence_sha256 from"
           " xuqi.application_form($1)",
    .params = "t",
    .columns = "ttttzziiztibb",
};

enum err store_put_material(struct db *db, const struct material_upload *upload, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {
        db_text(upload->renewal_no), db_text(upload->kind),    db_integer(upload->page), db_text(upload->content_type),
        db_integer(upload->size),    db_bytes(upload->sha256), db_bytes(upload->sealed),
    };
    return db_call(db, &material_put, params, deadline_ms, done, context);
}

enum err store_put_material_read(const struct row *rows, struct arena *arena, bool *created)
{
    static const char *const accepted[] = {"created", "replaced", "kept"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    *created = which == 0;
    return OK;
}

enum err store_remove_material(struct db *db, const char *renewal_no, const char *kind, int64_t page,
                               int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no), db_text(kind), db_integer(page)};
    return db_call(db, &material_remove, params, deadline_ms, done, context);
}

enum err store_remove_material_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "removed", &reader);
}

enum err store_list_materials(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &material_list, params, deadline_ms, done, context);
}

static void read_material(const struct row *rows, size_t row, struct arena *arena, struct material *out)
{
    struct reader reader = reader_at(rows, row, arena);
    out->kind = next_text(&reader);
    out->page = next_integer(&reader);
    out->content_type = next_text(&reader);
    out->size = next_integer(&reader);
    out->sha256 = next_bytes(&reader);
    out->uploaded_at_us = next_time(&reader);
}

enum err store_list_materials_read(const struct row *rows, struct arena *arena, struct material_list *out)
{
    size_t count = row_count(rows);
    struct material *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        read_material(rows, i, arena, &items[i]);
    *out = (struct material_list){.items = items, .count = count};
    return OK;
}

enum err store_submit_draft(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &draft_submit, params, deadline_ms, done, context);
}

enum err store_submit_draft_read(const struct row *rows, struct arena *arena, const char **status, const char **missing)
{
    struct reader reader;
    enum err err = reader_expect(rows, arena, "submitted", &reader);
    if (err == ERR_MATERIAL_MISSING || err == ERR_IDENTITY_MISSING)
        *missing = row_text(rows, 0, 2, arena);
    TRY(err);
    *status = next_text(&reader);
    *missing = "";
    return OK;
}

enum err store_view_material(struct db *db, struct bytes token_digest, const char *renewal_no, const char *kind,
                             int64_t page, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(renewal_no), db_text(kind), db_integer(page)};
    return db_call(db, &review_material, params, deadline_ms, done, context);
}

enum err store_view_material_read(const struct row *rows, struct arena *arena, struct material_document *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    out->content_type = next_text(&reader);
    out->sealed = next_bytes(&reader);
    return OK;
}

enum err store_get_application_form(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                                    void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &application_form, params, deadline_ms, done, context);
}

enum err store_get_application_form_read(const struct row *rows, struct arena *arena, struct form_facts *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    out->platform = next_text(&reader);
    out->subject = next_text(&reader);
    out->certificate_serial = next_text(&reader);
    out->old_not_after_us = next_time(&reader);
    out->not_after_us = next_time(&reader);
    out->term_months = next_integer(&reader);
    out->amount_fen = next_integer(&reader);
    out->submitted_at_us = next_time(&reader);
    out->platform_version = next_text(&reader);
    out->corrections = next_integer(&reader);
    out->personal_sealed = next_bytes(&reader);
    out->evidence_sha256 = next_bytes(&reader);
    return OK;
}
