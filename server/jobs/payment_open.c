/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/payment_open.h"

#include "base/clock.h"
#include "base/log.h"
#include "jobs/breakers.h"
#include "jobs/gateway_call.h"
#include "store/payment.h"

#define HTTP_SERVER_FAULT 500

struct opening {
    struct peer_call *call;
    struct jobs *jobs;
    const char *renewal_no, *method;
    const struct gateway *gateway;
    struct opened_payment opened;
    struct gateway_payment payment;
};

/* -- the answer ---------------------------------------------------------------------------------------------------- */

static struct json *ticket_json(const struct opening *opening)
{
    const struct opened_payment *opened = &opening->opened;
    struct json *body = json_new_object();
    json_put_text(body, "attempt_no", opened->attempt_no);
    json_put_text(body, "method", opening->method);
    json_put_integer(body, "amount_fen", opened->amount_fen);
    json_put_text(body, "expires_at", clock_text(peer_call_arena(opening->call), opened->expires_at_us));
    return body;
}

static struct json *fields_json(const struct form *form)
{
    struct json *fields = json_new_object();
    for (size_t i = 0; i < form->fields.count; i++)
        json_put_text(fields, form->fields.items[i].name, form->fields.items[i].value);
    return fields;
}

static enum err reply_form(struct opening *opening)
{
    struct form form;
    TRY(opening->gateway->open(&opening->jobs->gateways, &opening->payment, peer_call_arena(opening->call), &form));
    struct json *body = ticket_json(opening);
    json_put_text(body, "action", form.action);
    json_put(body, "fields", fields_json(&form));
    peer_reply(opening->call, body);
    return OK;
}

/* -- a code, for which the gateway is asked ------------------------------------------------------------------------ */

/* A refusal of the gateway's is an answer: it lives. */
static void report(const struct opening *opening, enum err err, const struct http_answer *answer)
{
    struct breakers *breakers = opening->jobs->breakers;
    const char *rail = opening->gateway->rail;
    if (err != OK)
        breakers_failed(breakers, rail, err_code(err));
    else if (answer->status >= HTTP_SERVER_FAULT)
        breakers_failed(breakers, rail, "http_5xx");
    else
        breakers_answered(breakers, rail);
}

/* Whatever went wrong, the attempt stands: opening it again asks for the same order once more. */
static void coded(void *context, enum err err, const struct http_answer *answer)
{
    struct opening *opening = context;
    const char *code_url = NULL;
    report(opening, err, answer);
    if (err == OK)
        err = opening->gateway->read_ticket(&opening->jobs->gateways, &opening->payment, answer,
                                            peer_call_arena(opening->call), peer_call_fault(opening->call), &code_url);
    if (err != OK) {
        log_warn("payment", "no code for %s: %s", opening->opened.attempt_no, err_code(err));
        peer_fail(opening->call, ERR_GATEWAY_UNAVAILABLE);
        return;
    }
    struct json *body = ticket_json(opening);
    json_put_text(body, "code_url", code_url);
    peer_reply(opening->call, body);
}

static enum err ask_for_code(struct opening *opening)
{
    struct jobs *jobs = opening->jobs;
    struct arena *arena = peer_call_arena(opening->call);
    struct gateway_question question = {0};
    TRY(opening->gateway->order(&jobs->gateways, &opening->payment, arena, &question));
    return gateway_call(jobs, &question, arena, coded, opening);
}

/* -- the attempt --------------------------------------------------------------------------------------------------- */

static void opened(void *context, enum err err, const struct row *rows)
{
    struct opening *opening = context;
    if (err == OK)
        err = store_open_payment_read(rows, peer_call_arena(opening->call), &opening->opened);
    if (err == OK) {
        opening->payment = (struct gateway_payment){
            .method = opening->gateway->method,
            .attempt_no = opening->opened.attempt_no,
            .order_no = opening->opened.order_no,
            .renewal_no = opening->renewal_no,
            .amount_fen = opening->opened.amount_fen,
            .opened_us = opening->opened.created_at_us,
            .expires_us = opening->opened.expires_at_us,
        };
        err = gateway_scanned(&opening->jobs->gateways, opening->gateway) ? ask_for_code(opening) : reply_form(opening);
    }
    if (err != OK)
        peer_fail(opening->call, err);
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
    TRY(breakers_admit(opening->jobs->breakers, gateway->rail));
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
