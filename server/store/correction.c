/* SPDX-License-Identifier: Apache-2.0 */
#include "store/correction.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement return_list = {
    .name = "return_list",
    .kind = DB_READ,
    .sql =
        "select round, returned_at, returned_by, name, reason_code, reason_text, corrected, corrected_at, old_masked,"
        " new_masked, changed from xuqi.return_list($1)",
    .params = "t",
    .columns = "izttttoztto",
};

const struct db_statement correction_begin = {
    .name = "correction_begin",
    .kind = DB_READ,
    .sql = "select outcome, status, missing, platform, round, number, named, personal_sealed, evidence_sha256,"
           " invoice_kind, invoice_title, invoice_tax_id, certificate_der, portal_account_id, portal_proof"
           " from xuqi.correction_begin($1, $2, $3, $4)",
    .params = "tbbb",
    .columns = "ttttiitbbtttbit",
};

const struct db_statement correction_submit = {
    .name = "correction_submit",
    .kind = DB_WRITE,
    .sql = "select outcome, status, missing from xuqi.correction_submit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
           " $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)",
    .params = "btbbbiiTTTIbtttttbbbbTTttbbb",
    .columns = "ttt",
};

enum err store_list_returns(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &return_list, params, deadline_ms, done, context);
}

static void read_item(const struct row *rows, size_t row, struct arena *arena, struct return_item *out)
{
    struct reader reader = reader_at(rows, row, arena);
    out->round = next_integer(&reader);
    out->returned_at_us = next_time(&reader);
    out->returned_by = next_text(&reader);
    out->name = next_text(&reader);
    out->reason_code = next_text(&reader);
    out->reason_text = next_text(&reader);
    out->corrected = next_boolean(&reader);
    out->corrected_at_us = next_time(&reader);
    out->old_masked = next_text(&reader);
    out->new_masked = next_text(&reader);
    out->changed = next_boolean(&reader);
}

enum err store_list_returns_read(const struct row *rows, struct arena *arena, struct return_list *out)
{
    size_t count = row_count(rows);
    struct return_item *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        read_item(rows, i, arena, &items[i]);
    *out = (struct return_list){.items = items, .count = count};
    return OK;
}

enum err store_begin_correction(struct db *db, const char *renewal_no, const struct corrector *corrector,
                                struct bytes evidence_sha256, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no), db_bytes(corrector->certificate_fingerprint),
                                      db_bytes(evidence_sha256), db_bytes(corrector->portal_token_digest)};
    return db_call(db, &correction_begin, params, deadline_ms, done, context);
}

enum err store_begin_correction_read(const struct row *rows, struct arena *arena, struct correction_basis *out)
{
    static const char *const accepted[] = {"ready", "repeated"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    out->repeated = which == 1;
    out->status = next_text(&reader);
    out->missing = next_text(&reader);
    out->platform = next_text(&reader);
    out->round = next_integer(&reader);
    out->number = next_integer(&reader);
    out->named = next_text(&reader);
    out->personal_sealed = next_bytes(&reader);
    out->evidence_sha256 = next_bytes(&reader);
    out->invoice_kind = next_text(&reader);
    out->invoice_title = next_text(&reader);
    out->invoice_tax_id = next_text(&reader);
    out->certificate_der = next_bytes(&reader);
    out->portal_account_id = next_integer(&reader);
    out->portal_proof = next_text(&reader);
    return OK;
}

enum err store_submit_correction(struct db *db, const struct correction_submission *s, int64_t deadline_ms,
                                 db_done *done, void *context)
{
    const struct db_param params[] = {
        db_bytes(s->nonce_digest),
        db_text(s->renewal_no),
        db_bytes(s->corrector.certificate_fingerprint),
        db_bytes(s->evidence_sha256),
        db_bytes(s->evidence_sealed),
        db_integer(s->round),
        db_integer(s->number),
        db_texts(s->names, s->count),
        db_texts(s->old_masked, s->count),
        db_texts(s->new_masked, s->count),
        db_integers(s->changed, s->count),
        db_bytes(s->personal_sealed),
        db_text(s->agent_name_masked),
        db_text(s->agent_id_masked),
        db_text(s->agent_mobile_masked),
        db_text(s->agent_email_masked),
        db_text(s->recipient_masked),
        db_bytes(s->agent_id_index),
        db_bytes(s->agent_mobile_index),
        db_bytes(s->legal_person_id_index),
        db_bytes(s->account_number_index),
        db_texts(s->form_fields, s->form_field_count),
        db_texts(s->form_shown, s->form_field_count),
        db_text(s->invoice_title),
        db_text(s->invoice_tax_id),
        db_bytes(s->recipient_mobile_index),
        db_bytes(s->corrector.portal_token_digest),
        db_bytes(s->agent_email_index),
    };
    return db_call(db, &correction_submit, params, deadline_ms, done, context);
}

enum err store_submit_correction_read(const struct row *rows, struct arena *arena, struct kept_correction *out)
{
    static const char *const accepted[] = {"corrected", "kept", "stale"};
    struct reader reader;
    size_t which;
    enum err err = reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which);
    if (err != ERR_DB_SCHEMA)
        out->missing = row_text(rows, 0, 2, arena);
    TRY(err);
    out->stale = which == 2;
    out->status = next_text(&reader);
    return OK;
}
