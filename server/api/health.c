/* SPDX-License-Identifier: Apache-2.0 */
/* /healthz: the process lives. /readyz: it can do its work (database, jobs and issuer are reached), and which platforms
 * cannot take applications for want of a price. */
#include "api/handlers.h"
#include "api/server.h"
#include "store/price.h"

#include <string.h>

enum err api_health_alive(struct request *req)
{
    struct json *body = json_new_object();
    json_put_text(body, "status", "ok");
    json_put_text(body, "version", XUQI_VERSION);
    request_reply_json(req, 200, body);
    return OK;
}

/* One platform without a price is no reason to send the others' callers elsewhere: ready all the same. */
static void priced(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *unpriced = "";
    if (err == OK)
        err = store_get_unpriced_read(rows, request_arena(req), &unpriced);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *list = json_new_array();
    for (const char *at = unpriced; *at != '\0'; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        json_append_text(list, arena_text_n(request_arena(req), at, size));
        at += size;
    }
    json_put_text(body, "status", "ready");
    json_put(body, "platforms_without_price", list);
    request_reply_json(req, 200, body);
}

enum err api_health_ready(struct request *req)
{
    const struct api_server *server = api_server(req);
    ENSURE(db_ready(server->db), ERR_DB_UNAVAILABLE);
    ENSURE(peer_client_ready(server->jobs), ERR_JOBS_UNAVAILABLE);
    ENSURE(peer_client_ready(server->issuer), ERR_ISSUER_UNAVAILABLE);
    size_t count;
    const char *const *ids = platform_ids(request_arena(req), server->platforms, &count);
    return store_get_unpriced(server->db, ids, count, api_call_ms(req), priced, req);
}
