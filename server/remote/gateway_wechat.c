/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/gateway_wechat.h"

#include "base/clock.h"
#include "base/log.h"
#include "remote/wechat.h"

#include <inttypes.h>

#define HTTP_SERVER_FAULT 500
#define USER_AGENT        "Xuqi/" XUQI_VERSION /* WeChat refuses requests without one */

bool wechat_offered(const struct gateways *gateways)
{
    return gateways->wechat != NULL;
}

int64_t wechat_lifetime_s(const struct settings *settings)
{
    return settings->wechat_timeout_minutes * 60;
}

/* -- asking -------------------------------------------------------------------------------------------------------- */

static void put_header(struct gateway_question *question, const char *name, const char *value)
{
    question->headers[question->header_count++] = (struct http_header){name, value};
}

static void carry(const struct wechat_request *request, struct gateway_question *question)
{
    *question = (struct gateway_question){.method = request->method, .url = request->url, .body = request->body};
    put_header(question, "Authorization", request->authorization);
    put_header(question, "Accept", "application/json");
    put_header(question, "User-Agent", USER_AGENT);
    if (request->body.size > 0)
        put_header(question, "Content-Type", "application/json");
    if (request->serial[0] != '\0')
        put_header(question, "Wechatpay-Serial", request->serial);
}

enum err wechat_order_code(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                           struct gateway_question *question)
{
    struct wechat_order order = {
        .out_trade_no = payment->attempt_no,
        .amount_fen = payment->amount_fen,
        .description = arena_format(arena, "数字证书续期 %s", payment->order_no),
        .notify_url = arena_format(arena, "%s/notify/wechat", gateways->settings->web_public_url),
        .expires_us = payment->expires_us,
        .now_us = clock_now_us(),
    };
    struct wechat_request request;
    TRY(wechat_native(gateways->wechat, &order, arena, &request));
    carry(&request, question);
    return OK;
}

enum err wechat_ask(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                    struct gateway_question *question)
{
    struct wechat_request request;
    TRY(wechat_query(gateways->wechat, payment->attempt_no, clock_now_us(), arena, &request));
    carry(&request, question);
    return OK;
}

enum err wechat_close_order(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                            struct gateway_question *question)
{
    struct wechat_request request;
    TRY(wechat_close(gateways->wechat, payment->attempt_no, clock_now_us(), arena, &request));
    carry(&request, question);
    return OK;
}

/* -- answers ------------------------------------------------------------------------------------------------------- */

static struct wechat_headers headers_of(const struct http_answer *answer)
{
    return (struct wechat_headers){
        .timestamp = http_answer_header(answer, "Wechatpay-Timestamp"),
        .nonce = http_answer_header(answer, "Wechatpay-Nonce"),
        .signature = http_answer_header(answer, "Wechatpay-Signature"),
        .serial = http_answer_header(answer, "Wechatpay-Serial"),
    };
}

static enum err verify(const struct gateways *gateways, const struct http_answer *answer, struct arena *arena,
                       struct fault *fault)
{
    struct wechat_headers headers = headers_of(answer);
    return wechat_verify(gateways->wechat, &headers, answer->body, clock_now_us(), arena, fault);
}

enum err wechat_read_code(const struct gateways *gateways, const struct gateway_payment *payment,
                          const struct http_answer *answer, struct arena *arena, struct fault *fault,
                          const char **code_url)
{
    struct wechat_trade refusal;
    (void)payment; /* the answer names none */
    if (gateway_answered(answer)) {
        TRY(verify(gateways, answer, arena, fault));
        return wechat_read_native(answer->body, arena, fault, code_url);
    }
    TRY(wechat_read_query(gateways->wechat, answer->status, answer->body, "", arena, fault, &refusal));
    log_error("payment", "WeChat Pay makes no order: http %" PRId64 " %s", answer->status, refusal.said);
    return ERR_GATEWAY_UNAVAILABLE;
}

static enum gateway_word word_of(enum wechat_state state)
{
    switch (state) {
    case WECHAT_PAID:
        return GATEWAY_PAID;
    case WECHAT_UNPAID:
        return GATEWAY_NOT_PAID;
    case WECHAT_CLOSED:
        return GATEWAY_CLOSED;
    case WECHAT_NOT_FOUND:
        return GATEWAY_NOT_FOUND;
    case WECHAT_UNKNOWN:
        break;
    }
    return GATEWAY_NO_ANSWER;
}

/* A fault of WeChat's own may come unsigned and says nothing; everything else must be signed, also "no such order". */
enum err wechat_read_state(const struct gateways *gateways, const struct gateway_payment *payment,
                           const struct http_answer *answer, struct arena *arena, struct fault *fault,
                           struct gateway_answer *out)
{
    struct wechat_trade trade;
    if (answer->status >= HTTP_SERVER_FAULT) {
        *out = gateway_no_answer(answer, arena);
        return OK;
    }
    TRY(verify(gateways, answer, arena, fault));
    TRY(wechat_read_query(gateways->wechat, answer->status, answer->body, payment->attempt_no, arena, fault, &trade));
    *out = (struct gateway_answer){.word = word_of(trade.state),
                                   .said = trade.said,
                                   .gateway_txn = trade.transaction_id,
                                   .amount_fen = trade.amount_fen,
                                   .paid_us = trade.paid_us,
                                   .buyer_masked = trade.buyer_masked,
                                   .key_id = arena_text(arena, http_answer_header(answer, "Wechatpay-Serial"))};
    return OK;
}

/* -- refunds ------------------------------------------------------------------------------------------------------- */

static struct wechat_refund refund_of(const struct gateways *gateways, const struct gateway_refund *refund,
                                      struct arena *arena)
{
    return (struct wechat_refund){
        .transaction_id = refund->gateway_txn,
        .out_refund_no = refund->refund_no,
        .paid_fen = refund->paid_fen,
        .amount_fen = refund->amount_fen,
        .reason = "数字证书续期退款",
        .notify_url = arena_format(arena, "%s/notify/wechat", gateways->settings->web_public_url),
    };
}

enum err wechat_send_refund(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                            struct gateway_question *question)
{
    struct wechat_refund sent = refund_of(gateways, refund, arena);
    struct wechat_request request;
    TRY(wechat_refund(gateways->wechat, &sent, clock_now_us(), arena, &request));
    carry(&request, question);
    return OK;
}

enum err wechat_ask_refund(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                           struct gateway_question *question)
{
    struct wechat_request request;
    TRY(wechat_refund_query(gateways->wechat, refund->refund_no, clock_now_us(), arena, &request));
    carry(&request, question);
    return OK;
}

enum err wechat_read_refund_answer(const struct gateways *gateways, const struct gateway_refund *refund,
                                   const struct http_answer *answer, struct arena *arena, struct fault *fault,
                                   struct gateway_refund_answer *out)
{
    static const enum gateway_refund_word words[] = {
        [WECHAT_REFUND_SUCCESS] = REFUND_DONE,        [WECHAT_REFUND_PROCESSING] = REFUND_PENDING,
        [WECHAT_REFUND_CLOSED] = REFUND_FAILED,       [WECHAT_REFUND_REFUSED] = REFUND_REFUSED,
        [WECHAT_REFUND_NOT_FOUND] = REFUND_NOT_FOUND, [WECHAT_REFUND_UNKNOWN] = REFUND_NO_ANSWER,
    };
    struct wechat_refund sent = refund_of(gateways, refund, arena);
    struct wechat_refund_answer said;
    if (answer->status >= HTTP_SERVER_FAULT) {
        *out = gateway_no_refund_answer(answer, arena);
        return OK;
    }
    TRY(verify(gateways, answer, arena, fault));
    TRY(wechat_read_refund(answer->status, answer->body, &sent, arena, fault, &said));
    *out = (struct gateway_refund_answer){words[said.state], said.said, said.refund_id};
    return OK;
}
