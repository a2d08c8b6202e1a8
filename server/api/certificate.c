/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals/{no}/certificate: the signed request goes to the issuer as it came. Nothing is decided here:
 * the issuer verifies the signature, the payment, the approvals and the frozen content itself, so that a taken web
 * process cannot issue. POST …/acknowledgement: installed. */
#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "store/renewal.h"

#include <string.h>

static void issued(void *context, enum err err, struct bytes body)
{
    struct request *req = context;
    if (err == OK)
        request_reply(req, 200, "application/json", body);
    else
        request_fail(req, err);
}

/* The head, NUL, and the request's octets: in JSON they would be written and read twice more. */
static struct bytes envelope(struct request *req, struct json *head)
{
    struct arena *arena = request_arena(req);
    struct bytes request = request_body(req);
    size_t size;
    const char *text = json_finish(head, arena, &size);
    uint8_t *whole = arena_alloc(arena, size + 1 + request.size);
    uint8_t *at = mempcpy(whole, text, size);
    *at++ = '\0';
    if (request.size > 0)
        memcpy(at, request.data, request.size);
    return (struct bytes){whole, size + 1 + request.size};
}

enum err api_certificate_fetch(struct request *req)
{
    bool portal = reply_body_is_json(req);
    if (portal) {
        TRY(access_require_portal(req));
        TRY(access_require_renewal(req));
    }
    struct json *head = json_new_object();
    json_put_text(head, "renewal_no", request_path_part(req, "no"));
    if (portal)
        json_put_text(head, "portal_token", access_portal_token(req));
    return peer_call(api_server(req)->issuer, "certificate_issue", envelope(req, head),
                     api_server(req)->settings->web_handler_ms, ERR_ISSUER_UNAVAILABLE, request_fault(req), issued,
                     req);
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
