/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/renewals/{no}/order: all that the payer's page shows, in the words of the guides (业务信息, 订单详情,
 * 费用, 支付方式). Which gateway words mean what is said once, in the tables below. */
#include "store/order.h"
#include "api/account.h"
#include "api/handlers.h"
#include "api/methods.h"
#include "api/order.h"
#include "api/rails.h"
#include "api/reply.h"
#include "api/server.h"
#include "api/transfer.h"
#include "store/refund.h"

#include <string.h>

static const struct {
    const char *word, *zh;
} kinds[] = {{"none", "无需发票"}, {"electronic", "电子发票"}, {"paper_fixed", "普通定额发票"}};

static const char *invoice_kind_zh(const char *kind)
{
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
        if (strcmp(kinds[i].word, kind) == 0)
            return kinds[i].zh;
    return "";
}

/* -- 订单详情 ---------------------------------------------------------------------------------------------------- */

struct transaction {
    const char *status, *zh;
};

static const struct transaction refunded[] = {
    {"refunding", "退款中"}, {"part_refunded", "部分退款"}, {"refunded", "已退款"}};

static struct transaction transaction_of(const struct order *order)
{
    if (strcmp(order->state, "paid") != 0)
        return (struct transaction){"unpaid", "未支付"};
    for (size_t i = 0; i < ARRAY_SIZE(refunded); i++)
        if (strcmp(refunded[i].status, order->refund_state) == 0)
            return refunded[i];
    return (struct transaction){"paid", "支付成功"};
}

static struct json *line_json(const struct order_line *line)
{
    struct json *row = json_new_object();
    json_put_text(row, "name", line->name);
    json_put_integer(row, "unit_price_fen", line->unit_fen);
    json_put_integer(row, "quantity", line->quantity);
    json_put_integer(row, "subtotal_fen", line->unit_fen * line->quantity);
    return row;
}

static struct json *order_json(struct request *req, const struct order *order)
{
    struct json *row = json_new_object(), *lines = json_new_array();
    struct transaction transaction = transaction_of(order);
    bool cancelled = strcmp(order->state, "cancelled") == 0;
    for (size_t i = 0; i < order->line_count; i++)
        json_append(lines, line_json(&order->lines[i]));
    json_put_text(row, "order_no", order->order_no);
    json_put_text(row, "transaction_kind", "payment");
    json_put_text(row, "transaction_kind_name", "消费");
    json_put_text(row, "transaction_status", transaction.status);
    json_put_text(row, "transaction_status_name", transaction.zh);
    json_put_text(row, "state", cancelled ? "cancelled" : "normal");
    json_put_text(row, "state_name", cancelled ? "已取消" : "正常");
    reply_put_time(req, row, "created_at", order->created_at_us);
    reply_put_time(req, row, "paid_at", order->paid_at_us);
    reply_put_text(row, "method", order->paid_gateway);
    json_put_integer(row, "amount_fen", order->amount_fen);
    json_put(row, "lines", lines);
    return row;
}

/* -- 支付方式 ---------------------------------------------------------------------------------------------------- */

struct json *order_methods_json(const struct api_server *server, const char *words)
{
    struct json *methods = json_new_array();
    for (size_t i = 0; i < payment_method_count; i++) {
        const char *method = payment_methods[i].method;
        if (!method_listed(words, method) || !method_offered(server, method))
            continue;
        struct json *row = json_new_object();
        json_put_text(row, "method", method);
        json_put_text(row, "name", payment_methods[i].zh);
        json_append(methods, row);
    }
    return methods;
}

/* 银行转账: where to pay, and what to write into the remark so that the money finds its order. NULL: not offered. */
static struct json *transfer_json(struct request *req, const struct order_page *page, const struct platform *platform)
{
    if (!method_listed(page->payment_methods, "bank_transfer"))
        return NULL;
    struct json *transfer = json_new_object();
    const char *remark = page->orders[0].order_no;
    json_put(transfer, "accounts", transfer_accounts_json(request_arena(req), platform));
    json_put_text(transfer, "remark", remark);
    json_put_text(transfer, "hint",
                  arena_format(request_arena(req), "转账时请在附言中填写订单编号%s，到账后自动核验", remark));
    return transfer;
}

/* -- the page ---------------------------------------------------------------------------------------------------- */

static struct json *invoice_json(const struct order_page *page)
{
    if (page->invoice_kind[0] == '\0')
        return NULL;
    struct json *invoice = json_new_object();
    json_put_text(invoice, "kind", page->invoice_kind);
    json_put_text(invoice, "kind_name", invoice_kind_zh(page->invoice_kind));
    reply_put_text(invoice, "title", page->invoice_title);
    reply_put_text(invoice, "tax_id", page->invoice_tax_id);
    return invoice;
}

static struct json *page_json(struct request *req, const struct order_page *page)
{
    const struct api_server *server = api_server(req);
    const struct platform *platform = platform_find(server->platforms, page->platform);
    const struct order *current = &page->orders[0];
    struct transaction transaction = transaction_of(current);
    struct json *body = json_new_object(), *orders = json_new_array();
    for (size_t i = 0; i < page->order_count; i++)
        json_append(orders, order_json(req, &page->orders[i]));
    json_put_text(body, "renewal_no", page->renewal_no);
    reply_put_state(body, page->status);
    json_put_text(body, "platform", page->platform);
    json_put_text(body, "subject", page->subject);
    json_put_text(body, "payment_status", transaction.status);
    json_put_text(body, "payment_status_name", transaction.zh);
    json_put_integer(body, "amount_fen", current->amount_fen);
    reply_put_time(req, body, "pay_until", page->pay_until_us);
    reply_put_text(body, "recipient", page->recipient_masked);
    reply_put_text(body, "courier", platform == NULL ? "" : platform->courier);
    json_put(body, "invoice", invoice_json(page));
    json_put(body, "orders", orders);
    json_put(body, "payment_methods", order_methods_json(server, page->payment_methods));
    json_put(body, "bank_transfer", transfer_json(req, page, platform));
    account_put_state(server->settings, request_arena(req), body, page->account);
    return body;
}

/* -- 退款 --------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *word, *zh;
} refund_causes[] = {{"cancellation", "申请撤销"},
                     {"rejection", "审核不通过"},
                     {"surplus", "多付退回"},
                     {"staff", "人工退款"}},
  refund_states[] = {{"asked", "待审批"},
                     {"approved", "退款中"},
                     {"sent", "退款中"},
                     {"unknown", "退款中"},
                     {"awaiting_payout", "待转账"},
                     {"done", "已退款"},
                     {"failed", "退款失败，人工处理中"}};

#define NAME_OF(table, wanted)                                                                                         \
    for (size_t i = 0; i < ARRAY_SIZE(table); i++)                                                                     \
        if (strcmp((table)[i].word, wanted) == 0)                                                                      \
            return (table)[i].zh;                                                                                      \
    return ""

static const char *cause_zh(const char *word)
{
    NAME_OF(refund_causes, word);
}

static const char *state_zh(const char *word)
{
    NAME_OF(refund_states, word);
}

static struct json *refund_json(struct request *req, const struct order_refund *refund)
{
    struct json *row = json_new_object();
    json_put_text(row, "refund_no", refund->refund_no);
    json_put_text(row, "order_no", refund->order_no);
    json_put_text(row, "transaction_kind", "refund");
    json_put_text(row, "transaction_kind_name", "退款");
    json_put_text(row, "cause", refund->cause);
    json_put_text(row, "cause_name", cause_zh(refund->cause));
    json_put_text(row, "state", refund->state);
    json_put_text(row, "state_name", state_zh(refund->state));
    json_put_integer(row, "amount_fen", refund->amount_fen);
    reply_put_text(row, "method", refund->method);
    reply_put_time(req, row, "created_at", refund->asked_at_us);
    reply_put_time(req, row, "ended_at", refund->ended_at_us);
    return row;
}

struct showing {
    struct request *req;
    struct order_page page;
};

static void got_refunds(void *context, enum err err, const struct row *rows)
{
    struct showing *showing = context;
    const struct order_refund *refunds = NULL;
    size_t count = 0;
    if (err == OK)
        err = store_list_order_refunds_read(rows, request_arena(showing->req), &refunds, &count);
    if (err != OK) {
        request_fail(showing->req, err);
        return;
    }
    struct json *body = page_json(showing->req, &showing->page), *list = json_new_array();
    for (size_t i = 0; i < count; i++)
        json_append(list, refund_json(showing->req, &refunds[i]));
    json_put(body, "refunds", list);
    request_reply_json(showing->req, 200, body);
}

static void got(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct showing *showing = ARENA_NEW(request_arena(req), struct showing);
    showing->req = req;
    if (err == OK)
        err = store_get_order_page_read(rows, request_arena(req), &showing->page);
    if (err == OK)
        err = store_list_order_refunds(api_server(req)->db, showing->page.renewal_no, api_call_ms(req), got_refunds,
                                       showing);
    if (err != OK)
        request_fail(req, err);
}

enum err api_renewal_order(struct request *req)
{
    return store_get_order_page(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), got, req);
}
