/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/payment_open.h"

#include "base/clock.h"
#include "jobs/jobs.h"
#include "store/payment.h"

#include <string.h>

struct opening {
    struct peer_call *call;
    struct jobs *jobs;
    const char *renewal_no, *method;
};

static struct json *fields_json(const struct form *form)
{
    struct json *fields = json_new_object();
    for (size_t i = 0; i < form->fields.count; i++)
        json_put_text(fields, form->fields.items[i].name, form->fields.items[i].value);
    return fields;
}

static enum err make_form(const struct opening *opening, const struct opened_payment *payment, struct arena *arena,
                          struct form *form, int64_t *expires_us)
{
    const struct settings *settings = opening->jobs->settings;
    *expires_us = payment->created_at_us + settings->alipay_timeout_minutes * 60 * CLOCK_SECOND_US;
    struct alipay_order order = {
        .out_trade_no = payment->attempt_no,
        .amount_fen = payment->amount_fen,
        .subject = arena_format(arena, "数字证书续期 %s", payment->order_no),
        .notify_url = arena_format(arena, "%s/notify/alipay", settings->web_public_url),
        .return_url = arena_format(arena, "%s/order/%s", settings->web_public_url, opening->renewal_no),
        .expires_us = *expires_us,
        .now_us = clock_now_us(),
    };
    return alipay_page_pay(opening->jobs->alipay, &order, arena, form);
}

static void opened(void *context, enum err err, const struct row *rows)
{
    struct opening *opening = context;
    struct arena *arena = peer_call_arena(opening->call);
    struct opened_payment payment;
    struct form form;
    int64_t expires_us;
    if (err == OK)
        err = store_open_payment_read(rows, arena, &payment);
    if (err == OK)
        err = make_form(opening, &payment, arena, &form, &expires_us);
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
    json_put_text(body, "expires_at", clock_text(arena, expires_us));
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
    ENSURE(strcmp(opening->method, "alipay") == 0 && opening->jobs->alipay != NULL, ERR_METHOD_UNAVAILABLE);
    const struct settings *settings = opening->jobs->settings;
    struct payment_opening ask = {.renewal_no = opening->renewal_no,
                                  .method = opening->method,
                                  .form_lifetime_s = settings->alipay_timeout_minutes * 60 / 2};
    return store_open_payment(opening->jobs->db, &ask, settings->database_call_ms, opened, opening);
}

void payment_open_handle(struct peer_call *call, struct bytes body)
{
    enum err err = open_attempt(call, body);
    if (err != OK)
        peer_fail(call, err);
}
