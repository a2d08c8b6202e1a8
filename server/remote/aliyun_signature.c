/* SPDX-License-Identifier: Apache-2.0 */
/* https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature */
#include "remote/aliyun_signature.h"

#include "base/text.h"
#include "pki/digest.h"

#include <string.h>

#define SIGNED_HEADERS "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
#define UNRESERVED     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~" /* RFC 3986 2.3 */

static const char *escaped(struct arena *arena, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_alloc(arena, strlen(text) * 3 + 1), *at = out;
    for (; *text != '\0'; text++) {
        if (strchr(UNRESERVED, *text) != NULL) {
            *at++ = *text;
            continue;
        }
        *at++ = '%';
        *at++ = digits[(unsigned char)*text >> 4];
        *at++ = digits[(unsigned char)*text & 15];
    }
    return out;
}

char *aliyun_query(struct arena *arena, const struct form_fields *query)
{
    struct form_fields sorted = {arena_copy(arena, query->items, query->count * sizeof(*query->items)), query->count};
    form_sort(&sorted);
    char *text = arena_text(arena, "");
    for (size_t i = 0; i < sorted.count; i++)
        text = arena_format(arena, "%s%s%s=%s", text, i == 0 ? "" : "&", escaped(arena, sorted.items[i].name),
                            escaped(arena, sorted.items[i].value));
    return text;
}

static char *hex_sha256(struct arena *arena, const char *text)
{
    return hex_encode(arena, sha256(arena, bytes_of_text(text)));
}

static const char *canonical_request(struct arena *arena, const struct aliyun_call *call)
{
    const char *headers = arena_format(arena,
                                       "host:%s\nx-acs-action:%s\nx-acs-content-sha256:%s\nx-acs-date:%s\n"
                                       "x-acs-signature-nonce:%s\nx-acs-version:%s\n",
                                       call->host, call->action, ALIYUN_EMPTY_SHA256, call->date, call->nonce,
                                       call->version);
    return arena_format(arena, "POST\n/\n%s\n%s\n%s\n%s", aliyun_query(arena, &call->query), headers, SIGNED_HEADERS,
                        ALIYUN_EMPTY_SHA256);
}

char *aliyun_authorization(struct arena *arena, const struct aliyun_call *call, const char *key_id, struct bytes secret)
{
    const char *to_sign = arena_format(arena, "ACS3-HMAC-SHA256\n%s",
                                       hex_sha256(arena, canonical_request(arena, call)));
    const char *signature = hex_encode(arena, hmac_sha256(arena, secret, bytes_of_text(to_sign)));
    return arena_format(arena, "ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s", key_id, SIGNED_HEADERS,
                        signature);
}
