/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/gateway_unionpay.h"

#include "base/clock.h"
#include "remote/unionpay.h"

#include <string.h>

bool unionpay_offered(const struct gateways *gateways)
{
    return gateways->unionpay != NULL;
}

int64_t unionpay_lifetime_s(const struct settings *settings)
{
    return settings->unionpay_timeout_minutes * 60;
}

static enum unionpay_product product_of(const char *method)
{
    return strcmp(method, "unionpay_b2b") == 0 ? UNIONPAY_B2B : UNIONPAY_B2C;
}

static const char *back_url(const struct gateways *gateways, struct arena *arena)
{
    return arena_format(arena, "%s/notify/unionpay", gateways->settings->web_public_url);
}

static void post(const char *url, struct gateway_question *question)
{
    question->url = url;
    question->method = "POST";
    question->headers[question->header_count++] = (struct http_header){
        "Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"};
}

/* -- payments ------------------------------------------------------------------------------------------------------ */

static struct unionpay_transaction transaction_of(const struct gateway_payment *payment)
{
    return (struct unionpay_transaction){payment->attempt_no, payment->opened_us, product_of(payment->method)};
}

enum err unionpay_open(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                       struct form *form)
{
    struct unionpay_order order = {
        .transaction = transaction_of(payment),
        .amount_fen = payment->amount_fen,
        .expires_us = payment->expires_us,
        .back_url = back_url(gateways, arena),
        .front_url = arena_format(arena, "%s/return/unionpay", gateways->settings->web_public_url),
    };
    return unionpay_front_pay(gateways->unionpay, &order, arena, form);
}

enum err unionpay_ask(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                      struct gateway_question *question)
{
    struct unionpay_transaction transaction = transaction_of(payment);
    post(unionpay_query_url(gateways->unionpay), question);
    return unionpay_query(gateways->unionpay, &transaction, arena, &question->body);
}

static enum gateway_word word_of(enum unionpay_outcome outcome)
{
    switch (outcome) {
    case UNIONPAY_SUCCESS:
        return GATEWAY_PAID;
    case UNIONPAY_NOT_FOUND:
        return GATEWAY_NOT_FOUND;
    case UNIONPAY_REFUSED:
        return GATEWAY_NOT_PAID;
    case UNIONPAY_OUR_FAULT:
        return GATEWAY_NO_ANSWER;
    case UNIONPAY_UNKNOWN:
        break;
    }
    return GATEWAY_PENDING;
}

enum err unionpay_read_state(const struct gateways *gateways, const struct gateway_payment *payment,
                             const struct http_answer *http, struct arena *arena, struct fault *fault,
                             struct gateway_answer *out)
{
    if (!gateway_answered(http)) {
        *out = gateway_no_answer(http, arena);
        return OK;
    }
    struct unionpay_transaction transaction = transaction_of(payment);
    struct unionpay_answer answer;
    TRY(unionpay_read_answer(gateways->unionpay, &transaction, http->body, clock_now_us(), arena, fault, &answer));
    *out = (struct gateway_answer){.word = word_of(answer.outcome),
                                   .said = answer.code,
                                   .gateway_txn = answer.query_id,
                                   .amount_fen = answer.amount_fen,
                                   .paid_us = answer.paid_us,
                                   .buyer_masked = answer.account_masked,
                                   .key_id = answer.key_id};
    return OK;
}

/* -- refunds ------------------------------------------------------------------------------------------------------- */

static struct unionpay_transaction refund_transaction(const struct gateway_refund *refund)
{
    return (struct unionpay_transaction){refund->refund_no, refund->sent_us, product_of(refund->method)};
}

enum err unionpay_send_refund(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                              struct gateway_question *question)
{
    struct unionpay_refund sent = {
        .transaction = refund_transaction(refund),
        .paid_query_id = refund->gateway_txn,
        .amount_fen = refund->amount_fen,
        .back_url = back_url(gateways, arena),
    };
    post(unionpay_back_url(gateways->unionpay), question);
    return unionpay_send_back(gateways->unionpay, &sent, arena, &question->body);
}

enum err unionpay_read_sent(const struct gateways *gateways, const struct gateway_refund *refund,
                            const struct http_answer *http, struct arena *arena, struct fault *fault,
                            struct gateway_refund_answer *out)
{
    static const enum gateway_refund_word words[] = {
        [UNIONPAY_SUCCESS] = REFUND_PENDING, /* accepted; what becomes of it is asked */
        [UNIONPAY_UNKNOWN] = REFUND_PENDING, [UNIONPAY_NOT_FOUND] = REFUND_REFUSED,
        [UNIONPAY_REFUSED] = REFUND_REFUSED, [UNIONPAY_OUR_FAULT] = REFUND_REFUSED,
    };
    if (!gateway_answered(http)) {
        *out = gateway_no_refund_answer(http, arena);
        return OK;
    }
    struct unionpay_transaction transaction = refund_transaction(refund);
    struct unionpay_answer answer;
    TRY(unionpay_read_taken(gateways->unionpay, &transaction, http->body, clock_now_us(), arena, fault, &answer));
    *out = (struct gateway_refund_answer){words[answer.outcome], answer.code, ""};
    return OK;
}

enum err unionpay_ask_refund(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                             struct gateway_question *question)
{
    struct unionpay_transaction transaction = refund_transaction(refund);
    post(unionpay_query_url(gateways->unionpay), question);
    return unionpay_query(gateways->unionpay, &transaction, arena, &question->body);
}

enum err unionpay_read_refund_state(const struct gateways *gateways, const struct gateway_refund *refund,
                                    const struct http_answer *http, struct arena *arena, struct fault *fault,
                                    struct gateway_refund_answer *out)
{
    static const enum gateway_refund_word words[] = {
        [UNIONPAY_SUCCESS] = REFUND_DONE,        [UNIONPAY_UNKNOWN] = REFUND_PENDING,
        [UNIONPAY_NOT_FOUND] = REFUND_NOT_FOUND, [UNIONPAY_REFUSED] = REFUND_FAILED,
        [UNIONPAY_OUR_FAULT] = REFUND_NO_ANSWER,
    };
    if (!gateway_answered(http)) {
        *out = gateway_no_refund_answer(http, arena);
        return OK;
    }
    struct unionpay_transaction transaction = refund_transaction(refund);
    struct unionpay_answer answer;
    TRY(unionpay_read_answer(gateways->unionpay, &transaction, http->body, clock_now_us(), arena, fault, &answer));
    if (answer.outcome == UNIONPAY_SUCCESS && answer.amount_fen != refund->amount_fen)
        return fault_explain(fault, ERR_NOTICE_MISMATCH, "txnAmt不是退款金额", "txnAmt is not the refund's amount");
    *out = (struct gateway_refund_answer){words[answer.outcome], answer.code, answer.query_id};
    return OK;
}
