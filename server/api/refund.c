/* SPDX-License-Identifier: Apache-2.0 */
/* The finance desk's refunds: the list, asking for one, approving or refusing it, trying a failed one again, and paying
 * back what came by bank transfer. Who may do what is decided by the procedures. */
#include "store/refund_desk.h"

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"

#include <string.h>

#define REASON_LENGTH_MAX    200
#define KEY_LENGTH_MAX       64
#define ACCOUNT_LENGTH_MAX   40
#define REFERENCE_LENGTH_MAX 64

/* -- the list -------------------------------------------------------------------------------------------------------
 */

static struct json *item_json(struct request *req, const struct refund_item *item)
{
    struct json *row = json_new_object();
    json_put_text(row, "refund_no", item->refund_no);
    json_put_text(row, "renewal_no", item->renewal_no);
    json_put_text(row, "order_no", item->order_no);
    json_put_text(row, "cause", item->cause);
    json_put_text(row, "state", item->state);
    reply_put_text(row, "gateway", item->gateway);
    reply_put_text(row, "gateway_txn", item->gateway_txn);
    json_put_integer(row, "paid_fen", item->paid_fen);
    json_put_integer(row, "amount_fen", item->amount_fen);
    reply_put_text(row, "reason", item->reason);
    reply_put_text(row, "retry_of", item->retry_of);
    reply_put_text(row, "asked_by", item->asked_by);
    reply_put_time(req, row, "asked_at", item->asked_at_us);
    reply_put_text(row, "approved_by", item->approved_by);
    reply_put_time(req, row, "approved_at", item->approved_at_us);
    reply_put_time(req, row, "sent_at", item->sent_at_us);
    reply_put_text(row, "last_word", item->last_word);
    reply_put_text(row, "gateway_refund_no", item->gateway_refund_no);
    reply_put_text(row, "decision", item->decision);
    reply_put_time(req, row, "ended_at", item->ended_at_us);
    return row;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct refund_page page;
    if (err == OK)
        err = store_list_refunds_read(rows, request_arena(req), &page);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *refunds = json_new_array();
    for (size_t i = 0; i < page.count; i++)
        json_append(refunds, item_json(req, &page.items[i]));
    json_put(body, "refunds", refunds);
    request_reply_json(req, 200, body);
}

static enum err read_tab(struct request *req, const char **tab)
{
    static const char *const tabs[] = {"asked", "open", "failed", "ended", "all"};
    const char *wanted = request_query(req, "tab");
    *tab = wanted == NULL ? "asked" : wanted;
    for (size_t i = 0; i < ARRAY_SIZE(tabs); i++)
        if (strcmp(tabs[i], *tab) == 0)
            return OK;
    fault_field(request_fault(req), "tab", "value", "应为asked、open、failed、ended或all",
                "Must be asked, open, failed, ended or all");
    return ERR_FIELDS_INVALID;
}

enum err api_refund_list(struct request *req)
{
    const char *after = request_query(req, "after");
    struct refund_query query = {.token_digest = access_staff_digest(req), .after = after == NULL ? "" : after};
    TRY(read_tab(req, &query.tab));
    TRY(reply_read_page_size(req, REFUND_PAGE_MAX, &query.page_size));
    return store_list_refunds(api_server(req)->db, &query, api_call_ms(req), listed, req);
}

/* -- asking ---------------------------------------------------------------------------------------------------------
 */

static void reply_refund(struct request *req, int status, const char *refund_no, const char *state)
{
    struct json *body = json_new_object();
    json_put_text(body, "refund_no", refund_no);
    json_put_text(body, "state", state);
    request_reply_json(req, status, body);
}

static void asked(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *refund_no = NULL, *state = NULL;
    if (err == OK)
        err = store_ask_refund_read(rows, request_arena(req), &refund_no, &state);
    if (err == OK)
        reply_refund(req, 201, refund_no, state);
    else
        request_fail(req, err);
}

static enum err check_request(struct request *req, const struct refund_request *ask)
{
    struct fault *fault = request_fault(req);
    if (ask->amount_fen <= 0)
        fault_field(fault, "amount_fen", "range", "应为正整数（分）", "Must be a positive whole number of fen");
    if (text_blank(ask->reason))
        fault_field(fault, "reason", "required", "请写明退款原因", "Say why");
    if (ask->key[0] == '\0')
        fault_field(fault, "request_no", "required", "请给出本次请求的编号，重复提交时使用同一编号",
                    "Give this request a number of your own; the same one when it is sent again");
    return fault_check(fault);
}

enum err api_refund_ask(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct refund_request ask = {.token_digest = access_staff_digest(req), .order_no = request_path_part(req, "no")};
    const struct json_field fields[] = {
        {"amount_fen", FIELD_INTEGER, .into = &ask.amount_fen},
        {"reason", FIELD_TEXT, .into = &ask.reason, .length_max = REASON_LENGTH_MAX},
        {"request_no", FIELD_TEXT, .into = &ask.key, .length_max = KEY_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(check_request(req, &ask));
    return store_ask_refund(api_server(req)->db, &ask, api_call_ms(req), asked, req);
}

static void retried(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *refund_no = NULL, *state = NULL;
    if (err == OK)
        err = store_retry_refund_read(rows, request_arena(req), &refund_no, &state);
    if (err == OK)
        reply_refund(req, 201, refund_no, state);
    else
        request_fail(req, err);
}

enum err api_refund_retry(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_retry_refund(api_server(req)->db, access_staff_digest(req), request_path_part(req, "refund"),
                              api_call_ms(req), retried, req);
}

/* -- deciding -------------------------------------------------------------------------------------------------------
 */

typedef enum err state_reader(const struct row *rows, struct arena *arena, const char **state);

static void decided(struct request *req, enum err err, const struct row *rows, state_reader *read)
{
    const char *state = NULL;
    if (err == OK)
        err = read(rows, request_arena(req), &state);
    if (err == OK)
        reply_refund(req, 200, request_path_part(req, "refund"), state);
    else
        request_fail(req, err);
}

static void approved(void *context, enum err err, const struct row *rows)
{
    decided(context, err, rows, store_approve_refund_read);
}

static void refused(void *context, enum err err, const struct row *rows)
{
    decided(context, err, rows, store_refuse_refund_read);
}

static void paid_out(void *context, enum err err, const struct row *rows)
{
    decided(context, err, rows, store_pay_out_refund_read);
}

enum err api_refund_approve(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_approve_refund(api_server(req)->db, access_staff_digest(req), request_path_part(req, "refund"),
                                api_call_ms(req), approved, req);
}

enum err api_refund_refuse(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *reason = NULL;
    const struct json_field fields[] = {{"reason", FIELD_TEXT, .into = &reason, .length_max = REASON_LENGTH_MAX}};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    if (text_blank(reason))
        fault_field(request_fault(req), "reason", "required", "请写明拒绝原因", "Say why");
    TRY(fault_check(request_fault(req)));
    return store_refuse_refund(api_server(req)->db, access_staff_digest(req), request_path_part(req, "refund"), reason,
                               api_call_ms(req), refused, req);
}

enum err api_refund_pay_out(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *account = NULL, *reference = NULL;
    const struct json_field fields[] = {
        {"bank_account", FIELD_TEXT, .into = &account, .length_max = ACCOUNT_LENGTH_MAX},
        {"bank_reference", FIELD_TEXT, .into = &reference, .length_max = REFERENCE_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    if (account[0] == '\0')
        fault_field(request_fault(req), "bank_account", "required", "请填写付款账户", "Say from which account");
    if (reference[0] == '\0')
        fault_field(request_fault(req), "bank_reference", "required", "请填写银行流水号", "Give the bank's reference");
    TRY(fault_check(request_fault(req)));
    return store_pay_out_refund(api_server(req)->db, access_staff_digest(req), request_path_part(req, "refund"),
                                account, reference, api_call_ms(req), paid_out, req);
}
