/* SPDX-License-Identifier: Apache-2.0 */
#include "store/invoice.h"

#include "store/reader.h"
#include "store/statements_internal.h"

const struct db_statement order_invoice = {
    .name = "order_invoice",
    .kind = DB_WRITE,
    .sql = "select outcome, state, number, recorded_by, recorded_at, step"
           " from xuqi.order_invoice($1, $2, $3, $4, $5, $6)",
    .params = "bttttt",
    .columns = "ttttzt",
};

const struct db_statement finance_invoices = {
    .name = "finance_invoices",
    .kind = DB_READ,
    .sql = "select outcome, order_no, renewal_no, platform, payer, amount_fen, paid_at, status, kind, title, tax_id,"
           " state, number from xuqi.finance_invoices($1, $2, $3, $4, $5, $6, $7)",
    .params = "btttiTT",
    .columns = "tttttiztttttt",
};

static const struct finance_column invoice_columns[] = {
    {"order_no", FINANCE_TEXT, "订单编号"},      {"renewal_no", FINANCE_TEXT, "业务单号"},
    {"platform", FINANCE_TEXT, "平台"},          {"payer", FINANCE_TEXT, "付款人"},
    {"amount_fen", FINANCE_NUMBER, "金额"},      {"paid_at", FINANCE_TIME, "缴费时间"},
    {"status", FINANCE_TEXT, "业务状态"},        {"kind", FINANCE_TEXT, "发票类型"},
    {"title", FINANCE_TEXT, "发票抬头"},         {"tax_id", FINANCE_TEXT, "纳税人识别号"},
    {"invoice_state", FINANCE_TEXT, "发票状态"}, {"number", FINANCE_TEXT, "发票号码"},
};
const struct finance_table finance_invoice_table = {invoice_columns, ARRAY_SIZE(invoice_columns)};

const struct db_statement order_invoice_records = {
    .name = "order_invoice_records",
    .kind = DB_READ,
    .sql = "select outcome, version, state, number, corrects, reason, recorded_by, recorded_at"
           " from xuqi.order_invoice_records($1, $2)",
    .params = "bt",
    .columns = "titttttz",
};

static const struct finance_column record_columns[] = {
    {"version", FINANCE_NUMBER, NULL},   {"state", FINANCE_TEXT, NULL},  {"number", FINANCE_TEXT, NULL},
    {"corrects", FINANCE_TEXT, NULL},    {"reason", FINANCE_TEXT, NULL}, {"recorded_by", FINANCE_TEXT, NULL},
    {"recorded_at", FINANCE_TIME, NULL},
};
const struct finance_table order_invoice_record_table = {record_columns, ARRAY_SIZE(record_columns)};

enum err store_list_invoices(struct db *db, const struct finance_query *query, const struct invoice_moments *moments,
                             int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {
        db_bytes(query->token_digest),
        db_text(query->state),
        db_text(query->words),
        db_text(query->after),
        db_integer(query->size),
        db_texts(moments->approved, moments->approved_count),
        db_texts(moments->installed, moments->installed_count),
    };
    return db_call(db, &finance_invoices, params, deadline_ms, done, context);
}

enum err store_list_invoice_records(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                    db_done *done, void *context)
{
    const struct db_param params[] = {db_bytes(query->token_digest), db_text(query->order_no)};
    return db_call(db, &order_invoice_records, params, deadline_ms, done, context);
}

enum err store_note_invoice(struct db *db, const struct invoice_note *note, int64_t deadline_ms, db_done *done,
                            void *context)
{
    const struct db_param params[] = {db_bytes(note->token_digest), db_text(note->order_no), db_text(note->state),
                                      db_text(note->number),        db_text(note->corrects), db_text(note->reason)};
    return db_call(db, &order_invoice, params, deadline_ms, done, context);
}

enum err store_note_invoice_read(const struct row *rows, struct arena *arena, struct invoice_record *out)
{
    struct reader reader;
    ENSURE(row_count(rows) == 1, ERR_DB_SCHEMA);
    reader = reader_at(rows, 0, arena);
    next_text(&reader); /* the outcome */
    out->state = next_text(&reader);
    out->number = next_text(&reader);
    out->by = next_text(&reader);
    out->at_us = next_time(&reader);
    out->step = next_text(&reader);
    return reader_expect(rows, arena, "noted", &reader);
}
