/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/money.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define YUAN_DIGITS_MAX 10
#define RATE_MAX        10000

bool money_parse_yuan(const char *text, int64_t *fen)
{
    static const char digits[] = "0123456789";
    size_t whole = strspn(text, digits);
    if (whole == 0 || whole > YUAN_DIGITS_MAX || (text[0] == '0' && whole > 1))
        return false;
    const char *cents = text + whole + 1;
    if (text[whole] != '.' || strspn(cents, digits) != 2 || cents[2] != '\0')
        return false;
    int64_t value = 0;
    for (const char *at = text; *at != '\0'; at++)
        value = *at == '.' ? value : value * 10 + (*at - '0');
    if (value > MONEY_MAX_FEN)
        return false;
    *fen = value;
    return true;
}

char *money_text_yuan(struct arena *arena, int64_t fen)
{
    assert(fen >= -MONEY_MAX_FEN && fen <= MONEY_MAX_FEN);
    int64_t size = fen < 0 ? -fen : fen;
    return arena_format(arena, "%s%" PRId64 ".%02d", fen < 0 ? "-" : "", size / 100, (int)(size % 100));
}

int64_t money_tax_fen(int64_t gross_fen, int64_t rate_permyriad)
{
    assert(gross_fen >= -MONEY_MAX_FEN && gross_fen <= MONEY_MAX_FEN);
    assert(rate_permyriad >= 0 && rate_permyriad <= RATE_MAX);
    if (gross_fen < 0) /* a red-letter invoice mirrors the blue one to the fen */
        return -money_tax_fen(-gross_fen, rate_permyriad);
    int64_t divisor = 10000 + rate_permyriad;
    int64_t net = (gross_fen * 10000 * 2 + divisor) / (divisor * 2);
    return gross_fen - net;
}
