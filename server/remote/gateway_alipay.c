/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/gateway_alipay.h"

#include "base/clock.h"
#include "remote/alipay.h"

#include <inttypes.h>

#define HTTP_OK 200

bool alipay_offered(const struct gateways *gateways)
{
    return gateways->alipay != NULL;
}

int64_t alipay_lifetime_s(const struct settings *settings)
{
    return settings->alipay_timeout_minutes * 60;
}

enum err alipay_open(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                     struct form *form)
{
    const char *public_url = gateways->settings->web_public_url;
    struct alipay_order order = {
        .out_trade_no = payment->attempt_no,
        .amount_fen = payment->amount_fen,
        .subject = arena_format(arena, "数字证书续期 %s", payment->order_no),
        .notify_url = arena_format(arena, "%s/notify/alipay", public_url),
        .return_url = arena_format(arena, "%s/order/%s", public_url, payment->renewal_no),
        .expires_us = payment->expires_us,
        .now_us = clock_now_us(),
    };
    return alipay_page_pay(gateways->alipay, &order, arena, form);
}

enum err alipay_ask(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                    struct gateway_question *question)
{
    struct form form;
    TRY(alipay_query(gateways->alipay, payment->attempt_no, clock_now_us(), arena, &form));
    *question = (struct gateway_question){
        .method = "POST",
        .url = form.action,
        .headers = {{"Content-Type", "application/x-www-form-urlencoded;charset=utf-8"}},
        .header_count = 1,
        .body = form_post_body(&form.fields, arena),
    };
    return OK;
}

static enum gateway_word word_of(enum alipay_state state)
{
    switch (state) {
    case ALIPAY_TRADE_PAID:
        return GATEWAY_PAID;
    case ALIPAY_TRADE_WAITING:
        return GATEWAY_PENDING;
    case ALIPAY_TRADE_CLOSED:
        return GATEWAY_NOT_PAID;
    case ALIPAY_TRADE_NOT_FOUND:
        return GATEWAY_NOT_FOUND;
    case ALIPAY_TRADE_UNKNOWN:
        break;
    }
    return GATEWAY_NO_ANSWER;
}

enum err alipay_read_state(const struct gateways *gateways, const struct gateway_payment *payment,
                           const struct http_answer *answer, struct arena *arena, struct fault *fault,
                           struct gateway_answer *out)
{
    struct alipay_trade trade;
    if (answer->status != HTTP_OK) {
        *out = (struct gateway_answer){.word = GATEWAY_NO_ANSWER,
                                       .said = arena_format(arena, "http %" PRId64, answer->status)};
        return OK;
    }
    TRY(alipay_read_query(gateways->alipay, answer->body, payment->attempt_no, clock_now_us(), arena, fault, &trade));
    *out = (struct gateway_answer){.word = word_of(trade.state),
                                   .said = trade.said,
                                   .gateway_txn = trade.trade_no,
                                   .amount_fen = trade.amount_fen,
                                   .paid_us = trade.paid_us,
                                   .buyer_masked = trade.buyer_masked,
                                   .key_id = trade.app_id};
    return OK;
}
