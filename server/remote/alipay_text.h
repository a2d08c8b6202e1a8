/* SPDX-License-Identifier: Apache-2.0 */
/* How Alipay writes things, in notices and in answers alike. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

/* Letters, digits and _-. only, at most size_max; "" is one. */
bool alipay_is_identifier(const char *text, size_t size_max);
/* A payer's number with its middle hidden, for people who compare; "" when it is none. */
const char *alipay_masked(const char *buyer, struct arena *arena);
/* Text in GBK, or in GB 18030, which holds it, as UTF-8; false when it is not that. */
bool alipay_from_gbk(struct bytes text, struct arena *arena, struct bytes *utf8);
