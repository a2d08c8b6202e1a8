/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals/{no}/payments: a form that takes the payer to the gateway. Made and signed by jobs, which holds
 * the gateway's key; this process does not. */
#include "api/handlers.h"
#include "api/server.h"

static void opened(void *context, enum err err, struct bytes body)
{
    struct request *req = context;
    if (err == OK)
        request_reply(req, 201, "application/json", body);
    else
        request_fail(req, err);
}

static enum err read_method(struct request *req, const struct json *document, const char **method)
{
    const struct json_field fields[] = {{"method", FIELD_TEXT, .into = method, .length_max = 32}};
    return json_read(document, "", fields, ARRAY_SIZE(fields), request_fault(req));
}

enum err api_payment_open(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct bytes text = request_body(req);
    const char *method = NULL;
    TRY(json_parse((const char *)text.data, text.size, request_fault(req), &document));
    TRY(read_method(req, document, &method));
    struct json *ask = json_new_object();
    json_put_text(ask, "renewal_no", request_path_part(req, "no"));
    json_put_text(ask, "method", method);
    struct bytes body;
    body.data = (const uint8_t *)json_finish(ask, request_arena(req), &body.size);
    return peer_call(api_server(req)->jobs, "payment_open", body, api_call_ms(req), ERR_JOBS_UNAVAILABLE,
                     request_fault(req), opened, req);
}
