/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/admin/prices/{platform}: the fee tables, with their version. POST: proposes a fee table from a day on;
 * the answer shows what it changes, and a second person puts it in force (admin_request.c). */
#include "api/access.h"
#include "api/admin.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/price_desk.h"

#include <string.h>

#define TERMS_MAX    16
#define ITEMS_MAX    32 /* of a term: fee_item.line */
#define MONTHS_MAX   1200
#define FEN_MAX      100000000000
#define QUANTITY_MAX 1000000

/* -- what is loaded ------------------------------------------------------------------------------------------------ */

static struct json *fee_json(const struct loaded_fee *fee)
{
    struct json *row = json_new_object();
    json_put_text(row, "effective_on", fee->effective_on);
    json_put_boolean(row, "begun", fee->begun);
    json_put_integer(row, "months", fee->months);
    json_put_text(row, "name", fee->item.name);
    json_put_integer(row, "unit_fen", fee->item.unit_fen);
    json_put_integer(row, "quantity", fee->item.quantity);
    return row;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct loaded_fees fees;
    if (err == OK)
        err = store_list_prices_read(rows, request_arena(req), &fees);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *list = json_new_array();
    for (size_t i = 0; i < fees.count; i++)
        json_append(list, fee_json(&fees.fees[i]));
    struct json *body = json_new_object();
    json_put_integer(body, "version", fees.version);
    json_put(body, "items", list);
    request_reply_json(req, 200, body);
}

static enum err find_platform(struct request *req)
{
    ENSURE(platform_find(api_server(req)->platforms, request_path_part(req, "platform")) != NULL, ERR_PLATFORM_UNKNOWN);
    return OK;
}

enum err api_admin_price_list(struct request *req)
{
    TRY(find_platform(req));
    return store_list_prices(api_server(req)->db, access_staff_digest(req), request_path_part(req, "platform"),
                             api_call_ms(req), listed, req);
}

/* -- a proposal ---------------------------------------------------------------------------------------------------- */

struct proposal {
    struct request *req;
    struct loaded_fee fees[TERMS_MAX * ITEMS_MAX];
    size_t count;
};

static void must(struct request *req, bool fits, const char *path, const char *zh, const char *en)
{
    if (!fits)
        fault_field(request_fault(req), path, "range", zh, en);
}

static enum err read_item(struct proposal *it, const struct json *item, const char *path, int64_t months)
{
    struct request *req = it->req;
    struct arena *arena = request_arena(req);
    struct loaded_fee *fee = &it->fees[it->count++];
    *fee = (struct loaded_fee){.months = months};
    const struct json_field fields[] = {
        {"name", FIELD_TEXT, .into = &fee->item.name, .length_max = 64},
        {"unit_fen", FIELD_INTEGER, .into = &fee->item.unit_fen},
        {"quantity", FIELD_INTEGER, .into = &fee->item.quantity},
    };
    TRY(json_read(item, path, fields, ARRAY_SIZE(fields), request_fault(req)));
    fee->item.name = arena_text(arena, fee->item.name);
    must(req, !text_blank(fee->item.name), arena_format(arena, "%s.name", path), "请填写收费项目", "Name the item");
    must(req, fee->item.unit_fen > 0 && fee->item.unit_fen <= FEN_MAX, arena_format(arena, "%s.unit_fen", path),
         "应大于0", "Must be more than 0");
    must(req, fee->item.quantity > 0 && fee->item.quantity <= QUANTITY_MAX, arena_format(arena, "%s.quantity", path),
         "应大于0", "Must be more than 0");
    return OK;
}

static bool has_term(const struct proposal *it, int64_t months)
{
    for (size_t i = 0; i < it->count; i++)
        if (it->fees[i].months == months)
            return true;
    return false;
}

static enum err read_term(struct proposal *it, const struct json *term, const char *path)
{
    int64_t months = 0;
    const struct json *items = NULL;
    const struct json_field fields[] = {
        {"months", FIELD_INTEGER, .into = &months},
        {"items", FIELD_ARRAY, .into = &items},
    };
    struct arena *arena = request_arena(it->req);
    TRY(json_read(term, path, fields, ARRAY_SIZE(fields), request_fault(it->req)));
    must(it->req, months >= 1 && months <= MONTHS_MAX && !has_term(it, months), arena_format(arena, "%s.months", path),
         "应为1至1200，各年限不重复", "Must be from 1 to 1200, each term once");
    size_t count = json_length(items);
    must(it->req, count >= 1 && count <= ITEMS_MAX, arena_format(arena, "%s.items", path), "应有1至32项",
         "Must be 1 to 32 items");
    TRY(fault_check(request_fault(it->req)));
    for (size_t i = 0; i < count; i++)
        TRY(read_item(it, json_item(items, i), arena_format(arena, "%s.items[%zu]", path, i), months));
    return OK;
}

static enum err read_terms(struct proposal *it, const struct json *terms)
{
    size_t count = json_length(terms);
    must(it->req, count >= 1 && count <= TERMS_MAX, "terms", "应有1至16个年限", "Must be 1 to 16 terms");
    TRY(fault_check(request_fault(it->req)));
    for (size_t i = 0; i < count; i++)
        TRY(read_term(it, json_item(terms, i), arena_format(request_arena(it->req), "terms[%zu]", i)));
    return fault_check(request_fault(it->req));
}

static bool is_day(struct arena *arena, const char *text)
{
    int64_t unix_us;
    return strlen(text) == 10 && clock_parse(arena_format(arena, "%sT00:00:00+08:00", text), &unix_us);
}

static void asked(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct price_asked answer;
    if (err == OK)
        err = store_ask_price_read(rows, request_arena(req), &answer);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_integer(body, "request_id", answer.request_id);
    json_put_text(body, "state", answer.state);
    json_put_text(body, "was", answer.was);
    json_put_text(body, "becomes", answer.becomes);
    request_reply_json(req, strcmp(answer.state, "asked") == 0 ? 202 : 200, body);
}

enum err api_admin_price_ask(struct request *req)
{
    AUTO_JSON *document = NULL;
    const struct json *terms = NULL;
    struct proposal *it = ARENA_NEW(request_arena(req), struct proposal);
    struct price_asking asking = {.token_digest = access_staff_digest(req),
                                  .platform = request_path_part(req, "platform"),
                                  .life_s = api_server(req)->settings->staff_request_s};
    const struct json_field fields[] = {
        {"key", FIELD_TEXT, .into = &asking.key, .length_max = ADMIN_KEY_LENGTH_MAX},
        {"version", FIELD_INTEGER, .into = &asking.version},
        {"effective_on", FIELD_TEXT, .into = &asking.effective_on, .length_max = 10},
        {"terms", FIELD_ARRAY, .into = &terms},
        {"reason", FIELD_TEXT, .into = &asking.reason, .length_max = ADMIN_REASON_LENGTH_MAX},
    };
    TRY(find_platform(req));
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    it->req = req;
    admin_check_texts(request_fault(req), asking.key, asking.reason);
    if (!is_day(request_arena(req), asking.effective_on))
        fault_field(request_fault(req), "effective_on", "value", "应为日期，如2027-01-01",
                    "Must be a day like 2027-01-01");
    TRY(read_terms(it, terms));
    asking.fees = it->fees;
    asking.count = it->count;
    return store_ask_price(api_server(req)->db, request_arena(req), &asking, api_call_ms(req), asked, req);
}
