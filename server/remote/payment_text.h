/* SPDX-License-Identifier: Apache-2.0 */
/* What gateways' messages have in common as texts. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define PAYMENT_FEN_MAX INT64_C(10000000000) /* Alipay: 100,000,000 yuan; the others take as much */

/* Our number of a payment or a refund: 16 to 32 of [0-9A-Za-z], one format for all gateways. */
bool payment_number_fits(const char *number);
/* The first length_max characters of UTF-8. */
char *text_clip(struct arena *arena, const char *text, size_t length_max);
/* A payer's identifier with its middle hidden, all of it when it is short; for people who compare. */
const char *payer_mask(struct arena *arena, const char *payer);
