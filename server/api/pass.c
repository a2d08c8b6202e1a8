/* SPDX-License-Identifier: Apache-2.0 */
/* Platforms whose clean cases pass without a person: how their samples were, what was stopped, and resuming it. */
#include "store/pass.h"

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"

#define REASON_MAX 500

static void put_stop(struct request *req, struct json *row, const struct pass *it)
{
    if (it->stop == 0) {
        json_put_text(row, "stop", NULL);
        return;
    }
    struct json *stop = json_new_object();
    json_put_integer(stop, "id", it->stop);
    reply_put_time(req, stop, "at", it->stopped_at_us);
    json_put_integer(stop, "wrong", it->stop_wrong);
    json_put_integer(stop, "looked", it->stop_looked);
    json_put(row, "stop", stop);
}

static void put_resumption(struct request *req, struct json *row, const struct pass *it)
{
    if (it->resumed_at_us == 0) {
        json_put_text(row, "resumed", NULL);
        return;
    }
    struct json *last = json_new_object();
    json_put_text(last, "by", it->resumed_by);
    reply_put_time(req, last, "at", it->resumed_at_us);
    json_put_text(last, "reason", it->resumed_why);
    json_put(row, "resumed", last);
}

static struct json *pass_json(struct request *req, const struct pass *it)
{
    struct json *row = json_new_object();
    json_put_text(row, "platform", it->platform);
    json_put_integer(row, "sample_permyriad", it->sample_permyriad);
    json_put_integer(row, "sample_last", it->sample_last);
    json_put_integer(row, "wrong_permyriad", it->wrong_permyriad);
    json_put_integer(row, "looked", it->looked);
    json_put_integer(row, "wrong", it->wrong);
    json_put_integer(row, "samples_open", it->samples_open);
    json_put_integer(row, "mistakes_open", it->mistakes_open);
    put_stop(req, row, it);
    put_resumption(req, row, it);
    json_put(row, "resume", reply_action("resume", it->resume));
    return row;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct passes list;
    if (err == OK)
        err = store_list_passes_read(rows, request_arena(req), &list);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *items = json_new_array();
    for (size_t i = 0; i < list.count; i++)
        json_append(items, pass_json(req, &list.items[i]));
    json_put(body, "passes", items);
    request_reply_json(req, 200, body);
}

enum err api_pass_list(struct request *req)
{
    return store_list_passes(api_server(req)->db, access_staff_digest(req), api_call_ms(req), listed, req);
}

static void resumed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_resume_pass_read(rows, request_arena(req));
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "platform", request_path_part(req, "platform"));
    json_put_text(body, "status", "resumed");
    request_reply_json(req, 200, body);
}

enum err api_pass_resume(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *reason = NULL;
    int64_t stop = 0;
    const struct json_field fields[] = {{"reason", FIELD_TEXT, .into = &reason, .length_max = REASON_MAX},
                                        {"stop", FIELD_INTEGER, .into = &stop}};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    if (text_blank(reason))
        fault_field(request_fault(req), "reason", "required", "请写明为何可以恢复", "Say why cases may pass again");
    if (stop < 1)
        fault_field(request_fault(req), "stop", "range", "应为读取时的stop.id", "Must be the stop.id that was read");
    TRY(fault_check(request_fault(req)));
    return store_resume_pass(api_server(req)->db, access_staff_digest(req), request_path_part(req, "platform"), stop,
                             reason, api_call_ms(req), resumed, req);
}
