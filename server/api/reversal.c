/* SPDX-License-Identifier: Apache-2.0 */
/* /api/v1/finance/reversals: postings that finance wants taken back, what they would turn round, and the second
 * person's word. Who may do what, and what may be reversed at all, is decided by the procedures. */
#include "store/reversal.h"

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define TYPE_LENGTH_MAX   64
#define KEY_LENGTH_MAX    200
#define REASON_LENGTH_MAX 500

/* -- the list ------------------------------------------------------------------------------------------------------ */

static struct json *account_json(const char *kind, const char *owner)
{
    struct json *account = json_new_object();
    json_put_text(account, "kind", kind);
    reply_put_text(account, "owner", owner);
    return account;
}

static struct json *legs_json(const struct reversal_item *item)
{
    struct json *legs = json_new_array();
    for (size_t i = 0; i < item->leg_count; i++) {
        const struct reversal_leg *leg = &item->legs[i];
        struct json *row = json_new_object();
        json_put(row, "debit", account_json(leg->debit, leg->debit_owner));
        json_put(row, "credit", account_json(leg->credit, leg->credit_owner));
        json_put_integer(row, "amount_fen", leg->amount_fen);
        json_append(legs, row);
    }
    return legs;
}

static struct json *item_json(struct request *req, const struct reversal_item *item)
{
    struct json *row = json_new_object();
    json_put_integer(row, "reversal_id", item->id);
    json_put_text(row, "event_type", item->event_type);
    json_put_text(row, "event_key", item->event_key);
    reply_put_time(req, row, "posted_at", item->posted_at_us);
    json_put_text(row, "posted_by", item->posted_by);
    json_put(row, "legs", legs_json(item));
    json_put_text(row, "reason", item->reason);
    json_put_text(row, "state", item->state);
    json_put_text(row, "asked_by", item->asked_by);
    reply_put_time(req, row, "asked_at", item->asked_at_us);
    reply_put_text(row, "decided_by", item->decided_by);
    reply_put_time(req, row, "decided_at", item->decided_at_us);
    return row;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct reversal_page page;
    if (err == OK)
        err = store_list_reversals_read(rows, request_arena(req), &page);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *reversals = json_new_array();
    for (size_t i = 0; i < page.count; i++)
        json_append(reversals, item_json(req, &page.items[i]));
    json_put(body, "reversals", reversals);
    request_reply_json(req, 200, body);
}

static enum err read_state(struct request *req, const char **state)
{
    static const char *const states[] = {"asked", "approved", "refused", "all"};
    const char *wanted = request_query(req, "state");
    *state = wanted == NULL ? "asked" : wanted;
    for (size_t i = 0; i < ARRAY_SIZE(states); i++)
        if (strcmp(states[i], *state) == 0)
            return OK;
    fault_field(request_fault(req), "state", "value", "应为asked、approved、refused或all",
                "Must be asked, approved, refused or all");
    return ERR_FIELDS_INVALID;
}

static enum err read_before(struct request *req, int64_t *before)
{
    const char *text = request_query(req, "before");
    *before = INT64_MAX;
    if (text == NULL || (text_number(text, before) && *before > 0))
        return OK;
    fault_field(request_fault(req), "before", "range", "应为上一页最后一条的编号",
                "Must be the number of the last one of the page before");
    return ERR_FIELDS_INVALID;
}

enum err api_reversal_list(struct request *req)
{
    struct reversal_query query = {.token_digest = access_staff_digest(req)};
    TRY(read_state(req, &query.state));
    TRY(read_before(req, &query.before));
    TRY(reply_read_page_size(req, REVERSAL_PAGE_MAX, &query.size));
    return store_list_reversals(api_server(req)->db, &query, api_call_ms(req), listed, req);
}

/* -- asking and deciding --------------------------------------------------------------------------------------------
 */

static void reply_state(struct request *req, int status, int64_t id, const char *state)
{
    struct json *body = json_new_object();
    json_put_integer(body, "reversal_id", id);
    json_put_text(body, "state", state);
    request_reply_json(req, status, body);
}

static void asked(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    int64_t id = 0;
    if (err == OK)
        err = store_ask_reversal_read(rows, request_arena(req), &id);
    if (err == OK)
        reply_state(req, 202, id, "asked");
    else
        request_fail(req, err);
}

enum err api_reversal_ask(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct reversal_request ask = {.token_digest = access_staff_digest(req)};
    const struct json_field fields[] = {
        {"event_type", FIELD_TEXT, .into = &ask.event_type, .length_max = TYPE_LENGTH_MAX},
        {"event_key", FIELD_TEXT, .into = &ask.event_key, .length_max = KEY_LENGTH_MAX},
        {"reason", FIELD_TEXT, .into = &ask.reason, .length_max = REASON_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    if (text_blank(ask.reason))
        fault_field(request_fault(req), "reason", "required", "请写明冲销原因", "Say why");
    TRY(fault_check(request_fault(req)));
    request_fault(req)->about = arena_format(request_arena(req), "%s:%s", ask.event_type, ask.event_key);
    return store_ask_reversal(api_server(req)->db, &ask, api_call_ms(req), asked, req);
}

static void decided(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *state = NULL;
    if (err == OK)
        err = store_decide_reversal_read(rows, request_arena(req), &state);
    if (err == OK)
        reply_state(req, 200, strtoll(request_path_part(req, "id"), NULL, 10), state);
    else
        request_fail(req, err);
}

static enum err decide(struct request *req, bool approve)
{
    AUTO_JSON *document = NULL;
    int64_t id = 0;
    TRY(reply_read_body(req, &document, NULL, 0));
    TRY(reply_read_id(req, "id", ERR_REVERSAL_UNKNOWN, &id));
    return store_decide_reversal(api_server(req)->db, access_staff_digest(req), id, approve, api_call_ms(req), decided,
                                 req);
}

enum err api_reversal_approve(struct request *req)
{
    return decide(req, true);
}

enum err api_reversal_refuse(struct request *req)
{
    return decide(req, false);
}
