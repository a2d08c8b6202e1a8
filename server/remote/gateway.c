/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/gateway.h"

#include "base/clock.h"
#include "remote/alipay.h"
#include "remote/gateway_alipay.h"
#include "remote/gateway_unionpay.h"
#include "remote/gateway_wechat.h"
#include "remote/unionpay.h"
#include "remote/wechat.h"

#include <inttypes.h>
#include <string.h>

#define HTTP_OK 200

bool gateway_answered(const struct http_answer *answer)
{
    return answer->status == HTTP_OK;
}

struct gateway_answer gateway_no_answer(const struct http_answer *answer, struct arena *arena)
{
    return (struct gateway_answer){.word = GATEWAY_NO_ANSWER,
                                   .said = arena_format(arena, "http %" PRId64, answer->status)};
}

struct gateway_refund_answer gateway_no_refund_answer(const struct http_answer *answer, struct arena *arena)
{
    return (struct gateway_refund_answer){.word = REFUND_NO_ANSWER,
                                          .said = arena_format(arena, "http %" PRId64, answer->status),
                                          .gateway_refund_no = ""};
}

/* -- the table ---------------------------------------------------------------------------------------------------- */

#define ALIPAY_REFUNDS                                                                                                 \
    .close = alipay_close_trade, .refund = alipay_send_refund, .read_refund = alipay_read_sent,                        \
    .ask_refund = alipay_ask_refund, .read_refund_state = alipay_read_refund_state
#define UNIONPAY_RAIL                                                                                                  \
    .rail = "unionpay", .offered = unionpay_offered, .lifetime_s = unionpay_lifetime_s, .open = unionpay_open,         \
    .ask = unionpay_ask, .read_answer = unionpay_read_state, .refund = unionpay_send_refund,                           \
    .read_refund = unionpay_read_sent, .ask_refund = unionpay_ask_refund,                                              \
    .read_refund_state = unionpay_read_refund_state

static const struct gateway table[] = {
    {.method = "alipay",
     .rail = "alipay",
     .offered = alipay_offered,
     .lifetime_s = alipay_lifetime_s,
     .open = alipay_open,
     .scanned = alipay_scanned,
     .order = alipay_order_code,
     .read_ticket = alipay_read_code,
     .ask = alipay_ask,
     .read_answer = alipay_read_state,
     ALIPAY_REFUNDS},
    {.method = "unionpay", UNIONPAY_RAIL},
    {.method = "unionpay_b2b", UNIONPAY_RAIL},
    {.method = "wechat",
     .rail = "wechat",
     .offered = wechat_offered,
     .lifetime_s = wechat_lifetime_s,
     .order = wechat_order_code,
     .read_ticket = wechat_read_code,
     .ask = wechat_ask,
     .read_answer = wechat_read_state,
     .close = wechat_close_order,
     .refund = wechat_send_refund,
     .read_refund = wechat_read_refund_answer,
     .ask_refund = wechat_ask_refund,
     .read_refund_state = wechat_read_refund_answer},
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

bool gateway_scanned(const struct gateways *gateways, const struct gateway *gateway)
{
    return gateway->open == NULL || (gateway->scanned != NULL && gateway->scanned(gateways));
}

const char *gateway_word_text(enum gateway_word word)
{
    static const char *const texts[] = {
        [GATEWAY_PAID] = "paid",         [GATEWAY_PENDING] = "pending", [GATEWAY_NOT_FOUND] = "not_found",
        [GATEWAY_NOT_PAID] = "not_paid", [GATEWAY_CLOSED] = "closed",   [GATEWAY_NO_ANSWER] = "no_answer",
    };
    return texts[word];
}

const char *gateway_refund_word_text(enum gateway_refund_word word)
{
    static const char *const texts[] = {
        [REFUND_DONE] = "done",     [REFUND_PENDING] = "pending",     [REFUND_REFUSED] = "refused",
        [REFUND_FAILED] = "failed", [REFUND_NOT_FOUND] = "not_found", [REFUND_NO_ANSWER] = "no_answer",
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

/* Alipay says of a refund that went through nothing for up to ten seconds; UnionPay's take days at times. */
static const int64_t after_refund_s[] = {10, 60, 300, 1800, 7200, 21600, 86400, 172800, 345600, 864000};

int64_t gateway_next_refund_us(int64_t sent_us, int64_t now_us)
{
    for (size_t i = 0; i < ARRAY_SIZE(after_refund_s); i++) {
        int64_t at = sent_us + after_refund_s[i] * CLOCK_SECOND_US;
        if (at > now_us)
            return at;
    }
    return 0;
}
