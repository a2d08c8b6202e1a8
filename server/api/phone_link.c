/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals/{no}/phone_links: a link, to be shown as a QR code, by which one telephone may add the photos
 * of the agent's identity card. Asked for anew, the older one ends. */
#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "store/phone.h"

struct linking {
    struct request *req;
    const char *token;
};

static void created(void *context, enum err err, const struct row *rows)
{
    struct linking *linking = context;
    struct request *req = linking->req;
    int64_t expires_at_us;
    if (err == OK)
        err = store_create_phone_link_read(rows, request_arena(req), &expires_at_us);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    const char *url = access_phone_url(request_arena(req), api_server(req)->settings->web_public_url, linking->token);
    struct json *body = json_new_object();
    json_put_text(body, "url", url);
    json_put_text(body, "qr_text", url);
    reply_put_time(req, body, "expires_at", expires_at_us);
    request_reply_json(req, 201, body);
}

enum err api_phone_link(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    const struct api_server *server = api_server(req);
    struct linking *linking = ARENA_NEW(request_arena(req), struct linking);
    struct bytes digest;
    *linking = (struct linking){.req = req};
    linking->token = access_phone_token(request_arena(req), server->access_key, &digest);
    return store_create_phone_link(server->db, request_path_part(req, "no"), digest,
                                   server->settings->identity_phone_link_s,
                                   server->settings->identity_phone_links_per_day, api_call_ms(req), created, linking);
}
