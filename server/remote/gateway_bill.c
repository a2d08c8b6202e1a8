/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/gateway_bill.h"

#include "remote/alipay_bill.h"
#include "remote/unionpay_bill.h"
#include "remote/wechat_bill.h"

#include <inttypes.h>
#include <string.h>

#define HTTP_OK 200

static bool has_alipay(const struct gateways *gateways)
{
    return gateways->alipay != NULL;
}

static bool has_unionpay(const struct gateways *gateways)
{
    return gateways->unionpay != NULL;
}

static bool has_wechat(const struct gateways *gateways)
{
    return gateways->wechat != NULL;
}

/* Published about 09:00, during the morning, and after 10:00; half an hour later nobody has to wait. */
static const struct gateway_bill table[] = {
    {"alipay", 9 * 60 + 30, has_alipay, alipay_ask_bill, alipay_read_bill, alipay_fetch_bill},
    {"unionpay", 9 * 60 + 30, has_unionpay, unionpay_ask_bill, unionpay_read_bill, NULL},
    {"wechat", 10 * 60 + 30, has_wechat, wechat_ask_bill, wechat_read_bill, wechat_fetch_bill},
};

const struct gateway_bill *gateway_bill_at(size_t index)
{
    return index < ARRAY_SIZE(table) ? &table[index] : NULL;
}

const struct gateway_bill *gateway_bill_find(const char *rail)
{
    for (size_t i = 0; i < ARRAY_SIZE(table); i++)
        if (strcmp(table[i].rail, rail) == 0)
            return &table[i];
    return NULL;
}

void gateway_bill_fetched(const struct http_answer *answer, struct arena *arena, struct gateway_bill_answer *out)
{
    bool here = answer->status == HTTP_OK && answer->body.size > 0;
    out->word = here ? BILL_HERE : BILL_LATER;
    out->said = arena_format(arena, "http %" PRId64, answer->status);
    out->file = answer->body;
}
