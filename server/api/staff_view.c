/* SPDX-License-Identifier: Apache-2.0 */
/* /api/v1/staff/views: views of the desks' lists that a member of staff keeps for himself, wherever he logs in. */
#include "store/staff_view.h"

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"

#include <string.h>

#define NAME_LENGTH_MAX    40
#define ADDRESS_LENGTH_MAX 1000

static struct json *view_json(int64_t id, const char *name, const char *address)
{
    struct json *json = json_new_object();
    json_put_integer(json, "id", id);
    json_put_text(json, "name", name);
    json_put_text(json, "address", address);
    return json;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct staff_views views;
    if (err == OK)
        err = store_list_views_read(rows, request_arena(req), &views);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *list = json_new_array();
    for (size_t i = 0; i < views.count; i++)
        json_append(list, view_json(views.items[i].id, views.items[i].name, views.items[i].address));
    json_put(body, "views", list);
    request_reply_json(req, 200, body);
}

enum err api_staff_views(struct request *req)
{
    return store_list_views(api_server(req)->db, access_staff_digest(req), api_call_ms(req), listed, req);
}

static void check_name(struct request *req, const char *name)
{
    if (text_blank(name))
        fault_field(request_fault(req), "name", "required", "请填写名称", "Give it a name");
}

/* A page of the desks with what its list shows; never another site. */
static void check_address(struct request *req, const char *address)
{
    size_t length = strlen(address);
    bool path = length >= 2 && address[0] == '/' && address[1] >= 'a' && address[1] <= 'z';
    for (size_t i = 0; i < length; i++)
        path = path && address[i] > ' ' && address[i] < 0x7f && address[i] != '\\';
    if (!path)
        fault_field(request_fault(req), "address", "value", "应为工作台页面的地址，如/review?tab=second",
                    "Must be the address of a desk's page like /review?tab=second");
}

struct view_write {
    struct request *req;
    struct staff_view view;
};

static void added(void *context, enum err err, const struct row *rows)
{
    struct view_write *it = context;
    if (err == OK)
        err = store_add_view_read(rows, request_arena(it->req), &it->view.id);
    if (err == OK)
        request_reply_json(it->req, 200, view_json(it->view.id, it->view.name, it->view.address));
    else
        request_fail(it->req, err);
}

enum err api_staff_view_add(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *name = "", *address = "";
    const struct json_field fields[] = {{"name", FIELD_TEXT, .into = &name, .length_max = NAME_LENGTH_MAX},
                                        {"address", FIELD_TEXT, .into = &address, .length_max = ADDRESS_LENGTH_MAX}};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    check_name(req, name);
    check_address(req, address);
    TRY(fault_check(request_fault(req)));
    struct view_write *it = ARENA_NEW(request_arena(req), struct view_write);
    *it = (struct view_write){
        req, {.name = arena_text(request_arena(req), name), .address = arena_text(request_arena(req), address)}};
    return store_add_view(api_server(req)->db, access_staff_digest(req), it->view.name, it->view.address,
                          api_call_ms(req), added, it);
}

static void reply_id(struct request *req)
{
    struct json *body = json_new_object();
    int64_t id = 0;
    if (text_number(request_path_part(req, "id"), &id))
        json_put_integer(body, "id", id);
    request_reply_json(req, 200, body);
}

static void renamed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_rename_view_read(rows, request_arena(req));
    if (err == OK)
        reply_id(req);
    else
        request_fail(req, err);
}

enum err api_staff_view_rename(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *name = "";
    int64_t id = 0;
    const struct json_field fields[] = {{"name", FIELD_TEXT, .into = &name, .length_max = NAME_LENGTH_MAX}};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(reply_read_id(req, "id", ERR_VIEW_UNKNOWN, &id));
    check_name(req, name);
    TRY(fault_check(request_fault(req)));
    return store_rename_view(api_server(req)->db, access_staff_digest(req), id, name, api_call_ms(req), renamed, req);
}

static void removed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_remove_view_read(rows, request_arena(req));
    if (err == OK)
        reply_id(req);
    else
        request_fail(req, err);
}

enum err api_staff_view_remove(struct request *req)
{
    int64_t id = 0;
    TRY(reply_read_id(req, "id", ERR_VIEW_UNKNOWN, &id));
    return store_remove_view(api_server(req)->db, access_staff_digest(req), id, api_call_ms(req), removed, req);
}
