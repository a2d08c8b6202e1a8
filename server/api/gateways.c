/* SPDX-License-Identifier: Apache-2.0 */
#include "api/gateways.h"

#include <string.h>

static bool alipay_offered(const struct api_server *server)
{
    return server->alipay != NULL;
}

const struct gateway gateways[] = {
    {"alipay", "支付宝", alipay_offered},
};
const size_t gateway_count = ARRAY_SIZE(gateways);

bool gateway_listed(const char *words, const char *method)
{
    size_t size = strlen(method);
    for (const char *at = words; *at != '\0'; at += strcspn(at, " "), at += *at == ' ')
        if (strncmp(at, method, size) == 0 && (at[size] == ' ' || at[size] == '\0'))
            return true;
    return false;
}
