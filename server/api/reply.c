/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reply.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "domain/renewal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PAGE_SIZE_STANDARD 50
#define DAY_LENGTH         10 /* 2026-11-21 */

enum err reply_read_body(struct request *req, struct json **document, const struct json_field *fields, size_t count)
{
    AUTO_JSON *parsed = NULL;
    struct bytes text = request_body(req);
    TRY(json_parse((const char *)text.data, text.size, request_fault(req), &parsed));
    TRY(json_read(parsed, "", fields, count, request_fault(req)));
    *document = TAKE(parsed);
    return OK;
}

enum err reply_read_id(struct request *req, const char *part, enum err unknown, int64_t *id)
{
    ENSURE(text_number(request_path_part(req, part), id) && *id > 0, unknown);
    return OK;
}

enum err reply_read_page_size(struct request *req, int64_t maximum, int64_t *size)
{
    const char *text = request_query(req, "size");
    struct arena *arena = request_arena(req);
    *size = PAGE_SIZE_STANDARD;
    if (text == NULL)
        return OK;
    char *end;
    long value = strtol(text, &end, 10);
    if (*text != '\0' && *end == '\0' && value >= 1 && value <= maximum) {
        *size = value;
        return OK;
    }
    fault_field(request_fault(req), "size", "range", arena_format(arena, "应为1至%" PRId64 "的整数", maximum),
                arena_format(arena, "Must be a whole number from 1 to %" PRId64, maximum));
    return ERR_FIELDS_INVALID;
}

void reply_check_day(struct request *req, const char *name, const char *text)
{
    char midnight[CLOCK_TEXT_SIZE];
    int64_t unix_us;
    snprintf(midnight, sizeof(midnight), "%.*s 00:00:00", DAY_LENGTH, text);
    if (strlen(text) != DAY_LENGTH || !clock_parse_plain(midnight, &unix_us))
        fault_field(request_fault(req), name, "date", "应为日期，如2026-11-21", "Must be a date like 2026-11-21");
}

bool reply_body_is_json(const struct request *req)
{
    const char *type = request_header(req, "content-type");
    return type != NULL && strncasecmp(type, "application/json", strlen("application/json")) == 0;
}

void reply_moved(struct request *req, const char *status)
{
    struct json *body = json_new_object();
    json_put_text(body, "renewal_no", request_path_part(req, "no"));
    json_put_text(body, "status", status);
    request_reply_json(req, 200, body);
}

void reply_put_state(struct json *body, const char *status)
{
    enum renewal_state state = renewal_state_from_name(status);
    json_put_text(body, "status", status);
    json_put_text(body, "status_name", renewal_state_zh(state));
    json_put_integer(body, "stage", state == RENEWAL_STATE_COUNT ? -1 : renewal_stage(state));
    json_put_text(body, "stage_name", state == RENEWAL_STATE_COUNT ? "" : renewal_stage_zh(state));
}

void reply_put_instant(struct arena *arena, struct json *body, const char *name, int64_t unix_us)
{
    json_put_text(body, name, unix_us == 0 ? NULL : clock_text(arena, unix_us));
}

void reply_put_time(struct request *req, struct json *body, const char *name, int64_t unix_us)
{
    reply_put_instant(request_arena(req), body, name, unix_us);
}

void reply_put_text(struct json *body, const char *name, const char *text)
{
    json_put_text(body, name, text[0] == '\0' ? NULL : text);
}

void reply_put_list(struct request *req, struct json *body, const char *name, const char *list)
{
    struct json *array = json_new_array();
    for (const char *item = list; *item != '\0';) {
        size_t length = strcspn(item, ",");
        json_append_text(array, arena_text_n(request_arena(req), item, length));
        item += length + (item[length] == ',');
    }
    json_put(body, name, array);
}

enum err reply_check_version(struct request *req, int64_t version, int64_t least)
{
    if (version >= least)
        return OK;
    fault_field(request_fault(req), "version", "range", "应为读取时的version", "Must be the version that was read");
    return ERR_FIELDS_INVALID;
}

void reply_say_changed(struct request *req, const char *by, int64_t at_us, const char *step)
{
    size_t size;
    if (at_us == 0)
        return;
    struct json *json = json_new_object();
    reply_put_text(json, "by", by);
    reply_put_time(req, json, "at", at_us);
    json_put_text(json, "step", step);
    fault_extend(request_fault(req), "changed", json_finish(json, request_arena(req), &size));
}

struct json *reply_action(const char *action, const char *code)
{
    enum err err = code[0] == '\0' ? OK : err_from_code(code);
    const struct err_info *info = err == OK || err == ERR_COUNT ? NULL : err_info(err);
    struct json *json = json_new_object();
    json_put_text(json, "action", action);
    json_put_boolean(json, "allowed", err == OK);
    reply_put_text(json, "code", code);
    json_put_text(json, "reason", info == NULL ? NULL : info->zh);
    json_put_text(json, "reason_en", info == NULL ? NULL : info->en);
    return json;
}
