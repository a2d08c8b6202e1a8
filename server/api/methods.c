/* SPDX-License-Identifier: Apache-2.0 */
#include "api/methods.h"

#include <string.h>

const struct payment_method payment_methods[] = {
    {"bank_transfer", "银行转账"}, {"unionpay", "银联在线支付"}, {"unionpay_b2b", "银联企业网银"},
    {"alipay", "支付宝"},          {"wechat", "微信支付"},
};
const size_t payment_method_count = ARRAY_SIZE(payment_methods);

bool method_listed(const char *words, const char *method)
{
    size_t size = strlen(method);
    for (const char *at = words; *at != '\0'; at += strcspn(at, " "), at += *at == ' ')
        if (strncmp(at, method, size) == 0 && (at[size] == ' ' || at[size] == '\0'))
            return true;
    return false;
}
