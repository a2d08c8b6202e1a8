/* SPDX-License-Identifier: Apache-2.0 */
/* What one of the administration asks for and another decides: POST and GET /api/v1/admin/requests, …/{id}/approval,
 * …/{id}/refusal. An approval that sets up an account answers the token of its enrolment, once: for its owner alone. */
#include "api/access.h"
#include "api/admin.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "store/admin_desk.h"

#include <stdlib.h>
#include <string.h>

#define ROLES_MAX     5
#define PLATFORMS_MAX 64
#define NAME_MAX_SIZE 64

static const char *const roles[] = {"reviewer", "senior_reviewer", "finance", "auditor", "administrator"};

/* THE table of what can be asked for here, and what each needs to be told. Prices: admin_price.c. */
static const struct {
    const char *kind;
    bool name, display_name, rights, version;
} kinds[] = {
    {"staff_add", .name = true, .display_name = true, .rights = true},
    {"staff_change", .name = true, .rights = true, .version = true},
    {"staff_enrol", .name = true, .version = true},
    {.kind = "halt"},
    {.kind = "release"},
};

/* -- asking -------------------------------------------------------------------------------------------------------- */

struct asked_for {
    struct admin_asking asking;
    const char *name;
    const struct json *roles, *platforms;
};

static bool key_fits(const char *key)
{
    size_t size = strlen(key);
    return size >= 8 && size <= ADMIN_KEY_LENGTH_MAX &&
           strspn(key, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-") == size;
}

void admin_check_texts(struct fault *fault, const char *key, const char *reason)
{
    if (!key_fits(key))
        fault_field(fault, "key", "value", "应为8至64位字母、数字、_或-，每条申请各不相同",
                    "Must be 8 to 64 letters, digits, _ or -, another one for each request");
    if (text_blank(reason))
        fault_field(fault, "reason", "required", "请写明原因", "Say why");
}

static void check_given(struct fault *fault, const char *name, bool wanted, bool given)
{
    if (wanted && !given)
        fault_field(fault, name, "required", "该申请需要此项", "This kind of request needs it");
    else if (!wanted && given)
        fault_field(fault, name, "unexpected", "该申请不需要此项", "This kind of request does not take it");
}

static bool name_fits(const char *name)
{
    size_t size = strlen(name);
    return size <= NAME_MAX_SIZE &&
           strspn(name, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.-") == size;
}

static bool is_role(const char *text)
{
    for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
        if (strcmp(roles[i], text) == 0)
            return true;
    return false;
}

/* In the order given, each once. */
static const char *const *read_texts(struct request *req, const struct json *array, size_t max, size_t *count)
{
    const char **texts = arena_alloc(request_arena(req), (max + 1) * sizeof(*texts));
    *count = 0;
    for (size_t i = 0; array != NULL && i < json_length(array); i++) {
        const char *text = json_text(json_item(array, i));
        for (size_t j = 0; text != NULL && j < *count; j++)
            if (strcmp(texts[j], text) == 0)
                text = NULL;
        if (text == NULL || *count == max)
            return NULL;
        texts[(*count)++] = arena_text(request_arena(req), text);
    }
    return texts;
}

static void read_roles(struct request *req, struct asked_for *it)
{
    it->asking.roles = read_texts(req, it->roles, ROLES_MAX, &it->asking.role_count);
    bool fit = it->asking.roles != NULL && it->asking.role_count > 0;
    for (size_t i = 0; fit && i < it->asking.role_count; i++)
        fit = is_role(it->asking.roles[i]);
    if (!fit)
        fault_field(request_fault(req), "roles", "value",
                    "应为reviewer、senior_reviewer、finance、auditor、administrator中的一个或几个，不重复",
                    "Must be some of reviewer, senior_reviewer, finance, auditor, administrator, each once");
}

static void read_platforms(struct request *req, struct asked_for *it)
{
    it->asking.platforms = read_texts(req, it->platforms, PLATFORMS_MAX, &it->asking.platform_count);
    size_t count = it->asking.platform_count;
    bool fit = it->asking.platforms != NULL && count > 0;
    for (size_t i = 0; fit && i < count; i++) {
        const char *id = it->asking.platforms[i];
        fit = strcmp(id, "*") == 0 ? count == 1 : platform_find(api_server(req)->platforms, id) != NULL;
    }
    if (!fit)
        fault_field(request_fault(req), "platforms", "value", "应为平台编号，不重复，或只有*（全部平台）",
                    "Must be ids of platforms, each once, or * alone for all");
}

static enum err check(struct request *req, struct asked_for *it)
{
    struct fault *fault = request_fault(req);
    struct admin_asking *asking = &it->asking;
    admin_check_texts(fault, asking->key, asking->reason);
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        if (strcmp(kinds[i].kind, asking->kind) != 0)
            continue;
        check_given(fault, "name", kinds[i].name, it->name[0] != '\0');
        check_given(fault, "display_name", kinds[i].display_name, asking->display_name[0] != '\0');
        check_given(fault, "roles", kinds[i].rights, it->roles != NULL);
        check_given(fault, "platforms", kinds[i].rights, it->platforms != NULL);
        check_given(fault, "version", kinds[i].version, asking->version != 0);
        if (!name_fits(it->name))
            fault_field(fault, "name", "value", "应为1至64位字母、数字、_、.或-",
                        "Must be 1 to 64 letters, digits, _, . or -");
        if (kinds[i].rights && it->roles != NULL && it->platforms != NULL) {
            read_roles(req, it);
            read_platforms(req, it);
        }
        asking->subject = kinds[i].name ? it->name : "issuer";
        return fault_check(fault);
    }
    fault_field(fault, "kind", "value", "应为staff_add、staff_change、staff_enrol、halt或release",
                "Must be staff_add, staff_change, staff_enrol, halt or release");
    return ERR_FIELDS_INVALID;
}

static void reply_state(struct request *req, int64_t request_id, const char *state)
{
    struct json *body = json_new_object();
    json_put_integer(body, "request_id", request_id);
    json_put_text(body, "state", state);
    request_reply_json(req, strcmp(state, "asked") == 0 ? 202 : 200, body);
}

static void asked(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *state = NULL;
    int64_t request_id = 0;
    if (err == OK)
        err = store_ask_admin_read(rows, request_arena(req), &state, &request_id);
    if (err == OK)
        reply_state(req, request_id, state);
    else
        request_fail(req, err);
}

enum err api_admin_ask(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct asked_for it = {.name = "",
                           .asking = {.token_digest = access_staff_digest(req),
                                      .display_name = "",
                                      .life_s = api_server(req)->settings->staff_request_s}};
    const struct json_field fields[] = {
        {"key", FIELD_TEXT, .into = &it.asking.key, .length_max = ADMIN_KEY_LENGTH_MAX},
        {"kind", FIELD_TEXT, .into = &it.asking.kind, .length_max = 16},
        {"name", FIELD_TEXT, .optional = true, .into = &it.name, .length_max = NAME_MAX_SIZE},
        {"display_name", FIELD_TEXT, .optional = true, .into = &it.asking.display_name, .length_max = 64},
        {"roles", FIELD_ARRAY, .optional = true, .into = &it.roles},
        {"platforms", FIELD_ARRAY, .optional = true, .into = &it.platforms},
        {"version", FIELD_INTEGER, .optional = true, .into = &it.asking.version},
        {"reason", FIELD_TEXT, .into = &it.asking.reason, .length_max = ADMIN_REASON_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(check(req, &it));
    request_fault(req)->about = arena_text(request_arena(req), it.asking.subject);
    return store_ask_admin(api_server(req)->db, &it.asking, api_call_ms(req), asked, req);
}

/* -- the list ------------------------------------------------------------------------------------------------------ */

static struct json *request_json(struct request *req, const struct admin_request *item)
{
    struct json *row = json_new_object();
    json_put_integer(row, "id", item->id);
    json_put_text(row, "kind", item->kind);
    json_put_text(row, "subject", item->subject);
    reply_put_text(row, "display_name", item->display_name);
    json_put_text(row, "was", item->was);
    json_put_text(row, "becomes", item->becomes);
    json_put_text(row, "reason", item->reason);
    json_put_text(row, "state", item->state);
    json_put_text(row, "asked_by", item->asked_by);
    reply_put_time(req, row, "asked_at", item->asked_at_us);
    reply_put_time(req, row, "expires_at", item->expires_at_us);
    reply_put_text(row, "decided_by", item->decided_by);
    reply_put_time(req, row, "decided_at", item->decided_at_us);
    json_put_boolean(row, "mine", item->mine);
    return row;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct admin_requests requests;
    if (err == OK)
        err = store_list_admin_requests_read(rows, request_arena(req), &requests);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *list = json_new_array();
    for (size_t i = 0; i < requests.count; i++)
        json_append(list, request_json(req, &requests.items[i]));
    struct json *body = json_new_object();
    json_put(body, "requests", list);
    request_reply_json(req, 200, body);
}

static enum err read_state(struct request *req, const char **state)
{
    static const char *const states[] = {"asked", "done", "refused", "expired", "all"};
    const char *text = request_query(req, "state");
    *state = text != NULL ? text : "asked";
    for (size_t i = 0; i < ARRAY_SIZE(states); i++)
        if (strcmp(states[i], *state) == 0)
            return OK;
    fault_field(request_fault(req), "state", "value", "应为asked、done、refused、expired或all",
                "Must be asked, done, refused, expired or all");
    return ERR_FIELDS_INVALID;
}

enum err admin_read_before(struct request *req, int64_t *before)
{
    const char *text = request_query(req, "before");
    *before = 0;
    if (text == NULL || (text_number(text, before) && *before > 0))
        return OK;
    fault_field(request_fault(req), "before", "range", "应为上一页最后一条的编号",
                "Must be the number of the last one seen");
    return ERR_FIELDS_INVALID;
}

enum err api_admin_requests(struct request *req)
{
    const char *state;
    int64_t before, size;
    TRY(read_state(req, &state));
    TRY(admin_read_before(req, &before));
    TRY(reply_read_page_size(req, ADMIN_REQUEST_PAGE_MAX, &size));
    return store_list_admin_requests(api_server(req)->db, access_staff_digest(req), state, before, size,
                                     api_call_ms(req), listed, req);
}

/* -- the second person --------------------------------------------------------------------------------------------- */

struct deciding {
    struct request *req;
    int64_t id;
    const char *enrolment;
};

static void decided(void *context, enum err err, const struct row *rows)
{
    const struct deciding *it = context;
    struct admin_decided outcome;
    if (err == OK)
        err = store_decide_admin_read(rows, request_arena(it->req), &outcome);
    if (err != OK) {
        request_fail(it->req, err);
        return;
    }
    bool sets_up = strcmp(outcome.kind, "staff_add") == 0 || strcmp(outcome.kind, "staff_enrol") == 0;
    struct json *body = json_new_object();
    json_put_integer(body, "request_id", it->id);
    json_put_text(body, "state", outcome.state);
    json_put_text(body, "subject", outcome.subject);
    if (sets_up && strcmp(outcome.state, "done") == 0)
        json_put_text(body, "enrolment_token", it->enrolment);
    request_reply_json(it->req, 200, body);
}

static enum err decide(struct request *req, bool approve)
{
    AUTO_JSON *document = NULL;
    struct deciding *it = ARENA_NEW(request_arena(req), struct deciding);
    *it = (struct deciding){.req = req};
    TRY(reply_read_body(req, &document, NULL, 0));
    TRY(reply_read_id(req, "id", ERR_REQUEST_UNKNOWN, &it->id));
    struct admin_decision decision = {.token_digest = access_staff_digest(req),
                                      .request_id = it->id,
                                      .approve = approve,
                                      .enrolment_s = api_server(req)->settings->staff_enrolment_s};
    it->enrolment = access_session_token(request_arena(req), &decision.enrolment_digest);
    return store_decide_admin(api_server(req)->db, &decision, api_call_ms(req), decided, it);
}

enum err api_admin_approve(struct request *req)
{
    return decide(req, true);
}

enum err api_admin_refuse(struct request *req)
{
    return decide(req, false);
}
