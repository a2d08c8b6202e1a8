/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/gateway_alipay.h"

#include "base/clock.h"
#include "base/log.h"
#include "remote/alipay.h"

bool alipay_offered(const struct gateways *gateways)
{
    return gateways->alipay != NULL;
}

int64_t alipay_lifetime_s(const struct settings *settings)
{
    return settings->alipay_timeout_minutes * 60;
}

bool alipay_scanned(const struct gateways *gateways)
{
    return alipay_precreates(gateways->alipay);
}

/* -- payments ------------------------------------------------------------------------------------------------------ */

static struct alipay_order order_of(const struct gateways *gateways, const struct gateway_payment *payment,
                                    struct arena *arena)
{
    const char *public_url = gateways->settings->web_public_url;
    return (struct alipay_order){
        .out_trade_no = payment->attempt_no,
        .amount_fen = payment->amount_fen,
        .subject = arena_format(arena, "数字证书续期 %s", payment->order_no),
        .notify_url = arena_format(arena, "%s/notify/alipay", public_url),
        .return_url = arena_format(arena, "%s/order/%s", public_url, payment->renewal_no),
        .expires_us = payment->expires_us,
        .now_us = clock_now_us(),
    };
}

enum err alipay_open(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                     struct form *form)
{
    struct alipay_order order = order_of(gateways, payment, arena);
    return alipay_page_pay(gateways->alipay, &order, arena, form);
}

static void carry(const struct form *form, struct arena *arena, struct gateway_question *question)
{
    *question = (struct gateway_question){
        .method = "POST",
        .url = form->action,
        .headers = {{"Content-Type", "application/x-www-form-urlencoded;charset=utf-8"}},
        .header_count = 1,
        .body = form_post_body(&form->fields, arena),
    };
}

enum err alipay_order_code(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                           struct gateway_question *question)
{
    struct alipay_order order = order_of(gateways, payment, arena);
    struct form form;
    TRY(alipay_precreate(gateways->alipay, &order, arena, &form));
    carry(&form, arena, question);
    return OK;
}

enum err alipay_read_code(const struct gateways *gateways, const struct gateway_payment *payment,
                          const struct http_answer *answer, struct arena *arena, struct fault *fault,
                          const char **code_url)
{
    const char *said = "";
    ENSURE(gateway_answered(answer), ERR_GATEWAY_UNAVAILABLE);
    enum err err = alipay_read_precreate(gateways->alipay, answer->body, payment->attempt_no, arena, fault, code_url,
                                         &said);
    if (err == ERR_GATEWAY_UNAVAILABLE)
        log_error("payment", "Alipay makes no code: %s", said);
    return err;
}

enum err alipay_ask(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                    struct gateway_question *question)
{
    struct form form;
    TRY(alipay_query(gateways->alipay, payment->attempt_no, clock_now_us(), arena, &form));
    carry(&form, arena, question);
    return OK;
}

enum err alipay_close_trade(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                            struct gateway_question *question)
{
    struct form form;
    TRY(alipay_close(gateways->alipay, payment->attempt_no, clock_now_us(), arena, &form));
    carry(&form, arena, question);
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
        return GATEWAY_CLOSED;
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
    if (!gateway_answered(answer)) {
        *out = gateway_no_answer(answer, arena);
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

/* -- refunds ------------------------------------------------------------------------------------------------------- */

static struct alipay_refund refund_of(const struct gateway_refund *refund)
{
    return (struct alipay_refund){refund->attempt_no, refund->gateway_txn, refund->refund_no, refund->amount_fen};
}

enum err alipay_send_refund(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                            struct gateway_question *question)
{
    struct alipay_refund sent = refund_of(refund);
    struct form form;
    TRY(alipay_refund(gateways->alipay, &sent, clock_now_us(), arena, &form));
    carry(&form, arena, question);
    return OK;
}

enum err alipay_ask_refund(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                           struct gateway_question *question)
{
    struct alipay_refund sent = refund_of(refund);
    struct form form;
    TRY(alipay_refund_query(gateways->alipay, &sent, clock_now_us(), arena, &form));
    carry(&form, arena, question);
    return OK;
}

static struct gateway_refund_answer refund_answer(const struct alipay_refund_answer *answer)
{
    static const enum gateway_refund_word words[] = {
        [ALIPAY_REFUND_DONE] = REFUND_DONE,         [ALIPAY_REFUND_ACCEPTED] = REFUND_PENDING,
        [ALIPAY_REFUND_REFUSED] = REFUND_REFUSED,   [ALIPAY_REFUND_NOT_FOUND] = REFUND_NOT_FOUND,
        [ALIPAY_REFUND_UNKNOWN] = REFUND_NO_ANSWER,
    };
    return (struct gateway_refund_answer){words[answer->state], answer->said, ""};
}

typedef enum err refund_reader(const struct alipay *alipay, struct bytes body, const struct alipay_refund *refund,
                               struct arena *arena, struct fault *fault, struct alipay_refund_answer *out);

static enum err read_refund(const struct gateways *gateways, const struct gateway_refund *refund,
                            const struct http_answer *http, refund_reader *reader, struct arena *arena,
                            struct fault *fault, struct gateway_refund_answer *out)
{
    struct alipay_refund sent = refund_of(refund);
    struct alipay_refund_answer answer;
    if (!gateway_answered(http)) {
        *out = gateway_no_refund_answer(http, arena);
        return OK;
    }
    TRY(reader(gateways->alipay, http->body, &sent, arena, fault, &answer));
    *out = refund_answer(&answer);
    return OK;
}

enum err alipay_read_sent(const struct gateways *gateways, const struct gateway_refund *refund,
                          const struct http_answer *http, struct arena *arena, struct fault *fault,
                          struct gateway_refund_answer *out)
{
    return read_refund(gateways, refund, http, alipay_read_refund, arena, fault, out);
}

enum err alipay_read_refund_state(const struct gateways *gateways, const struct gateway_refund *refund,
                                  const struct http_answer *http, struct arena *arena, struct fault *fault,
                                  struct gateway_refund_answer *out)
{
    return read_refund(gateways, refund, http, alipay_read_refund_query, arena, fault, out);
}
