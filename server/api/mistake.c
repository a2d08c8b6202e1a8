/* SPDX-License-Identifier: Apache-2.0 */
/* What passed without a person and was judged wrong: the list, whose it is, and the end of it. */
#include "store/mistake.h"

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"

#include <string.h>

#define MISTAKES_MAX 200
#define OWNER_MAX    64
#define REASON_MAX   500

static struct json *mistake_json(struct request *req, const struct mistake *it)
{
    struct json *row = json_new_object();
    json_put_text(row, "renewal_no", it->renewal_no);
    json_put_text(row, "platform", it->platform);
    json_put_text(row, "organisation", it->organisation);
    json_put_text(row, "note", it->note);
    json_put_text(row, "looked_by", it->looked_by);
    reply_put_time(req, row, "opened_at", it->opened_at_us);
    json_put_integer(row, "age_days", it->age_days);
    reply_put_text(row, "owner", it->owner);
    reply_put_text(row, "certificate_serial", it->serial);
    json_put_text(row, "revocation", it->revocation);
    json_put_boolean(row, "pass_stopped", it->stopped);
    reply_put_text(row, "closed_by", it->closed_by);
    reply_put_time(req, row, "closed_at", it->closed_at_us);
    reply_put_text(row, "reason", it->reason);
    json_put_integer(row, "version", it->version);
    return row;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct mistakes list;
    if (err == OK)
        err = store_list_mistakes_read(rows, request_arena(req), &list);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *items = json_new_array();
    for (size_t i = 0; i < list.count; i++)
        json_append(items, mistake_json(req, &list.items[i]));
    json_put(body, "mistakes", items);
    request_reply_json(req, 200, body);
}

enum err api_mistake_list(struct request *req)
{
    const char *state = request_query(req, "state");
    if (state == NULL)
        state = "open";
    if (strcmp(state, "open") != 0 && strcmp(state, "closed") != 0) {
        fault_field(request_fault(req), "state", "value", "应为open或closed", "Must be open or closed");
        return ERR_FIELDS_INVALID;
    }
    return store_list_mistakes(api_server(req)->db, access_staff_digest(req), state, MISTAKES_MAX, api_call_ms(req),
                               listed, req);
}

static void assigned(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_assign_mistake_read(rows, request_arena(req));
    if (err == OK)
        reply_moved(req, "assigned");
    else
        request_fail(req, err);
}

enum err api_mistake_assign(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *owner = NULL;
    int64_t version = 0;
    const struct json_field fields[] = {{"owner", FIELD_TEXT, .into = &owner, .length_max = OWNER_MAX},
                                        REPLY_VERSION_FIELD(&version, false)};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(reply_check_version(req, version, 1));
    return store_assign_mistake(api_server(req)->db, access_staff_digest(req), request_path_part(req, "no"), owner,
                                version, api_call_ms(req), assigned, req);
}

static void closed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_close_mistake_read(rows, request_arena(req));
    if (err == OK)
        reply_moved(req, "closed");
    else
        request_fail(req, err);
}

enum err api_mistake_close(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *reason = NULL;
    int64_t version = 0;
    const struct json_field fields[] = {{"reason", FIELD_TEXT, .into = &reason, .length_max = REASON_MAX},
                                        REPLY_VERSION_FIELD(&version, true)};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(reply_check_version(req, version, 0));
    if (text_blank(reason)) {
        fault_field(request_fault(req), "reason", "required", "请写明如何处理", "Say what was done about it");
        return ERR_FIELDS_INVALID;
    }
    return store_close_mistake(api_server(req)->db, access_staff_digest(req), request_path_part(req, "no"), reason,
                               version, api_call_ms(req), closed, req);
}
