/* SPDX-License-Identifier: Apache-2.0 */
#include "store/order.h"

#include "store/reader.h"
#include "store/statements_internal.h"

#include <string.h>

const struct db_statement renewal_order = {
    .name = "renewal_order",
    .kind = DB_READ,
    .sql = "select renewal_no, status, platform, subject, recipient_masked, invoice_kind, invoice_title,"
           " invoice_tax_id, payment_methods, pay_until, account, order_no, state, refund_state, amount_fen,"
           " created_at, paid_at, paid_gateway, fee_name, unit_fen, quantity from xuqi.renewal_order($1)",
    .params = "t",
    .columns = "tttttttttzttttizzttii",
};

const struct db_statement renewal_invoice = {
    .name = "renewal_invoice",
    .kind = DB_WRITE,
    .sql = "select outcome from xuqi.renewal_invoice($1, $2, $3, $4)",
    .params = "tttt",
    .columns = "t",
};

enum err store_set_invoice(struct db *db, const char *renewal_no, const char *kind, const char *title,
                           const char *tax_id, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no), db_text(kind), db_text(title), db_text(tax_id)};
    return db_call(db, &renewal_invoice, params, deadline_ms, done, context);
}

enum err store_set_invoice_read(const struct row *rows, struct arena *arena)
{
    struct reader reader;
    return reader_expect(rows, arena, "changed", &reader);
}

enum err store_get_order_page(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done, void *context)
{
    const struct db_param params[] = {db_text(renewal_no)};
    return db_call(db, &renewal_order, params, deadline_ms, done, context);
}

static void read_page(struct reader *reader, struct order_page *out)
{
    out->renewal_no = next_text(reader);
    out->status = next_text(reader);
    out->platform = next_text(reader);
    out->subject = next_text(reader);
    out->recipient_masked = next_text(reader);
    out->invoice_kind = next_text(reader);
    out->invoice_title = next_text(reader);
    out->invoice_tax_id = next_text(reader);
    out->payment_methods = next_text(reader);
    out->pay_until_us = next_time(reader);
    out->account = next_text(reader);
}

static void read_order(struct reader *reader, struct order *out)
{
    out->order_no = next_text(reader);
    out->state = next_text(reader);
    out->refund_state = next_text(reader);
    out->amount_fen = next_integer(reader);
    out->created_at_us = next_time(reader);
    out->paid_at_us = next_time(reader);
    out->paid_gateway = next_text(reader);
}

static void read_line(struct reader *reader, struct order_line *out)
{
    out->name = next_text(reader);
    out->unit_fen = next_integer(reader);
    out->quantity = next_integer(reader);
}

/* Rows of one order follow each other. */
enum err store_get_order_page_read(const struct row *rows, struct arena *arena, struct order_page *out)
{
    size_t count = row_count(rows), order_count = 0;
    ENSURE(count > 0, ERR_RENEWAL_UNKNOWN);
    struct order *orders = arena_alloc(arena, count * sizeof(*orders));
    struct order_line *lines = arena_alloc(arena, count * sizeof(*lines));
    for (size_t i = 0; i < count; i++) {
        struct reader reader = reader_at(rows, i, arena);
        struct order order = {.lines = &lines[i]};
        read_page(&reader, out);
        read_order(&reader, &order);
        read_line(&reader, &lines[i]);
        if (order_count == 0 || strcmp(orders[order_count - 1].order_no, order.order_no) != 0)
            orders[order_count++] = order;
        orders[order_count - 1].line_count++;
    }
    out->orders = orders;
    out->order_count = order_count;
    return OK;
}
