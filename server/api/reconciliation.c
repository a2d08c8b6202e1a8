/* SPDX-License-Identifier: Apache-2.0 */
/* Finance's desk: how each day of each rail stands, a bill handed in, a day once more, payouts, and why clearing
 * accounts hold what they hold. */
#include "api/reconciliation.h"

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "documents/bill.h"
#include "pki/digest.h"
#include "store/difference.h"

#include <stdlib.h>
#include <string.h>

#define REFERENCE_MAX 64
#define ACCOUNT_MAX   34
#define AMOUNT_MAX    INT64_C(100000000000)

/* -- days, rails, classes ------------------------------------------------------------------------------------------ */

bool reconciliation_day_fits(struct request *req, const char *name, const char *day)
{
    int year, month, date;
    if (bill_day_parse(day, &year, &month, &date))
        return true;
    fault_field(request_fault(req), name, "value", "应为日期，如2026-11-20", "Must be a day, as 2026-11-20");
    return false;
}

bool reconciliation_rail_fits(struct request *req, const char *name, const char *rail)
{
    if (bill_rail_known(rail))
        return true;
    fault_field(request_fault(req), name, "value", "应为alipay、unionpay或wechat",
                "Must be alipay, unionpay or wechat");
    return false;
}

enum err reconciliation_read_path(struct request *req, const char **rail, const char **day)
{
    *rail = request_path_part(req, "rail");
    *day = request_path_part(req, "day");
    bool fits = reconciliation_rail_fits(req, "rail", *rail);
    return reconciliation_day_fits(req, "day", *day) && fits ? OK : ERR_FIELDS_INVALID;
}

const char *reconciliation_class_name(const char *class)
{
    static const struct {
        const char *code, *name;
    } classes[] = {
        {"match_long", "长款"},        {"match_short", "短款"},     {"match_amount", "金额不符"},
        {"match_state", "状态不符"},   {"match_cross_day", "跨日"}, {"match_fee", "手续费差异"},
        {"match_changed", "账单变更"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(classes); i++)
        if (strcmp(classes[i].code, class) == 0)
            return classes[i].name;
    return "";
}

/* -- how days stand ------------------------------------------------------------------------------------------------ */

static struct json *ours_json(const struct match_day *it)
{
    struct json *json = json_new_object();
    json_put_integer(json, "payments", it->payments);
    json_put_integer(json, "payments_fen", it->payments_fen);
    return json;
}

static struct json *gateway_json(const struct match_day *it)
{
    struct json *json = json_new_object();
    json_put_integer(json, "payments", it->their_payments);
    json_put_integer(json, "payments_fen", it->their_payments_fen);
    json_put_integer(json, "refunds", it->their_refunds);
    json_put_integer(json, "refunds_fen", it->their_refunds_fen);
    json_put_integer(json, "fee_fen", it->fee_fen);
    json_put_integer(json, "net_fen", it->their_payments_fen - it->their_refunds_fen - it->fee_fen);
    return json;
}

/* "match_long 3 (1), match_fee 1 (0)" as the database counts them. */
static struct json *counts_json(struct request *req, const char *differences)
{
    struct json *list = json_new_array();
    for (char *at = arena_text(request_arena(req), differences); *at != '\0'; at += strspn(at, "), ")) {
        const char *class = at;
        at += strcspn(at, " ");
        if (*at != '\0')
            *at++ = '\0';
        struct json *json = json_new_object();
        json_put_text(json, "class", class);
        json_put_text(json, "class_name", reconciliation_class_name(class));
        json_put_integer(json, "count", strtoll(at, &at, 10));
        at += strspn(at, " (");
        json_put_integer(json, "unexplained", strtoll(at, &at, 10));
        json_append(list, json);
    }
    return list;
}

static struct json *day_json(struct request *req, const struct listed_match_day *day)
{
    const struct match_day *it = &day->it;
    struct json *json = json_new_object(), *bank = json_new_object();
    json_put_text(json, "day", day->day);
    json_put_text(json, "rail", it->rail);
    json_put_text(json, "bill", it->state);
    json_put(json, "ours", ours_json(it));
    json_put(json, "gateway", gateway_json(it));
    json_put_integer(bank, "arrived_fen", it->arrived_fen);
    json_put(json, "bank", bank);
    json_put_integer(json, "even", it->even);
    json_put(json, "differences", counts_json(req, it->differences));
    reply_put_time(req, json, "matched_at", it->matched_at_us);
    json_put_integer(json, "file_id", it->file_id);
    reply_put_text(json, "file_refused", it->fault);
    return json;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct listed_match_days days;
    if (err == OK)
        err = store_list_match_read(rows, request_arena(req), &days);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *list = json_new_array();
    for (size_t i = 0; i < days.count; i++)
        json_append(list, day_json(req, &days.items[i]));
    json_put(body, "days", list);
    request_reply_json(req, 200, body);
}

enum err api_reconciliation_list(struct request *req)
{
    const char *from = request_query(req, "from"), *to = request_query(req, "to");
    bool fits = reconciliation_day_fits(req, "from", from == NULL ? "" : from);
    if (!reconciliation_day_fits(req, "to", to == NULL ? "" : to) || !fits)
        return ERR_FIELDS_INVALID;
    return store_list_match(api_server(req)->db, access_staff_digest(req), from, to, api_call_ms(req), listed, req);
}

/* -- once more, or by hand ------------------------------------------------------------------------------------------
 */

static void reply_accepted(struct request *req, const char *name, int64_t value)
{
    struct json *body = json_new_object();
    json_put_text(body, "rail", request_path_part(req, "rail"));
    json_put_text(body, "day", request_path_part(req, "day"));
    if (name != NULL)
        json_put_integer(body, name, value);
    request_reply_json(req, 202, body);
}

static void asked(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_match_again_read(rows, request_arena(req));
    if (err == OK)
        reply_accepted(req, NULL, 0);
    else
        request_fail(req, err);
}

enum err api_reconciliation_run(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *rail, *day;
    TRY(reply_read_body(req, &document, NULL, 0));
    TRY(reconciliation_read_path(req, &rail, &day));
    return store_match_again(api_server(req)->db, access_staff_digest(req), rail, day, api_call_ms(req), asked, req);
}

static void uploaded(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    int64_t file_id = 0;
    if (err == OK)
        err = store_upload_bill_read(rows, request_arena(req), &file_id);
    if (err == OK)
        reply_accepted(req, "file_id", file_id);
    else
        request_fail(req, err);
}

enum err api_bill_upload(struct request *req)
{
    const char *rail, *day;
    struct bytes file = request_body(req);
    TRY(reconciliation_read_path(req, &rail, &day));
    if (file.size == 0) {
        fault_field(request_fault(req), "", "required", "请上传从网关下载的对账单原文件",
                    "Upload the file as the gateway gave it");
        return ERR_FIELDS_INVALID;
    }
    return store_upload_bill(api_server(req)->db, access_staff_digest(req), rail, day, sha256(request_arena(req), file),
                             file, api_call_ms(req), uploaded, req);
}

/* -- payouts ------------------------------------------------------------------------------------------------------- */

static void booked(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_book_settlement_read(rows, request_arena(req));
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "rail", request_path_part(req, "rail"));
    json_put_text(body, "day", request_path_part(req, "day"));
    request_reply_json(req, 200, body);
}

static bool is_plain(const char *text, size_t size_max)
{
    size_t size = strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-./");
    return size > 0 && size <= size_max && text[size] == '\0';
}

static enum err check_settlement(struct request *req, const struct settlement *it)
{
    struct fault *fault = request_fault(req);
    if (it->amount_fen == 0 || it->amount_fen > AMOUNT_MAX || it->amount_fen < -AMOUNT_MAX)
        fault_field(fault, "amount_fen", "range", "应为不等于0的整数（分）", "Must be a number of fen other than 0");
    if (!is_plain(it->reference, REFERENCE_MAX))
        fault_field(fault, "reference", "value", "应为银行或网关的流水号，1至64位字母或数字",
                    "Must be the bank's or the gateway's number, 1 to 64 letters or digits");
    if (!is_plain(it->bank_account, ACCOUNT_MAX))
        fault_field(fault, "bank_account", "value", "应为收款银行账号", "Must be the account's number");
    reconciliation_day_fits(req, "arrived_on", it->arrived_on);
    return fault_check(fault);
}

enum err api_settlement_book(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct settlement it = {
        .token_digest = access_staff_digest(req), .reference = "", .arrived_on = "", .bank_account = ""};
    const struct json_field fields[] = {
        {"amount_fen", FIELD_INTEGER, .into = &it.amount_fen},
        {"reference", FIELD_TEXT, .into = &it.reference, .length_max = REFERENCE_MAX},
        {"arrived_on", FIELD_TEXT, .into = &it.arrived_on, .length_max = 10},
        {"bank_account", FIELD_TEXT, .into = &it.bank_account, .length_max = ACCOUNT_MAX},
    };
    TRY(reconciliation_read_path(req, &it.rail, &it.day));
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(check_settlement(req, &it));
    request_fault(req)->about = arena_format(request_arena(req), "%s:%s", it.rail, it.reference);
    return store_book_settlement(api_server(req)->db, &it, api_call_ms(req), booked, req);
}

/* -- clearing ------------------------------------------------------------------------------------------------------ */

static struct json *clearing_json(const struct clearing_day *it)
{
    struct json *json = json_new_object();
    reply_put_text(json, "day", it->day);
    json_put_integer(json, "booked_fen", it->booked_fen);
    json_put_integer(json, "statement_fen", it->statement_fen);
    json_put_integer(json, "differences_fen", it->differences_fen);
    json_put_integer(json, "arrived_fen", it->arrived_fen);
    json_put_integer(json, "remaining_fen", it->remaining_fen);
    json_put_text(json, "why", it->why);
    json_put_integer(json, "unexplained_fen", it->unexplained_fen);
    return json;
}

static void explained(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct clearing_days days;
    if (err == OK)
        err = store_explain_clearing_read(rows, request_arena(req), &days);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *list = json_new_array();
    json_put_text(body, "rail", request_path_part(req, "rail"));
    for (size_t i = 0; i < days.count; i++) {
        const struct clearing_day *it = &days.items[i];
        if (it->day[0] == '\0') {
            json_put_integer(body, "balance_fen", it->remaining_fen);
            json_put_integer(body, "unexplained_fen", it->unexplained_fen);
        } else
            json_append(list, clearing_json(it));
    }
    json_put(body, "days", list);
    request_reply_json(req, 200, body);
}

enum err api_clearing_explain(struct request *req)
{
    const char *rail = request_path_part(req, "rail");
    if (!reconciliation_rail_fits(req, "rail", rail))
        return ERR_FIELDS_INVALID;
    return store_explain_clearing(api_server(req)->db, access_staff_digest(req), rail, api_call_ms(req), explained,
                                  req);
}
