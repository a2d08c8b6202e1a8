/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/gateway.h"

#include "base/clock.h"
#include "remote/alipay.h"
#include "remote/gateway_alipay.h"
#include "remote/gateway_wechat.h"
#include "remote/unionpay.h"
#include "remote/wechat.h"

#include <inttypes.h>
#include <string.h>

#define HTTP_OK 200

/* -- unionpay ----------------------------------------------------------------------------------------------------- */

static bool unionpay_offered(const struct gateways *gateways)
{
    return gateways->unionpay != NULL;
}

static int64_t unionpay_lifetime_s(const struct settings *settings)
{
    return settings->unionpay_timeout_minutes * 60;
}

static struct unionpay_transaction transaction_of(const struct gateway_payment *payment, enum unionpay_product product)
{
    return (struct unionpay_transaction){payment->attempt_no, payment->opened_us, product};
}

static enum err front_pay(const struct gateways *gateways, const struct gateway_payment *payment,
                          enum unionpay_product product, struct arena *arena, struct form *form)
{
    const char *public_url = gateways->settings->web_public_url;
    struct unionpay_order order = {
        .transaction = transaction_of(payment, product),
        .amount_fen = payment->amount_fen,
        .expires_us = payment->expires_us,
        .back_url = arena_format(arena, "%s/notify/unionpay", public_url),
        .front_url = arena_format(arena, "%s/return/unionpay", public_url),
    };
    return unionpay_front_pay(gateways->unionpay, &order, arena, form);
}

static enum err ask_unionpay(const struct gateways *gateways, const struct gateway_payment *payment,
                             enum unionpay_product product, struct arena *arena, struct gateway_question *question)
{
    struct unionpay_transaction transaction = transaction_of(payment, product);
    question->url = unionpay_query_url(gateways->unionpay);
    question->method = "POST";
    question->headers[question->header_count++] = (struct http_header){
        "Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"};
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

static enum err read_unionpay(const struct gateways *gateways, const struct gateway_payment *payment,
                              enum unionpay_product product, const struct http_answer *http, struct arena *arena,
                              struct fault *fault, struct gateway_answer *out)
{
    if (http->status != HTTP_OK) {
        *out = (struct gateway_answer){.word = GATEWAY_NO_ANSWER,
                                       .said = arena_format(arena, "http %" PRId64, http->status)};
        return OK;
    }
    struct unionpay_transaction transaction = transaction_of(payment, product);
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

#define UNIONPAY_ROW(name, product)                                                                                    \
    static enum err name##_open(const struct gateways *gateways, const struct gateway_payment *payment,                \
                                struct arena *arena, struct form *form)                                                \
    {                                                                                                                  \
        return front_pay(gateways, payment, product, arena, form);                                                     \
    }                                                                                                                  \
    static enum err name##_ask(const struct gateways *gateways, const struct gateway_payment *payment,                 \
                               struct arena *arena, struct gateway_question *question)                                 \
    {                                                                                                                  \
        return ask_unionpay(gateways, payment, product, arena, question);                                              \
    }                                                                                                                  \
    static enum err name##_read(const struct gateways *gateways, const struct gateway_payment *payment,                \
                                const struct http_answer *answer, struct arena *arena, struct fault *fault,            \
                                struct gateway_answer *out)                                                            \
    {                                                                                                                  \
        return read_unionpay(gateways, payment, product, answer, arena, fault, out);                                   \
    }
UNIONPAY_ROW(b2c, UNIONPAY_B2C)
UNIONPAY_ROW(b2b, UNIONPAY_B2B)

/* -- the table ---------------------------------------------------------------------------------------------------- */

static const struct gateway table[] = {
    {"alipay", "alipay", alipay_offered, alipay_lifetime_s, alipay_open, NULL, NULL, alipay_ask, alipay_read_state},
    {"unionpay", "unionpay", unionpay_offered, unionpay_lifetime_s, b2c_open, NULL, NULL, b2c_ask, b2c_read},
    {"unionpay_b2b", "unionpay", unionpay_offered, unionpay_lifetime_s, b2b_open, NULL, NULL, b2b_ask, b2b_read},
    {"wechat", "wechat", wechat_offered, wechat_lifetime_s, NULL, wechat_order_code, wechat_read_code, wechat_ask,
     wechat_read_state},
};

size_t gateway_rails(const char *rails[static GATEWAY_RAILS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_SIZE(table) && count < GATEWAY_RAILS_MAX; i++) {
        bool there = false;
        for (size_t j = 0; j < count; j++)
            there = there || strcmp(rails[j], table[i].rail) == 0;
        if (!there)
            rails[count++] = table[i].rail;
    }
    return count;
}

const struct gateway *gateway_find(const char *method)
{
    for (size_t i = 0; i < ARRAY_SIZE(table); i++)
        if (strcmp(table[i].method, method) == 0)
            return &table[i];
    return NULL;
}

bool gateway_offered(const struct gateways *gateways, const char *method)
{
    const struct gateway *gateway = gateway_find(method);
    return gateway != NULL && gateway->offered(gateways);
}

const char *gateway_word_text(enum gateway_word word)
{
    static const char *const texts[] = {
        [GATEWAY_PAID] = "paid",         [GATEWAY_PENDING] = "pending",     [GATEWAY_NOT_FOUND] = "not_found",
        [GATEWAY_NOT_PAID] = "not_paid", [GATEWAY_NO_ANSWER] = "no_answer",
    };
    return texts[word];
}

enum err gateways_load(const struct settings *settings, bool with_keys, struct arena *arena, struct gateways *out)
{
    struct gateways gateways = {.settings = settings};
    enum err err = OK;
    if (settings->alipay_app_id[0] != '\0')
        err = alipay_load(settings, with_keys, arena, &gateways.alipay);
    if (err == OK && settings->unionpay_merchant_id[0] != '\0')
        err = unionpay_load(settings, with_keys, arena, &gateways.unionpay);
    if (err == OK && settings->wechat_merchant_id[0] != '\0')
        err = wechat_load(settings, with_keys, arena, &gateways.wechat);
    if (err == OK)
        *out = gateways;
    else
        gateways_free(&gateways);
    return err;
}

void gateways_free(struct gateways *gateways)
{
    alipay_free(gateways->alipay);
    unionpay_free(gateways->unionpay);
    wechat_free(gateways->wechat);
    gateways->alipay = NULL;
    gateways->unionpay = NULL;
    gateways->wechat = NULL;
}

/* -- when to ask -------------------------------------------------------------------------------------------------- */

/* Close together while the payer looks at the page, then as the gateways' own guides advise (UnionPay: 5, 10, 30, 60,
 * 120 min). */
static const int64_t after_opening_s[] = {5, 30, 120, 300, 600, 1800, 3600, 7200, 21600, 43200};
/* The answer is final then; asked three times in case the gateway itself was away. */
#define FINAL_AFTER_S 120
static const int64_t after_expiry_s[] = {FINAL_AFTER_S, 3600, 86400};

int64_t gateway_first_query_s(void)
{
    return after_opening_s[0];
}

int64_t gateway_next_query_us(int64_t opened_us, int64_t expires_us, int64_t now_us)
{
    for (size_t i = 0; i < ARRAY_SIZE(after_opening_s); i++) {
        int64_t at = opened_us + after_opening_s[i] * CLOCK_SECOND_US;
        if (at > now_us && at < expires_us)
            return at;
    }
    for (size_t i = 0; i < ARRAY_SIZE(after_expiry_s); i++) {
        int64_t at = expires_us + after_expiry_s[i] * CLOCK_SECOND_US;
        if (at > now_us)
            return at;
    }
    return 0;
}

bool gateway_answer_is_final(int64_t expires_us, int64_t now_us)
{
    return now_us >= expires_us + FINAL_AFTER_S * CLOCK_SECOND_US;
}
