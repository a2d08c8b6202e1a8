/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals/{no}/payments: a form that takes the payer to the gateway. Made and signed by jobs, which holds
 * the gateway's key; this process does not. */
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"

static void opened(void *context, enum err err, struct bytes body)
{
    struct request *req = context;
    if (err == OK)
        request_reply(req, 201, "application/json", body);
    else
        request_fail(req, err);
}

enum err api_payment_open(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *method = NULL;
    const struct json_field fields[] = {{"method", FIELD_TEXT, .into = &method, .length_max = 32}};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    struct json *ask = json_new_object();
    json_put_text(ask, "renewal_no", request_path_part(req, "no"));
    json_put_text(ask, "method", method);
    struct bytes body;
    body.data = (const uint8_t *)json_finish(ask, request_arena(req), &body.size);
    return peer_call(api_server(req)->jobs, "payment_open", body, api_call_ms(req), ERR_JOBS_UNAVAILABLE,
                     request_fault(req), opened, req);
}
