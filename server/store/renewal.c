/* SPDX-License-Identifier: Apache-2.0 */
#include "store/renewal.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement renewal_submit = {
    .name = "renewal_submit",
    .kind = DB_WRITE,
    .sql = "select outcome, renewal_no, order_no, status, amount_fen, not_after, submitted_at, quote, shown_fen"
           " from xuqi.renewal_submit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
           " $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39,"
           " $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55)",
    .params = "bttbtbzbtttbbiiiizttitttttttttttttbbbiiTTbbTTTTbTTTTtTb",
    .columns = "ttttizzti",
};

const struct db_statement renewal_eligibility = {
    .name = "renewal_eligibility",
    .kind = DB_READ,
    .sql = "select refusal, open, quote_version, effective_from, months, amount_fen, name, unit_fen, quantity"
           " from xuqi.renewal_eligibility($1, $2, $3, $4)",
    .params = "btti",
    .columns = "toiziitii",
};

const struct db_statement renewal_lookup = {
    .name = "renewal_lookup",
    .kind = DB_WRITE,
    .sql = "select outcome, renewal_no, status, platform, organisation, submitted_at, not_after "
           "from xuqi.renewal_lookup($1, $2, $3)",
    .params = "bbb",
    .columns = "tttttzz",
};

const struct db_statement renewal_cancel = {
    .name = "renewal_cancel",
    .kind = DB_WRITE,
    .sql = "select outcome, status, refund_no, amount_fen from xuqi.renewal_cancel($1)",
    .params = "t",
    .columns = "ttti",
};

const struct db_statement renewal_progress = {
    .name = "renewal_progress",
    .kind = DB_READ,
    .sql = "select renewal_no, status, platform, subject, order_no, amount_fen, term_months, old_not_after, not_after,"
           " submitted_at, paid_at, decided_at, issued_at, completed_at, payment_status, paid_method, rejection_code,"
           " rejection_text, reviews_required, reviews_done, profile, version, returns, returned_at, returned,"
           " identity_steps, account from xuqi.renewal_progress($1)",
    .params = "t",
    .columns = "tttttiizzzzzzzttttiitiizttt",
};

const struct db_statement renewal_changes = {
    .name = "renewal_changes",
    .kind = DB_READ,
    .sql = "select renewal_no, version from xuqi.renewal_changes($1, $2)",
    .params = "TI",
    .columns = "ti",
};

const struct db_statement certificate_acknowledge = {
    .name = "certificate_acknowledge",
    .kind = DB_WRITE,
    .sql = "select outcome, status from xuqi.certificate_acknowledge($1)",
    .params = "t",
    .columns = "tt",
};

/* Long because the procedure takes 55 parameters: one each, in its order. */
enum err store_submit_renewal(struct db *db, const struct renewal_submission *s, int64_t deadline_ms, db_done *done,
                              void *context)
{
    const struct db_param params[] = {
        db_bytes(s->nonce_digest),
        db_text(s->platform),
        db_text(s->platform_version),
        db_bytes(s->certificate_fingerprint),
        db_text(s->certificate_serial),
        db_bytes(s->certificate_der),
        db_time(s->certificate_not_after_us),
        db_bytes(s->subject_der),
        db_text(s->subject),
        db_text(s->common_name),
        db_text(s->organisation),
        db_bytes(s->evidence_sha256),
        db_bytes(s->evidence_sealed),
        db_integer(s->term_months),
        db_integer(s->quote_version),
        db_integer(s->amount_shown_fen),
        db_integer(s->tax_rate_permyriad),
        db_time(s->new_not_after_us),
        db_text(s->profile),
        db_text(s->profile_version),
        db_integer(s->reviews_required),
        db_text(s->account_verification),
        db_text(s->agreement_id),
        db_text(s->agreement_version),
        db_text(s->agreement_sha256),
        db_text(s->client_version),
        db_text(s->agent_name_masked),
        db_text(s->agent_id_masked),
        db_text(s->agent_mobile_masked),
        db_text(s->agent_email_masked),
        db_text(s->recipient_masked),
        db_text(s->invoice_kind),
        db_text(s->invoice_title),
        db_text(s->invoice_tax_id),
        db_bytes(s->personal_sealed),
        db_bytes(s->agent_id_index),
        db_bytes(s->agent_mobile_index),
        db_integer(s->open_per_organisation),
        db_integer(s->unpaid_close_days),
        db_texts(s->payment_methods, s->payment_method_count),
        db_texts(s->required_materials, s->required_material_count),
        db_bytes(s->legal_person_id_index),
        db_bytes(s->account_number_index),
        db_texts(s->form_fields, s->form_field_count),
        db_texts(s->form_shown, s->form_field_count),
        db_texts(s->warning_fields, s->warning_count),
        db_texts(s->warning_codes, s->warning_count),
        db_bytes(s->recipient_mobile_index),
        db_texts(s->accepted_kinds, s->accepted_count),
        db_texts(s->accepted_ids, s->accepted_count),
        db_texts(s->accepted_versions, s->accepted_count),
        db_texts(s->accepted_sha256s, s->accepted_count),
        db_text(s->client_address),
        db_texts(s->required_identity_steps, s->required_identity_step_count),
        db_bytes(s->agent_email_index),
    };
    return db_call(db, &renewal_submit, params, deadline_ms, done, context);
}

enum err store_submit_renewal_read(const struct row *rows, struct arena *arena, struct submitted_renewal *out)
{
    static const char *const accepted[] = {"open", "created"};
    struct reader reader;
    size_t created;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &created));
    out->created = created == 1;
    out->renewal_no = next_text(&reader);
    out->order_no = next_text(&reader);
    out->status = next_text(&reader);
    out->amount_fen = next_integer(&reader);
    out->not_after_us = next_time(&reader);
    out->submitted_at_us = next_time(&reader);
    return OK;
}

void store_submit_renewal_quote(const struct row *rows, struct arena *arena, struct refused_quote *out)
{
    enum { AMOUNT = 4, QUOTE = 7, SHOWN = 8 }; /* columns */
    *out = (struct refused_quote){.json = row_text(rows, 0, QUOTE, arena)};
    if (!row_is_null(rows, 0, AMOUNT))
        out->amount_fen = row_integer(rows, 0, AMOUNT);
    if (!row_is_null(rows, 0, SHOWN))
        out->shown_fen = row_integer(rows, 0, SHOWN);
}

enum err store_get_eligibility(struct db *db, const struct eligibility_question *question, int64_t deadline_ms,
                               db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(question->certificate_fingerprint), db_text(question->organisation),
                                      db_text(question->platform), db_integer(question->open_per_organisation)};
    return db_call(db, &renewal_eligibility, params, deadline_ms, done, context);
}

enum err store_get_eligibility_read(const struct row *rows, struct arena *arena, struct eligibility *out)
{
    ENSURE(row_count(rows) >= 1, ERR_DB_SCHEMA);
    struct reader reader = reader_at(rows, 0, arena);
    const char *word = next_text(&reader);
    enum err refusal = word[0] == '\0' ? OK : err_from_code(word);
    ENSURE(refusal != ERR_COUNT, ERR_DB_SCHEMA);
    struct eligibility known = {.refusal = refusal, .open = next_boolean(&reader)};
    quote_read(rows, reader.column, arena, &known.quote);
    *out = known;
    return OK;
}

enum err store_lookup_renewals(struct db *db, const struct renewal_lookup *lookup, int64_t deadline_ms, db_done *done,
                               void *context)
{
    const struct db_param params[] = {db_bytes(lookup->nonce_digest), db_bytes(lookup->evidence_sha256),
                                      db_bytes(lookup->certificate_fingerprint)};
    return db_call(db, &renewal_lookup, params, deadline_ms, done, context);
}

static struct found_renewal read_found(const struct row *rows, size_t row, struct arena *arena)
{
    struct reader reader = reader_at(rows, row, arena);
    (void)next_text(&reader); /* the outcome, the same in every row */
    struct found_renewal found;
    found.renewal_no = next_text(&reader);
    found.status = next_text(&reader);
    found.platform = next_text(&reader);
    found.organisation = next_text(&reader);
    found.submitted_at_us = next_time(&reader);
    found.not_after_us = next_time(&reader);
    return found;
}

enum err store_lookup_renewals_read(const struct row *rows, struct arena *arena, struct found_renewals *out)
{
    static const char *const accepted[] = {"empty", "found"};
    struct reader reader;
    size_t found;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &found));
    size_t count = found == 1 ? row_count(rows) : 0;
    struct found_renewal *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        items[i] = read_found(rows, i, arena);
    *out = (struct found_renewals){items, count};
    return OK;
}

enum err store_cancel_renewal(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &renewal_cancel, params, deadline_ms, done, context);
}

enum err store_cancel_renewal_read(const struct row *rows, struct arena *arena, struct cancelled_renewal *out)
{
    static const char *const accepted[] = {"cancelled", "refund_asked"};
    struct reader reader;
    size_t which;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &which));
    out->cancelled = which == 0;
    out->status = next_text(&reader);
    out->refund_no = next_text(&reader);
    out->amount_fen = next_integer(&reader);
    return OK;
}

enum err store_get_progress(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &renewal_progress, params, deadline_ms, done, context);
}

enum err store_get_progress_read(const struct row *rows, struct arena *arena, struct renewal_progress *out)
{
    ENSURE(row_count(rows) == 1, ERR_RENEWAL_UNKNOWN);
    struct reader reader = reader_at(rows, 0, arena);
    out->renewal_no = next_text(&reader);
    out->status = next_text(&reader);
    out->platform = next_text(&reader);
    out->subject = next_text(&reader);
    out->order_no = next_text(&reader);
    out->amount_fen = next_integer(&reader);
    out->term_months = next_integer(&reader);
    out->old_not_after_us = next_time(&reader);
    out->not_after_us = next_time(&reader);
    out->submitted_at_us = next_time(&reader);
    out->paid_at_us = next_time(&reader);
    out->decided_at_us = next_time(&reader);
    out->issued_at_us = next_time(&reader);
    out->completed_at_us = next_time(&reader);
    out->payment_status = next_text(&reader);
    out->paid_method = next_text(&reader);
    out->rejection_code = next_text(&reader);
    out->rejection_text = next_text(&reader);
    out->reviews_required = next_integer(&reader);
    out->reviews_done = next_integer(&reader);
    out->profile = next_text(&reader);
    out->version = next_integer(&reader);
    out->returns = next_integer(&reader);
    out->returned_at_us = next_time(&reader);
    out->returned = next_text(&reader);
    out->identity_steps = next_text(&reader);
    out->account = next_text(&reader);
    return OK;
}

enum err store_find_changes(struct db *db, const char *const *renewal_nos, const int64_t *versions, size_t count,
                            int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_texts(renewal_nos, count), db_integers(versions, count)};
    return db_call(db, &renewal_changes, params, deadline_ms, done, context);
}

enum err store_find_changes_read(const struct row *rows, struct arena *arena, struct renewal_changes *out)
{
    size_t count = row_count(rows);
    struct renewal_change *items = arena_alloc(arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].renewal_no = next_text(&reader);
        items[i].version = next_integer(&reader);
    }
    *out = (struct renewal_changes){.items = items, .count = count};
    return OK;
}

enum err store_acknowledge_certificate(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                                       void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &certificate_acknowledge, params, deadline_ms, done, context);
}

enum err store_acknowledge_certificate_read(const struct row *rows, struct arena *arena, const char **status)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "completed", &reader));
    *status = next_text(&reader);
    return OK;
}
