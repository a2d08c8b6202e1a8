/* SPDX-License-Identifier: Apache-2.0 */
/* Money is int64 fen (1/100 yuan), never a float. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

#define MONEY_MAX_FEN INT64_C(100000000000) /* one billion yuan */

/* "88.80", "0.01": digits, a point, exactly two decimals, no sign, no leading zeros but "0."; as gateways write yuan.
 */
bool money_parse_yuan(const char *text, int64_t *fen);
char *money_text_yuan(struct arena *arena, int64_t fen);
/* Output tax inside a gross amount: net = round half up(gross / (1 + rate)), tax = gross - net; rate in 1/10000 (600 =
 * 6 %). */
int64_t money_tax_fen(int64_t gross_fen, int64_t rate_permyriad);
