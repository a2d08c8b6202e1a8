/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of Alipay share. */
#pragma once

#include "pki/rsa.h"

struct alipay {
    const char *app_id, *seller_id, *gateway_url;
    struct rsa_key *private_key; /* NULL: only notices can be read */
    struct rsa_key *public_key;
};
