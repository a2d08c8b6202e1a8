/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of Alipay share. */
#pragma once

#include "base/json.h"
#include "pki/rsa.h"
#include "remote/alipay.h"

#define ALIPAY_KEYS_MAX 4

struct alipay {
    const char *app_id, *seller_id, *gateway_url;
    struct rsa_key *private_key;                  /* NULL: only notices can be read */
    struct rsa_key *public_keys[ALIPAY_KEYS_MAX]; /* old and new while they change: any of them may have signed */
    size_t public_key_count;
};

/* Did one of Alipay's keys sign the message? */
bool alipay_signed(const struct alipay *alipay, struct bytes message, struct bytes signature);

/* One that brings nothing but its biz_content. ERR_INTERNAL: no private key. */
enum err alipay_request(const struct alipay *alipay, const char *method, const char *biz_content, int64_t now_us,
                        struct arena *arena, struct form *form) MUST_CHECK;

/* An answer whose signature is good, or that has none. */
struct alipay_opened {
    struct json *node; /* what is signed, parsed from its very bytes */
    bool is_signed;
    bool result;      /* code 10000 */
    const char *said; /* "40004 ACQ.TRADE_NOT_EXIST"; for people */
};
/* node: "alipay_trade_query_response". An answer without signature that claims to be a result is refused. The caller
 * frees out->node. Errors as of alipay_read_query. */
enum err alipay_open_answer(const struct alipay *alipay, struct bytes body, const char *node, struct arena *arena,
                            struct fault *fault, struct alipay_opened *out) MUST_CHECK;
