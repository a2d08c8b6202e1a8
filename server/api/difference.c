/* SPDX-License-Identifier: Apache-2.0 */
/* Finance's desk: what gateways' bills and the books do not agree about, as a list and as a table for other programs;
 * whose it is, and how it was resolved. */
#include "store/difference.h"
#include "api/access.h"
#include "api/handlers.h"
#include "api/reconciliation.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "store/staff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE_STANDARD 100
#define REASON_MIN         2
#define REASON_MAX         500
#define NAME_SIZE_MAX      64
#define LONG_NUMBER        12 /* digits that spreadsheets would round */

/* -- the list ------------------------------------------------------------------------------------------------------ */

static const char *action_name(const char *action)
{
    return strcmp(action, "wait") == 0     ? "等待后续账单"
           : strcmp(action, "query") == 0  ? "已向网关查询"
           : strcmp(action, "person") == 0 ? "需人工处理"
                                           : "无需处理";
}

/* What the gateway answered when it was asked because of the difference. */
static const char *answer_name(const char *answer)
{
    static const struct {
        const char *word, *name;
    } answers[] = {
        {"paid", "已支付"},        {"paid_otherwise", "已支付，但流水号不同"},
        {"not_paid", "未支付"},    {"not_found", "没有这笔交易"},
        {"closed", "交易已关闭"},  {"pending", "处理中"},
        {"no_answer", "没有答复"}, {"mismatch", "金额或身份不符"},
        {"done", "已退款"},        {"refused", "拒绝退款"},
        {"failed", "退款失败"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(answers); i++)
        if (strcmp(answers[i].word, answer) == 0)
            return answers[i].name;
    return "";
}

static void put_texts(struct json *json, const struct difference *it)
{
    const struct {
        const char *name, *value;
    } texts[] = {
        {"rail", it->rail},
        {"day", it->day},
        {"class", it->class},
        {"class_name", reconciliation_class_name(it->class)},
        {"kind", it->kind},
        {"gateway_id", it->gateway_id},
        {"attempt_no", it->attempt_no},
        {"refund_no", it->refund_no},
        {"renewal_no", it->renewal_no},
        {"our_day", it->our_day},
        {"their_day", it->their_day},
        {"note", it->note},
        {"state", it->state},
        {"action", it->action},
        {"action_name", action_name(it->action)},
        {"owner", it->owner},
        {"resolved_by", it->resolved_by},
        {"reason", it->reason},
        {"last_word", it->last_word},
        {"answer", it->answer},
        {"answer_name", answer_name(it->answer)},
        {"answer_said", it->answer_said},
    };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        reply_put_text(json, texts[i].name, texts[i].value);
}

static struct json *difference_json(struct request *req, const struct difference *it)
{
    struct json *json = json_new_object();
    json_put_integer(json, "id", it->id);
    put_texts(json, it);
    json_put_integer(json, "ours_fen", it->ours_fen);
    json_put_integer(json, "theirs_fen", it->theirs_fen);
    json_put_integer(json, "our_fee_millifen", it->our_fee_millifen);
    json_put_integer(json, "their_fee_millifen", it->their_fee_millifen);
    json_put_integer(json, "booked_fen", it->booked_fen);
    json_put_integer(json, "age_days", it->age_days);
    json_put_integer(json, "version", it->version);
    reply_put_time(req, json, "opened_at", it->opened_at_us);
    reply_put_time(req, json, "closed_at", it->closed_at_us);
    reply_put_time(req, json, "asked_at", it->asked_at_us);
    reply_put_time(req, json, "answered_at", it->answered_at_us);
    return json;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct differences list;
    if (err == OK)
        err = store_list_differences_read(rows, request_arena(req), &list);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *items = json_new_array();
    for (size_t i = 0; i < list.count; i++)
        json_append(items, difference_json(req, &list.items[i]));
    json_put(body, "differences", items);
    request_reply_json(req, 200, body);
}

/* A whole number of the query; standard where it is absent. */
static bool read_number(struct request *req, const char *name, int64_t min, int64_t max, int64_t *value)
{
    const char *text = request_query(req, name);
    char *end;
    if (text == NULL)
        return true;
    long long number = strtoll(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && number >= min && number <= max) {
        *value = number;
        return true;
    }
    fault_field(request_fault(req), name, "range", "应为允许范围内的整数",
                "Must be a whole number that is allowed here");
    return false;
}

static bool read_state(struct request *req, const char **state)
{
    static const char *const states[] = {"", "unexplained", "waiting", "open", "settled", "resolved"};
    for (size_t i = 0; i < ARRAY_SIZE(states); i++)
        if (strcmp(states[i], *state) == 0)
            return true;
    fault_field(request_fault(req), "state", "value", "应为unexplained、waiting、open、settled或resolved",
                "Must be unexplained, waiting, open, settled or resolved");
    return false;
}

static const char *query_or_empty(struct request *req, const char *name)
{
    const char *value = request_query(req, name);
    return value == NULL ? "" : value;
}

static enum err read_query(struct request *req, int64_t page_size, struct difference_query *out)
{
    *out = (struct difference_query){.token_digest = access_staff_digest(req),
                                     .rail = query_or_empty(req, "rail"),
                                     .state = query_or_empty(req, "state"),
                                     .day = query_or_empty(req, "day"),
                                     .page_size = page_size};
    bool fits = out->rail[0] == '\0' || reconciliation_rail_fits(req, "rail", out->rail);
    fits = (out->day[0] == '\0' || reconciliation_day_fits(req, "day", out->day)) && fits;
    fits = read_state(req, &out->state) && fits;
    fits = read_number(req, "after", 0, INT64_MAX, &out->after) && fits;
    fits = read_number(req, "size", 1, DIFFERENCE_PAGE_MAX, &out->page_size) && fits;
    return fits ? OK : ERR_FIELDS_INVALID;
}

enum err api_difference_list(struct request *req)
{
    struct difference_query query;
    TRY(read_query(req, PAGE_SIZE_STANDARD, &query));
    return store_list_differences(api_server(req)->db, &query, api_call_ms(req), listed, req);
}

/* -- as a table ---------------------------------------------------------------------------------------------------- */

/* RFC 4180. What a spreadsheet would take for a formula gets an apostrophe, what it would round a tab before it. */
static const char *cell(struct arena *arena, const char *text)
{
    char *out = arena_alloc(arena, strlen(text) * 2 + 4), *to = out;
    *to++ = '"';
    if (strchr("=+-@\t\r", *text) != NULL && *text != '\0')
        *to++ = '\'';
    else if (strspn(text, "0123456789") >= LONG_NUMBER)
        *to++ = '\t';
    for (; *text != '\0'; text++) {
        if (*text == '"')
            *to++ = '"';
        *to++ = *text;
    }
    *to++ = '"';
    return out;
}

static const char *line_of(struct arena *arena, const struct difference *it)
{
    char opened[CLOCK_TEXT_SIZE];
    clock_format_plain(it->opened_at_us, opened);
    const char *const texts[] = {
        it->rail,
        it->day,
        reconciliation_class_name(it->class),
        it->class,
        it->kind,
        it->gateway_id,
        it->attempt_no,
        it->refund_no,
        it->renewal_no,
        it->our_day,
        it->their_day,
        it->state,
        action_name(it->action),
        it->owner,
        opened,
        it->note,
        it->resolved_by,
        it->reason,
        answer_name(it->answer),
        it->answer_said,
    };
    const char *line = arena_format(arena, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64, it->id,
                                    it->ours_fen, it->theirs_fen, it->booked_fen, it->age_days);
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        line = arena_format(arena, "%s,%s", line, cell(arena, texts[i]));
    return line;
}

static void exported(void *context, enum err err, const struct row *rows)
{
    static const char heading[] =
        "\xef\xbb\xbf" /* so that spreadsheets read UTF-8 */
        "编号,我方金额(分),网关金额(分),已记账(分),账龄(天),渠道,对账日,类别,类别代码,种类,网关流水号,商户订单号,"
        "退款单号,业务单号,我方日期,网关日期,状态,处理,责任人,发现时间,说明,处理人,处理原因,网关答复,网关代码\r\n";
    struct request *req = context;
    struct arena *arena = request_arena(req);
    struct differences list;
    if (err == OK)
        err = store_list_differences_read(rows, arena, &list);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    const char **lines = arena_alloc(arena, (list.count + 1) * sizeof(*lines));
    size_t size = strlen(heading);
    for (size_t i = 0; i < list.count; i++)
        size += strlen(lines[i] = line_of(arena, &list.items[i])) + 2;
    char *body = arena_alloc(arena, size + 1), *to = stpcpy(body, heading);
    for (size_t i = 0; i < list.count; i++)
        to = stpcpy(stpcpy(to, lines[i]), "\r\n");
    request_add_header(req, "Content-Disposition", "attachment; filename=\"differences.csv\"");
    request_add_header(req, "Cache-Control", "private, no-store");
    request_reply(req, 200, "text/csv; charset=utf-8", (struct bytes){(const uint8_t *)body, size});
}

struct exporting {
    struct request *req;
    struct difference_query query;
};

static void export_noted(void *context, enum err err, const struct row *rows)
{
    struct exporting *it = context;
    struct request *req = it->req;
    if (err == OK)
        err = store_note_export_read(rows, request_arena(req));
    if (err == OK)
        err = store_list_differences(api_server(req)->db, &it->query, api_call_ms(req), exported, req);
    if (err != OK)
        request_fail(req, err);
}

/* What leaves the system is written down before it is read. */
enum err api_difference_export(struct request *req)
{
    struct exporting *it = ARENA_NEW(request_arena(req), struct exporting);
    it->req = req;
    TRY(read_query(req, DIFFERENCE_PAGE_MAX, &it->query));
    return store_note_export(api_server(req)->db, access_staff_digest(req), "differences",
                             arena_format(request_arena(req), "state=%s", it->query.state), api_call_ms(req),
                             export_noted, it);
}

/* -- whose it is, and the end of it ---------------------------------------------------------------------------------
 */

static void reply_done(struct request *req, const char *name, const char *value)
{
    struct json *body = json_new_object();
    json_put_integer(body, "id", strtoll(request_path_part(req, "id"), NULL, 10));
    json_put_text(body, name, value);
    request_reply_json(req, 200, body);
}

struct assignment {
    struct request *req;
    const char *owner;
};

static void assigned(void *context, enum err err, const struct row *rows)
{
    const struct assignment *it = context;
    if (err == OK)
        err = store_assign_difference_read(rows, request_arena(it->req));
    if (err == OK)
        reply_done(it->req, "owner", it->owner);
    else
        request_fail(it->req, err);
}

enum err api_difference_assign(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *owner = NULL;
    int64_t id, version = 0;
    const struct json_field fields[] = {{"owner", FIELD_TEXT, .into = &owner, .length_max = NAME_SIZE_MAX},
                                        REPLY_VERSION_FIELD(&version, false)};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(reply_check_version(req, version, 1));
    TRY(reply_read_id(req, "id", ERR_DIFFERENCE_UNKNOWN, &id));
    struct assignment *it = ARENA_NEW(request_arena(req), struct assignment);
    *it = (struct assignment){req, arena_text(request_arena(req), owner)};
    return store_assign_difference(api_server(req)->db, access_staff_digest(req), id, it->owner, version,
                                   api_call_ms(req), assigned, it);
}

static void resolved(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_resolve_difference_read(rows, request_arena(req));
    if (err == OK)
        reply_done(req, "state", "resolved");
    else
        request_fail(req, err);
}

enum err api_difference_resolve(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *reason = NULL;
    bool suspense = false;
    int64_t id, version = 0;
    const struct json_field fields[] = {
        {"reason", FIELD_TEXT, .into = &reason, .length_max = REASON_MAX},
        {"suspense", FIELD_BOOLEAN, .optional = true, .into = &suspense},
        REPLY_VERSION_FIELD(&version, true),
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(reply_check_version(req, version, 0));
    TRY(reply_read_id(req, "id", ERR_DIFFERENCE_UNKNOWN, &id));
    if (strlen(reason + strspn(reason, " ")) < REASON_MIN) {
        fault_field(request_fault(req), "reason", "required", "请写明原因", "Say why");
        return ERR_FIELDS_INVALID;
    }
    return store_resolve_difference(api_server(req)->db, access_staff_digest(req), id, reason, suspense, version,
                                    api_call_ms(req), resolved, req);
}
