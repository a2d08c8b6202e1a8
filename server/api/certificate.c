/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals/{no}/certificate: the signed request goes to the issuer as it came. Nothing is decided here:
 * the issuer verifies the signature, the payment, the approvals and the frozen content itself, so that a taken web
 * process cannot issue. POST …/acknowledgement: installed. */
#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "store/renewal.h"

static void issued(void *context, enum err err, struct bytes body)
{
    struct request *req = context;
    if (err == OK)
        request_reply(req, 200, "application/json", body);
    else
        request_fail(req, err);
}

enum err api_certificate_fetch(struct request *req)
{
    struct arena *arena = request_arena(req);
    bool portal = reply_body_is_json(req);
    if (portal) {
        TRY(access_require_portal(req));
        TRY(access_require_renewal(req));
    }
    struct json *ask = json_new_object();
    json_put_text(ask, "renewal_no", request_path_part(req, "no"));
    json_put_text(ask, "request", base64_encode(arena, request_body(req)));
    if (portal)
        json_put_text(ask, "portal_token", access_portal_token(req));
    struct bytes body;
    body.data = (const uint8_t *)json_finish(ask, arena, &body.size);
    return peer_call(api_server(req)->issuer, "certificate_issue", body, api_server(req)->settings->web_handler_ms,
                     ERR_ISSUER_UNAVAILABLE, request_fault(req), issued, req);
}

static void acknowledged(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *status = NULL;
    if (err == OK)
        err = store_acknowledge_certificate_read(rows, request_arena(req), &status);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    reply_moved(req, status);
}

enum err api_certificate_acknowledge(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_acknowledge_certificate(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req),
                                         acknowledged, req);
}
