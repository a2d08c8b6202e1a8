/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/finance/requests: match, unmatch, suspend, release, return, repay; with a key of the caller's, so that
 * it may be sent again. POST /api/v1/finance/changes/{id}/settlement: what was raised about a line. POST
 * …/{id}/approval, …/{id}/refusal: the second person. */
#include "api/access.h"
#include "api/finance_key.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "domain/platform.h"
#include "store/finance.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define KEY_LENGTH_MIN    8
#define REASON_LENGTH_MAX 500
#define AMOUNT_FEN_MAX    100000000000

/* THE table of what can be asked for, and what each needs to be told. */
static const struct {
    const char *kind;
    bool line, order, match, amount;
} kinds[] = {
    {"match", .line = true, .order = true, .amount = true},
    {"unmatch", .match = true},
    {"suspend", .line = true, .amount = true},
    {"release", .line = true, .amount = true},
    {"return", .line = true, .amount = true},
    {"repay", .match = true, .amount = true},
};

static void check_given(struct fault *fault, const char *name, bool wanted, bool given)
{
    if (wanted && !given)
        fault_field(fault, name, "required", "该操作需要此项", "This kind of request needs it");
    else if (!wanted && given)
        fault_field(fault, name, "unexpected", "该操作不需要此项", "This kind of request does not take it");
}

enum err finance_check_key(struct fault *fault, const char *key)
{
    size_t size = strlen(key);
    if (size < KEY_LENGTH_MIN || size > FINANCE_KEY_MAX ||
        strspn(key, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-") != size)
        fault_field(fault, "key", "value", "应为8至64位字母、数字、_或-，每条申请各不相同",
                    "Must be 8 to 64 letters, digits, _ or -, another one for each request");
    return fault_check(fault);
}

static void check_texts(struct fault *fault, const char *key, const char *reason)
{
    enum err told = finance_check_key(fault, key);
    (void)told; /* in the fault, with what else is wrong */
    if (text_blank(reason))
        fault_field(fault, "reason", "required", "请写明原因", "Say why");
}

static enum err check(const struct finance_asking *asking, struct fault *fault)
{
    check_texts(fault, asking->key, asking->reason);
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        if (strcmp(kinds[i].kind, asking->kind) != 0)
            continue;
        check_given(fault, "line_id", kinds[i].line, asking->line_id != 0);
        check_given(fault, "order_no", kinds[i].order, asking->order_no[0] != '\0');
        check_given(fault, "match_id", kinds[i].match, asking->match_id != 0);
        check_given(fault, "amount_fen", kinds[i].amount, asking->fen > 0 && asking->fen <= AMOUNT_FEN_MAX);
        return fault_check(fault);
    }
    fault_field(fault, "kind", "value", "应为match、unmatch、suspend、release、return或repay",
                "Must be match, unmatch, suspend, release, return or repay");
    return ERR_FIELDS_INVALID;
}

static bool matches_by_two(const struct platform *platform)
{
    return platform->match_two_people;
}

static void reply_state(struct request *req, int status, int64_t request_id, const char *state)
{
    struct json *body = json_new_object();
    json_put_integer(body, "request_id", request_id);
    json_put_text(body, "state", state);
    request_reply_json(req, status, body);
}

static void asked(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *state = NULL;
    int64_t request_id = 0;
    if (err == OK)
        err = store_ask_finance_read(rows, request_arena(req), &state, &request_id);
    if (err == OK)
        reply_state(req, strcmp(state, "asked") == 0 ? 202 : 200, request_id, state);
    else
        request_fail(req, err);
}

enum err api_finance_ask(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct finance_asking asking = {.token_digest = access_staff_digest(req), .order_no = ""};
    const struct json_field fields[] = {
        {"key", FIELD_TEXT, .into = &asking.key, .length_max = FINANCE_KEY_MAX},
        {"kind", FIELD_TEXT, .into = &asking.kind, .length_max = 16},
        {"line_id", FIELD_INTEGER, .optional = true, .into = &asking.line_id},
        {"order_no", FIELD_TEXT, .optional = true, .into = &asking.order_no, .length_max = 26},
        {"match_id", FIELD_INTEGER, .optional = true, .into = &asking.match_id},
        {"amount_fen", FIELD_INTEGER, .optional = true, .into = &asking.fen},
        {"reason", FIELD_TEXT, .into = &asking.reason, .length_max = REASON_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(check(&asking, request_fault(req)));
    asking.two_people = platforms_that(request_arena(req), api_server(req)->platforms, matches_by_two,
                                       &asking.two_people_count);
    request_fault(req)->about = /* what a late one is told about */
        arena_format(request_arena(req), "%" PRId64, asking.match_id != 0 ? asking.match_id : asking.line_id);
    return store_ask_finance(api_server(req)->db, &asking, api_call_ms(req), asked, req);
}

/* -- what was raised about lines ----------------------------------------------------------------------------------- */

/* The accounts of platforms whose files want two people. */
static void name_accounts(struct request *req, struct finance_change_asking *asking)
{
    const struct platforms *platforms = api_server(req)->platforms;
    size_t room = 0;
    for (size_t i = 0; i < platforms_count(platforms); i++)
        room += platform_at(platforms, i)->bank_accounts_count;
    const char **numbers = arena_alloc(request_arena(req), (room + 1) * sizeof(*numbers));
    for (size_t i = 0; i < platforms_count(platforms); i++) {
        const struct platform *platform = platform_at(platforms, i);
        for (unsigned j = 0; platform->match_two_people && j < platform->bank_accounts_count; j++)
            numbers[asking->two_people_count++] = platform->bank_accounts[j].number;
    }
    asking->two_people = numbers;
}

static enum err check_settlement(struct request *req, struct finance_change_asking *asking)
{
    struct fault *fault = request_fault(req);
    check_texts(fault, asking->key, asking->reason);
    if (strcmp(asking->kind, "accept") != 0 && strcmp(asking->kind, "dismiss") != 0)
        fault_field(fault, "decision", "value", "应为accept或dismiss", "Must be accept or dismiss");
    TRY(fault_check(fault));
    return reply_read_id(req, "id", ERR_CHANGE_UNKNOWN, &asking->change_id);
}

enum err api_finance_settle(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct finance_change_asking asking = {.token_digest = access_staff_digest(req)};
    const struct json_field fields[] = {
        {"key", FIELD_TEXT, .into = &asking.key, .length_max = FINANCE_KEY_MAX},
        {"decision", FIELD_TEXT, .into = &asking.kind, .length_max = 16},
        {"reason", FIELD_TEXT, .into = &asking.reason, .length_max = REASON_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(check_settlement(req, &asking));
    name_accounts(req, &asking);
    return store_ask_finance_change(api_server(req)->db, &asking, api_call_ms(req), asked, req);
}

/* -- the second person --------------------------------------------------------------------------------------------- */

static void decided(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *state = NULL;
    if (err == OK)
        err = store_decide_finance_read(rows, request_arena(req), &state);
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
    TRY(reply_read_id(req, "id", ERR_REQUEST_UNKNOWN, &id));
    return store_decide_finance(api_server(req)->db, access_staff_digest(req), id, approve, api_call_ms(req), decided,
                                req);
}

enum err api_finance_approve(struct request *req)
{
    return decide(req, true);
}

enum err api_finance_refuse(struct request *req)
{
    return decide(req, false);
}
