/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals/{no}/payments: a form that takes the payer to the gateway. Made and signed by jobs, which holds
 * the gateway's key; this process does not.
 * POST …/payments/{attempt}/refresh: the page that waits asks how it stands, and has the gateway asked. */
#include "store/payment.h"
#include "api/handlers.h"
#include "api/order.h"
#include "api/rails.h"
#include "api/reply.h"
#include "api/server.h"
#include "store/order.h"

/* The rail is paused: the answer names what else the payer can use. */
static void paused(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct order_page page;
    size_t size;
    if (err == OK && store_get_order_page_read(rows, request_arena(req), &page) == OK) {
        struct json *methods = order_methods_json(api_server(req), page.payment_methods);
        fault_extend(request_fault(req), "payment_methods", json_finish(methods, request_arena(req), &size));
    }
    request_fail(req, ERR_RAIL_PAUSED);
}

struct opening {
    struct request *req;
    const char *method;
};

static void opened(void *context, enum err err, struct bytes body)
{
    const struct opening *opening = context;
    struct request *req = opening->req;
    if (err == ERR_RAIL_PAUSED)
        rails_pause(api_server(req)->rails, opening->method);
    if (err == OK) {
        request_reply(req, 201, "application/json", body);
        return;
    }
    if (err != ERR_RAIL_PAUSED ||
        store_get_order_page(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), paused, req) != OK)
        request_fail(req, err);
}

enum err api_payment_open(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *method = NULL;
    const struct json_field fields[] = {{"method", FIELD_TEXT, .into = &method, .length_max = 32}};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    struct opening *opening = ARENA_NEW(request_arena(req), struct opening);
    *opening = (struct opening){req, arena_text(request_arena(req), method)};
    struct json *ask = json_new_object();
    json_put_text(ask, "renewal_no", request_path_part(req, "no"));
    json_put_text(ask, "method", method);
    struct bytes body;
    body.data = (const uint8_t *)json_finish(ask, request_arena(req), &body.size);
    return peer_call(api_server(req)->jobs, "payment_open", body, api_call_ms(req), ERR_JOBS_UNAVAILABLE,
                     request_fault(req), opened, opening);
}

/* -- how does it stand? -------------------------------------------------------------------------------------------- */

static void refreshed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct payment_state payment;
    if (err == OK)
        err = store_refresh_payment_read(rows, request_arena(req), &payment);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "attempt_no", request_path_part(req, "attempt"));
    json_put_text(body, "method", payment.method);
    json_put_text(body, "state", payment.state);
    json_put_integer(body, "amount_fen", payment.amount_fen);
    reply_put_time(req, body, "opened_at", payment.created_at_us);
    reply_put_time(req, body, "expires_at", payment.expires_at_us);
    reply_put_time(req, body, "paid_at", payment.paid_at_us);
    request_reply_json(req, 200, body);
}

enum err api_payment_refresh(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_refresh_payment(api_server(req)->db, request_path_part(req, "no"), request_path_part(req, "attempt"),
                                 api_call_ms(req), refreshed, req);
}
