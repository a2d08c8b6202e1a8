/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/admin/staff: who has which rights since when, and uses them. POST …/{name}/disabling: access taken away
 * at once. Giving it takes two people: admin_request.c. */
#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "store/admin_desk.h"

static struct json *account_json(struct request *req, const struct staff_account *account)
{
    struct json *row = json_new_object();
    json_put_text(row, "name", account->name);
    json_put_text(row, "display_name", account->display_name);
    reply_put_list(req, row, "roles", account->roles);
    reply_put_list(req, row, "platforms", account->platforms);
    json_put_text(row, "status", account->status);
    json_put_integer(row, "version", account->version);
    json_put_integer(row, "certificates", account->certificates);
    reply_put_time(req, row, "created_at", account->created_at_us);
    reply_put_text(row, "granted_by", account->granted_by);
    reply_put_time(req, row, "granted_at", account->granted_at_us);
    reply_put_time(req, row, "last_used_at", account->last_used_at_us);
    json_put_boolean(row, "unused", account->unused);
    json_put_boolean(row, "locked", account->locked);
    reply_put_time(req, row, "enrolment_until", account->enrolment_until_us);
    return row;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct staff_accounts accounts;
    if (err == OK)
        err = store_list_staff_read(rows, request_arena(req), &accounts);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *list = json_new_array();
    for (size_t i = 0; i < accounts.count; i++)
        json_append(list, account_json(req, &accounts.items[i]));
    struct json *body = json_new_object();
    json_put_integer(body, "unused_days", api_server(req)->settings->staff_unused_days);
    json_put(body, "staff", list);
    request_reply_json(req, 200, body);
}

enum err api_admin_staff_list(struct request *req)
{
    struct api_server *server = api_server(req);
    const struct settings *settings = server->settings;
    const struct staff_lock lock = {settings->staff_login_attempts, settings->staff_login_lock_s};
    return store_list_staff(server->db, access_staff_digest(req), settings->staff_unused_days, &lock, api_call_ms(req),
                            listed, req);
}

static void stopped(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_stop_staff_read(rows, request_arena(req));
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "name", request_path_part(req, "name"));
    json_put_text(body, "status", "disabled");
    request_reply_json(req, 200, body);
}

enum err api_admin_staff_disable(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_stop_staff(api_server(req)->db, access_staff_digest(req), request_path_part(req, "name"),
                            api_call_ms(req), stopped, req);
}
