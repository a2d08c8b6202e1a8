/* SPDX-License-Identifier: Apache-2.0 */
#include "store/subject.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement subject_export = {
    .name = "subject_export",
    .kind = DB_WRITE, /* it writes onto the audit trail */
    .sql = "select renewal_no, as_agent, as_recipient, status, platform, subject, submitted_at, paid_at, amount_fen,"
           " invoice_title, invoice_tax_id, evidence_sha256, personal_sealed, accepted, documents, looked_at, class,"
           " basis, until from xuqi.subject_export($1, $2, $3, $4)",
    .params = "Ttii",
    .columns = "tootttzzittbbtttttz",
};

const struct db_statement subject_erase = {
    .name = "subject_erase",
    .kind = DB_WRITE,
    .sql = "select renewal_no, outcome, class, basis, until from xuqi.subject_erase($1, $2, $3, $4)",
    .params = "Ttii",
    .columns = "ttttz",
};

const struct db_statement retention_erase = {
    .name = "retention_erase",
    .kind = DB_WRITE,
    .sql = "select erased from xuqi.retention_erase($1, $2, $3)",
    .params = "iii",
    .columns = "i",
};

static enum err call_for_subject(struct db *db, const struct db_statement *statement,
                                 const struct subject_request *asked, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_texts(asked->indexes, asked->index_count), db_text(asked->reason),
                                      db_integer(asked->retention.unpaid_days),
                                      db_integer(asked->retention.evidence_years)};
    return db_call(db, statement, params, deadline_ms, done, context);
}

enum err store_export_subject(struct db *db, const struct subject_request *asked, int64_t deadline_ms, db_done *done,
                              void *context)
{
    return call_for_subject(db, &subject_export, asked, deadline_ms, done, context);
}

static struct subject_renewal read_renewal(struct reader reader)
{
    struct subject_renewal it;
    it.renewal_no = next_text(&reader);
    it.as_agent = next_boolean(&reader);
    it.as_recipient = next_boolean(&reader);
    it.status = next_text(&reader);
    it.platform = next_text(&reader);
    it.subject = next_text(&reader);
    it.submitted_at_us = next_time(&reader);
    it.paid_at_us = next_time(&reader);
    it.amount_fen = next_integer(&reader);
    it.invoice_title = next_text(&reader);
    it.invoice_tax_id = next_text(&reader);
    it.evidence_sha256 = next_bytes(&reader);
    it.personal_sealed = next_bytes(&reader);
    it.accepted = next_text(&reader);
    it.documents = next_text(&reader);
    it.looked_at = next_text(&reader);
    it.retention_class = next_text(&reader);
    it.basis = next_text(&reader);
    it.until_us = next_time(&reader);
    return it;
}

enum err store_export_subject_read(const struct row *rows, struct arena *arena, struct subject_renewals *out)
{
    size_t count = row_count(rows);
    struct subject_renewal *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        items[i] = read_renewal(reader_at(rows, i, arena));
    *out = (struct subject_renewals){items, count};
    return OK;
}

enum err store_erase_subject(struct db *db, const struct subject_request *asked, int64_t deadline_ms, db_done *done,
                             void *context)
{
    return call_for_subject(db, &subject_erase, asked, deadline_ms, done, context);
}

enum err store_erase_subject_read(const struct row *rows, struct arena *arena, struct subject_erasures *out)
{
    size_t count = row_count(rows);
    struct subject_erasure *items = arena_alloc(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        items[i].renewal_no = next_text(&reader);
        items[i].outcome = next_text(&reader);
        items[i].retention_class = next_text(&reader);
        items[i].basis = next_text(&reader);
        items[i].until_us = next_time(&reader);
    }
    *out = (struct subject_erasures){items, count};
    return OK;
}

enum err store_erase_lapsed(struct db *db, const struct retention *retention, int64_t batch, int64_t deadline_ms,
                            db_done *done, void *context)
{
    const struct db_param params[] = {db_integer(retention->unpaid_days), db_integer(retention->evidence_years),
                                      db_integer(batch)};
    return db_call(db, &retention_erase, params, deadline_ms, done, context);
}

enum err store_erase_lapsed_read(const struct row *rows, int64_t *erased)
{
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    *erased = row_integer(rows, 0, 0);
    return OK;
}
