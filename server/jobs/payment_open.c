/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/payment_open.h"

#include "base/clock.h"
#include "jobs/jobs.h"
#include "store/payment.h"

struct opening {
    struct peer_call *call;
    struct jobs *jobs;
    const char *renewal_no, *method;
    const struct gateway *gateway;
};

static struct json *fields_json(const struct form *form)
{
    struct json *fields = json_new_object();
    for (size_t i = 0; i < form->fields.count; i++)
        json_put_text(fields, form->fields.items[i].name, form->fields.items[i].value);
    return fields;
}

static enum err make_form(const struct opening *opening, const struct opened_payment *opened, struct arena *arena,
                          struct form *form)
{
    struct gateway_payment payment = {
        .attempt_no = opened->attempt_no,
        .order_no = opened->order_no,
        .renewal_no = opening->renewal_no,
        .amount_fen = opened->amount_fen,
        .opened_us = opened->created_at_us,
        .expires_us = opened->expires_at_us,
    };
    return opening->gateway->open(&opening->jobs->gateways, &payment, arena, form);
}

static void opened(void *context, enum err err, const struct row *rows)
{
    struct opening *opening = context;
    struct arena *arena = peer_call_arena(opening->call);
    struct opened_payment payment;
    struct form form;
    if (err == OK)
        err = store_open_payment_read(rows, arena, &payment);
    if (err == OK)
        err = make_form(opening, &payment, arena, &form);
    if (err != OK) {
        peer_fail(opening->call, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "attempt_no", payment.attempt_no);
    json_put_text(body, "method", opening->method);
    json_put_integer(body, "amount_fen", payment.amount_fen);
    json_put_text(body, "action", form.action);
    json_put(body, "fields", fields_json(&form));
    json_put_text(body, "expires_at", clock_text(arena, payment.expires_at_us));
    peer_reply(opening->call, body);
}

static enum err open_attempt(struct peer_call *call, struct bytes text)
{
    AUTO_JSON *document = NULL;
    struct fault *fault = peer_call_fault(call);
    struct opening *opening = ARENA_NEW(peer_call_arena(call), struct opening);
    const struct json_field fields[] = {
        {"renewal_no", FIELD_TEXT, .into = &opening->renewal_no, .length_max = 64},
        {"method", FIELD_TEXT, .into = &opening->method, .length_max = 32},
    };
    *opening = (struct opening){.call = call, .jobs = peer_call_server(call)};
    TRY(json_parse((const char *)text.data, text.size, fault, &document));
    TRY(json_read(document, "", fields, ARRAY_SIZE(fields), fault));
    opening->renewal_no = arena_text(peer_call_arena(call), opening->renewal_no);
    opening->method = arena_text(peer_call_arena(call), opening->method);
    ENSURE(gateway_offered(&opening->jobs->gateways, opening->method), ERR_METHOD_UNAVAILABLE);
    const struct settings *settings = opening->jobs->settings;
    const struct gateway *gateway = opening->gateway = gateway_find(opening->method);
    struct payment_opening ask = {.renewal_no = opening->renewal_no,
                                  .method = gateway->method,
                                  .gateway = gateway->rail,
                                  .form_lifetime_s = gateway->lifetime_s(settings) / 2,
                                  .lifetime_s = gateway->lifetime_s(settings),
                                  .ask_after_s = gateway->ask == NULL ? 0 : gateway_first_query_s()};
    return store_open_payment(opening->jobs->db, &ask, settings->database_call_ms, opened, opening);
}

void payment_open_handle(struct peer_call *call, struct bytes body)
{
    enum err err = open_attempt(call, body);
    if (err != OK)
        peer_fail(call, err);
}
