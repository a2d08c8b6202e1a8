/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/audit/events: what happened, newest first, each event with how far it is proven. GET …/{id}: one of them
 * with its proof, as xuqictl audit prove prints it. There is no way to write or remove one. */
#include "api/access.h"
#include "api/admin.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "pki/merkle.h"
#include "store/audit_desk.h"

#include <string.h>

#define FILTER_LENGTH_MAX 200

static const char *proof_state(bool broken, int64_t leaf_index, int64_t checkpoint_size)
{
    if (broken)
        return "broken";
    if (leaf_index < 0)
        return "waiting";
    return checkpoint_size == 0 ? "sealed" : "witnessed";
}

/* Less than 1 writes null: there is none yet. */
static void put_number(struct json *json, const char *name, int64_t value, int64_t least)
{
    if (value < least)
        json_put_text(json, name, NULL);
    else
        json_put_integer(json, name, value);
}

/* -- the list ------------------------------------------------------------------------------------------------------ */

static struct json *row_json(struct request *req, const struct audit_row *event)
{
    struct json *row = json_new_object();
    json_put_integer(row, "id", event->id);
    reply_put_time(req, row, "at", event->at_us);
    json_put_text(row, "actor", event->actor);
    json_put_text(row, "action", event->action);
    json_put_text(row, "object", event->object);
    json_put_text(row, "detail", event->detail);
    json_put_text(row, "proof", proof_state(event->broken, event->leaf_index, event->checkpoint_size));
    put_number(row, "leaf", event->leaf_index, 0);
    put_number(row, "checkpoint_size", event->checkpoint_size, 1);
    reply_put_time(req, row, "signed_at", event->signed_at_us);
    return row;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct audit_rows events;
    if (err == OK)
        err = store_list_events_read(rows, request_arena(req), &events);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *list = json_new_array();
    for (size_t i = 0; i < events.count; i++)
        json_append(list, row_json(req, &events.items[i]));
    struct json *body = json_new_object();
    json_put(body, "events", list);
    put_number(body, "next_before", events.next_before, 1);
    request_reply_json(req, 200, body);
}

static const char *read_filter(struct request *req, const char *name)
{
    const char *text = request_query(req, name);
    if (text != NULL && strlen(text) > FILTER_LENGTH_MAX)
        fault_field(request_fault(req), name, "length", "最多200个字节", "At most 200 bytes");
    return text == NULL ? "" : text;
}

static const char *read_day(struct request *req, const char *name)
{
    const char *text = request_query(req, name);
    if (text != NULL && text[0] != '\0')
        reply_check_day(req, name, text);
    return text == NULL ? "" : text;
}

enum err api_audit_list(struct request *req)
{
    struct audit_asking asking = {
        .token_digest = access_staff_digest(req),
        .actor = read_filter(req, "actor"),
        .action = read_filter(req, "action"),
        .object = read_filter(req, "object"),
        .from = read_day(req, "from"),
        .to = read_day(req, "to"),
    };
    TRY(fault_check(request_fault(req)));
    TRY(admin_read_before(req, &asking.before));
    TRY(reply_read_page_size(req, AUDIT_PAGE_MAX, &asking.size));
    return store_list_events(api_server(req)->db, &asking, api_call_ms(req), listed, req);
}

/* -- one event ----------------------------------------------------------------------------------------------------- */

static struct json *path_json(struct arena *arena, struct bytes path)
{
    struct json *list = json_new_array();
    for (size_t at = 0; at + MERKLE_HASH_SIZE <= path.size; at += MERKLE_HASH_SIZE)
        json_append_text(list, hex_encode(arena, (struct bytes){path.data + at, MERKLE_HASH_SIZE}));
    return list;
}

static struct json *event_json(struct request *req, const struct audit_look *event)
{
    struct arena *arena = request_arena(req);
    struct json *body = json_new_object();
    json_put_integer(body, "id", event->id);
    reply_put_time(req, body, "at", event->at_us);
    json_put_text(body, "actor", event->actor);
    json_put_text(body, "action", event->action);
    json_put_text(body, "object", event->object);
    json_put_text(body, "detail", event->detail);
    reply_put_text(body, "writer", event->writer);
    json_put_integer(body, "writer_seq", event->writer_seq);
    json_put_text(body, "proof", proof_state(event->broken, event->leaf_index, event->size));
    put_number(body, "leaf", event->leaf_index, 0);
    reply_put_text(body, "hash", event->hash.size == 0 ? "" : hex_encode(arena, event->hash));
    reply_put_time(req, body, "sealed_at", event->sealed_at_us);
    put_number(body, "size", event->size, 1);
    json_put(body, "path", path_json(arena, event->path));
    reply_put_text(body, "checkpoint", event->note);
    reply_put_time(req, body, "signed_at", event->signed_at_us);
    return body;
}

static void got(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct audit_look event;
    if (err == OK)
        err = store_get_event_read(rows, request_arena(req), &event);
    if (err == OK)
        request_reply_json(req, 200, event_json(req, &event));
    else
        request_fail(req, err);
}

enum err api_audit_get(struct request *req)
{
    int64_t id;
    TRY(reply_read_id(req, "id", ERR_EVENT_UNKNOWN, &id));
    return store_get_event(api_server(req)->db, access_staff_digest(req), id, api_call_ms(req), got, req);
}
