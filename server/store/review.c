/* SPDX-License-Identifier: Apache-2.0 */
#include "store/review.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement review_case = {
    .name = "review_case",
    .kind = DB_READ,
    .sql = "select outcome, renewal_no, status, platform, subject, common_name, organisation, certificate_serial,"
           " old_not_after, not_after, term_months, amount_fen, order_no, submitted_at, paid_at, gateway, gateway_txn,"
           " agreement_id, agreement_version, client_version, agent_name_masked, agent_id_masked, agent_mobile_masked,"
           " agent_email_masked, recipient_masked, invoice_kind, invoice_title, invoice_tax_id, profile,"
           " evidence_sha256, claimed_by, claimed_at, claimed_until, claimed_by_me, content_hash, reviews_required,"
           " approvals_done, approved_by_me, rejection_code, rejection_text, decided_at, form_fields, form_shown,"
           " warning_fields, warning_codes, version, risk, review_since, review_due, held_by, held_until, held_reason,"
           " second_claimed_by, second_claimed_until, parallel"
           " from xuqi.review_case($1, $2)",
    .params = "bt",
    .columns = "ttttttttzziitzzttttttttttttttbtzzobiiottzttttitzztzttzo",
};

const struct db_statement review_unmask = {
    .name = "review_unmask",
    .kind = DB_WRITE,
    .sql = "select outcome, evidence_sha256, personal_sealed from xuqi.review_unmask($1, $2, $3, $4, $5)",
    .params = "btTti",
    .columns = "tbb",
};

const struct db_statement review_approve = {
    .name = "review_approve",
    .kind = DB_WRITE,
    .sql = "select outcome, changed_by, changed_at, changed, status, version"
           " from xuqi.review_approve($1, $2, $3, $4, $5, $6)",
    .params = "btbitT",
    .columns = "ttztti",
};

const struct db_statement review_reject = {
    .name = "review_reject",
    .kind = DB_WRITE,
    .sql = "select outcome, changed_by, changed_at, changed, status"
           " from xuqi.review_reject($1, $2, $3, $4, $5, $6)",
    .params = "btttit",
    .columns = "ttztt",
};

const struct db_statement review_return = {
    .name = "review_return",
    .kind = DB_WRITE,
    .sql = "select outcome, changed_by, changed_at, changed, status"
           " from xuqi.review_return($1, $2, $3, $4, $5, $6, $7, $8)",
    .params = "btbTTTit",
    .columns = "ttztt",
};

enum err store_get_case(struct db *db, struct bytes token_digest, const char *renewal_no, int64_t deadline_ms,
                        db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(token_digest), db_text(renewal_no)};
    return db_call(db, &review_case, params, deadline_ms, done, context);
}

/* Long because a case has fifty columns: one line each, in the statement's order. */
enum err store_get_case_read(const struct row *rows, struct arena *arena, struct review_case *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    out->renewal_no = next_text(&reader);
    out->status = next_text(&reader);
    out->platform = next_text(&reader);
    out->subject = next_text(&reader);
    out->common_name = next_text(&reader);
    out->organisation = next_text(&reader);
    out->certificate_serial = next_text(&reader);
    out->old_not_after_us = next_time(&reader);
    out->not_after_us = next_time(&reader);
    out->term_months = next_integer(&reader);
    out->amount_fen = next_integer(&reader);
    out->order_no = next_text(&reader);
    out->submitted_at_us = next_time(&reader);
    out->paid_at_us = next_time(&reader);
    out->gateway = next_text(&reader);
    out->gateway_txn = next_text(&reader);
    out->agreement_id = next_text(&reader);
    out->agreement_version = next_text(&reader);
    out->client_version = next_text(&reader);
    out->agent_name_masked = next_text(&reader);
    out->agent_id_masked = next_text(&reader);
    out->agent_mobile_masked = next_text(&reader);
    out->agent_email_masked = next_text(&reader);
    out->recipient_masked = next_text(&reader);
    out->invoice_kind = next_text(&reader);
    out->invoice_title = next_text(&reader);
    out->invoice_tax_id = next_text(&reader);
    out->profile = next_text(&reader);
    out->evidence_sha256 = next_bytes(&reader);
    out->claimed_by = next_text(&reader);
    out->claimed_at_us = next_time(&reader);
    out->claimed_until_us = next_time(&reader);
    out->claimed_by_me = next_boolean(&reader);
    out->content_hash = next_bytes(&reader);
    out->reviews_required = next_integer(&reader);
    out->approvals_done = next_integer(&reader);
    out->approved_by_me = next_boolean(&reader);
    out->rejection_code = next_text(&reader);
    out->rejection_text = next_text(&reader);
    out->decided_at_us = next_time(&reader);
    out->form_fields = next_text(&reader);
    out->form_shown = next_text(&reader);
    out->warning_fields = next_text(&reader);
    out->warning_codes = next_text(&reader);
    out->version = next_integer(&reader);
    out->risk = next_text(&reader);
    out->review_since_us = next_time(&reader);
    out->review_due_us = next_time(&reader);
    out->held_by = next_text(&reader);
    out->held_until_us = next_time(&reader);
    out->held_reason = next_text(&reader);
    out->second_claimed_by = next_text(&reader);
    out->second_claimed_until_us = next_time(&reader);
    out->parallel = next_boolean(&reader);
    return OK;
}

/* -- what was changed meanwhile: the three columns behind the outcome ------------------------------------------------
 */

static void skip_change(struct reader *reader)
{
    next_text(reader);
    next_time(reader);
    next_text(reader);
}

void store_review_change_read(const struct row *rows, struct arena *arena, struct review_change *out)
{
    struct reader reader = reader_at(rows, 0, arena);
    next_text(&reader); /* the outcome */
    out->by = next_text(&reader);
    out->at_us = next_time(&reader);
    out->step = next_text(&reader);
}

/* -- decisions -------------------------------------------------------------------------------------------------------
 */

enum err store_approve_case(struct db *db, const struct review_approval *approval, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {
        db_bytes(approval->write.token_digest), db_text(approval->write.renewal_no),
        db_bytes(approval->content_hash),       db_integer(approval->write.version),
        db_text(approval->write.key),           db_texts(approval->ticks, approval->tick_count)};
    return db_call(db, &review_approve, params, deadline_ms, done, context);
}

enum err store_approve_case_read(const struct row *rows, struct arena *arena, struct approved_case *out)
{
    static const char *const accepted[] = {"first_approval", "approved"};
    struct reader reader;
    size_t complete;
    TRY(reader_outcome(rows, arena, accepted, ARRAY_SIZE(accepted), &reader, &complete));
    skip_change(&reader);
    out->complete = complete == 1;
    out->status = next_text(&reader);
    out->version = next_integer(&reader);
    return OK;
}

enum err store_reject_case(struct db *db, const struct review_rejection *rejection, int64_t deadline_ms, db_done *done,
                           void *context)
{
    const struct db_param params[] = {db_bytes(rejection->write.token_digest), db_text(rejection->write.renewal_no),
                                      db_text(rejection->reason_code),         db_text(rejection->reason_text),
                                      db_integer(rejection->write.version),    db_text(rejection->write.key)};
    return db_call(db, &review_reject, params, deadline_ms, done, context);
}

enum err store_reject_case_read(const struct row *rows, struct arena *arena, const char **status)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "rejected", &reader));
    skip_change(&reader);
    *status = next_text(&reader);
    return OK;
}

enum err store_unmask_case(struct db *db, const struct case_unmasking *asked, int64_t deadline_ms, db_done *done,
                           void *context)
{
    const struct db_param params[] = {db_bytes(asked->token_digest), db_text(asked->renewal_no),
                                      db_texts(asked->fields, asked->field_count), db_text(asked->reason),
                                      db_integer(asked->per_day)};
    return db_call(db, &review_unmask, params, deadline_ms, done, context);
}

enum err store_unmask_case_read(const struct row *rows, struct arena *arena, struct unmasked_case *out)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "ok", &reader));
    out->evidence_sha256 = next_bytes(&reader);
    out->personal_sealed = next_bytes(&reader);
    return OK;
}

enum err store_return_case(struct db *db, const struct review_return *it, int64_t deadline_ms, db_done *done,
                           void *context)
{
    const struct db_param params[] = {
        db_bytes(it->write.token_digest),
        db_text(it->write.renewal_no),
        db_bytes(it->content_hash),
        db_texts(it->names, it->count),
        db_texts(it->reason_codes, it->count),
        db_texts(it->reason_texts, it->count),
        db_integer(it->write.version),
        db_text(it->write.key),
    };
    return db_call(db, &review_return, params, deadline_ms, done, context);
}

enum err store_return_case_read(const struct row *rows, struct arena *arena, const char **status)
{
    struct reader reader;
    TRY(reader_expect(rows, arena, "returned", &reader));
    skip_change(&reader);
    *status = next_text(&reader);
    return OK;
}
