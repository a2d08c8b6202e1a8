/* SPDX-License-Identifier: Apache-2.0 */
/* What the administration only looks at: GET /api/v1/admin/halts, /calendar and /texts (agreements and the words of
 * messages, as this process has loaded them). */
#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "pki/digest.h"
#include "store/administration.h"

#include <string.h>

#define YEAR_MIN 2000
#define YEAR_MAX 2100

/* -- halts --------------------------------------------------------------------------------------------------------- */

static struct json *halt_json(struct request *req, const struct halt *halt)
{
    struct json *row = json_new_object();
    json_put_integer(row, "id", halt->id);
    json_put_text(row, "reason", halt->reason);
    reply_put_time(req, row, "halted_at", halt->halted_at_us);
    json_put_text(row, "halted_by", halt->halted_by);
    reply_put_text(row, "halt_agreed_by", halt->halt_agreed_by);
    reply_put_time(req, row, "released_at", halt->released_at_us);
    reply_put_text(row, "released_by", halt->released_by);
    reply_put_text(row, "release_agreed_by", halt->release_agreed_by);
    reply_put_text(row, "release_reason", halt->release_reason);
    return row;
}

static void halts_listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct halts halts;
    if (err == OK)
        err = store_list_halts_read(rows, request_arena(req), &halts);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *list = json_new_array();
    for (size_t i = 0; i < halts.count; i++)
        json_append(list, halt_json(req, &halts.items[i]));
    struct json *body = json_new_object();
    json_put_boolean(body, "halted", halts.count > 0 && halts.items[0].released_at_us == 0);
    json_put(body, "halts", list);
    request_reply_json(req, 200, body);
}

enum err api_admin_halts(struct request *req)
{
    return store_list_halts(api_server(req)->db, access_staff_digest(req), api_call_ms(req), halts_listed, req);
}

/* -- the calendar -------------------------------------------------------------------------------------------------- */

static struct json *day_json(const struct calendar_row *day)
{
    struct json *row = json_new_object();
    json_put_text(row, "day", day->day);
    json_put_boolean(row, "working", day->working);
    json_put_text(row, "name", day->name);
    return row;
}

/* The year that begins at rows->items[*at]; *at moves behind it. */
static struct json *year_json(struct request *req, const struct calendar_rows *rows, size_t *at)
{
    const struct calendar_row *first = &rows->items[*at];
    struct json *row = json_new_object(), *days = json_new_array();
    json_put_integer(row, "year", first->year);
    json_put_text(row, "source", first->source);
    json_put_text(row, "sha256", first->sha256);
    reply_put_time(req, row, "imported_at", first->imported_at_us);
    for (; *at < rows->count && rows->items[*at].year == first->year; (*at)++)
        if (rows->items[*at].day[0] != '\0')
            json_append(days, day_json(&rows->items[*at]));
    json_put(row, "days", days);
    return row;
}

static void calendar_listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct calendar_rows calendar;
    if (err == OK)
        err = store_list_calendar_read(rows, request_arena(req), &calendar);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *list = json_new_array();
    for (size_t at = 0; at < calendar.count;)
        json_append(list, year_json(req, &calendar, &at));
    struct json *body = json_new_object();
    json_put(body, "years", list);
    request_reply_json(req, 200, body);
}

enum err api_admin_calendar(struct request *req)
{
    const char *text = request_query(req, "year");
    int64_t year = 0;
    if (text != NULL && (!text_number(text, &year) || year < YEAR_MIN || year > YEAR_MAX)) {
        fault_field(request_fault(req), "year", "range", "应为2000至2100的年份", "Must be a year from 2000 to 2100");
        return ERR_FIELDS_INVALID;
    }
    return store_list_calendar(api_server(req)->db, access_staff_digest(req), year, api_call_ms(req), calendar_listed,
                               req);
}

/* -- agreements and messages --------------------------------------------------------------------------------------- */

/* Where a platform shows this version now: its id. */
static struct json *shown_by(const struct platforms *platforms, const struct agreement_version *version)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < platforms_count(platforms); i++)
        for (enum agreement_kind kind = 0; kind < AGREEMENT_KINDS; kind++) {
            const struct platform_agreement *now = platform_agreement_of(platform_at(platforms, i), kind);
            if (strcmp(agreement_kinds[kind], version->kind) == 0 && strcmp(now->id, version->id) == 0 &&
                strcmp(now->sha256, version->sha256) == 0)
                json_append_text(list, platform_at(platforms, i)->id);
        }
    return list;
}

static struct json *agreement_json(struct request *req, const struct agreement_version *version)
{
    struct json *row = json_new_object();
    json_put_text(row, "kind", version->kind);
    json_put_text(row, "id", version->id);
    json_put_text(row, "version", version->version);
    json_put_text(row, "title", version->title);
    json_put_text(row, "sha256", version->sha256);
    reply_put_time(req, row, "published_at", version->published_at_us);
    json_put(row, "platforms", shown_by(api_server(req)->platforms, version));
    return row;
}

/* A message's version is the hash of its words: its file has no number. */
static struct json *template_json(struct arena *arena, const struct template *template)
{
    struct json *row = json_new_object();
    const char *words = arena_format(arena, "%s\n%s\n%s", template->sms, template->subject, template->body);
    json_put_text(row, "event", template->event);
    json_put_text(row, "sms", template->sms);
    json_put_text(row, "subject", template->subject);
    json_put_text(row, "body", template->body);
    json_put_text(row, "sha256", hex_encode(arena, sha256(arena, bytes_of_text(words))));
    return row;
}

static void texts_listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct agreement_versions versions;
    if (err == OK)
        err = store_list_agreements_read(rows, request_arena(req), &versions);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    const struct templates *templates = api_server(req)->templates;
    struct json *agreements = json_new_array(), *messages = json_new_array();
    for (size_t i = 0; i < versions.count; i++)
        json_append(agreements, agreement_json(req, &versions.items[i]));
    for (size_t i = 0; i < templates_count(templates); i++)
        json_append(messages, template_json(request_arena(req), template_at(templates, i)));
    struct json *body = json_new_object();
    json_put(body, "agreements", agreements);
    json_put(body, "templates", messages);
    request_reply_json(req, 200, body);
}

enum err api_admin_texts(struct request *req)
{
    return store_list_agreements(api_server(req)->db, access_staff_digest(req), api_call_ms(req), texts_listed, req);
}
