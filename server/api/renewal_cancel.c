/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals/{no}/cancellation: freely before payment. After it the money has to go back, which
 * finance approves; until then the renewal goes on. */
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "store/renewal.h"

static void reply_asked(struct request *req, const struct cancelled_renewal *renewal)
{
    struct json *body = json_new_object(), *refund = json_new_object();
    json_put_text(refund, "refund_no", renewal->refund_no);
    json_put_text(refund, "state", "asked");
    json_put_integer(refund, "amount_fen", renewal->amount_fen);
    json_put_text(body, "renewal_no", request_path_part(req, "no"));
    json_put_text(body, "status", renewal->status);
    json_put(body, "refund", refund);
    request_reply_json(req, 202, body);
}

static void cancelled(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct cancelled_renewal renewal;
    if (err == OK)
        err = store_cancel_renewal_read(rows, request_arena(req), &renewal);
    if (err != OK)
        request_fail(req, err);
    else if (renewal.cancelled)
        reply_moved(req, renewal.status);
    else
        reply_asked(req, &renewal);
}

enum err api_renewal_cancel(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_cancel_renewal(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), cancelled, req);
}
