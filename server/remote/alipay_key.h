/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of Alipay share. */
#pragma once

#include "pki/rsa.h"

#define ALIPAY_KEYS_MAX 4

struct alipay {
    const char *app_id, *seller_id, *gateway_url;
    struct rsa_key *private_key;                  /* NULL: only notices can be read */
    struct rsa_key *public_keys[ALIPAY_KEYS_MAX]; /* old and new while they change: any of them may have signed */
    size_t public_key_count;
};

/* Did one of Alipay's keys sign the message? */
bool alipay_signed(const struct alipay *alipay, struct bytes message, struct bytes signature);
