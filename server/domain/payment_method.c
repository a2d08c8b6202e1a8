/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/payment_method.h"

#include <string.h>

const char *const payment_method_words[] = {"alipay", "unionpay", "unionpay_b2b", "wechat", "bank_transfer", NULL};

static bool alipay_configured(const struct settings *settings)
{
    return settings->alipay_app_id[0] != '\0';
}

static bool unionpay_configured(const struct settings *settings)
{
    return settings->unionpay_merchant_id[0] != '\0';
}

static bool wechat_configured(const struct settings *settings)
{
    return settings->wechat_merchant_id[0] != '\0';
}

/* The account is in the platform's file. */
static bool transfer_configured(const struct settings *settings)
{
    (void)settings;
    return true;
}

/* A method without a row cannot be set up: this program does not speak it. */
static const struct {
    const char *method;
    bool (*configured)(const struct settings *settings);
} methods[] = {
    {"alipay", alipay_configured}, {"unionpay", unionpay_configured},      {"unionpay_b2b", unionpay_configured},
    {"wechat", wechat_configured}, {"bank_transfer", transfer_configured},
};

bool payment_method_configured(const struct settings *settings, const char *method)
{
    for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
        if (strcmp(methods[i].method, method) == 0)
            return methods[i].configured(settings);
    return false;
}

bool platform_payable(const struct settings *settings, const struct platform *platform)
{
    for (unsigned i = 0; i < platform->payment_methods_count; i++)
        if (payment_method_configured(settings, platform->payment_methods[i]))
            return true;
    return false;
}

const char *payment_methods_absent(struct arena *arena, const struct settings *settings,
                                   const struct platform *platform)
{
    const char *text = "";
    for (unsigned i = 0; i < platform->payment_methods_count; i++)
        if (!payment_method_configured(settings, platform->payment_methods[i]))
            text = arena_format(arena, "%s%s%s", text, text[0] != '\0' ? " " : "", platform->payment_methods[i]);
    return text;
}
