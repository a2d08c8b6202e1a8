/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/unionpay_code.h"

#include "base/compiler.h"

#include <string.h>

/* From … to, in the order of digits; what stands first counts. */
static const struct {
    const char *from, *to;
    enum unionpay_outcome outcome;
} codes[] = {
    {"00", "00", UNIONPAY_SUCCESS},   {"A6", "A6", UNIONPAY_SUCCESS},
    {"01", "02", UNIONPAY_REFUSED},                                     /* failed; closed */
    {"03", "06", UNIONPAY_UNKNOWN},                                     /* time-out, unknown, accepted, busy */
    {"10", "13", UNIONPAY_OUR_FAULT},                                   /* format, signature, repeated, field missing */
    {"30", "32", UNIONPAY_OUR_FAULT},                                   /* merchant's state, permission */
    {"33", "33", UNIONPAY_REFUSED},                                     /* limit */
    {"34", "34", UNIONPAY_NOT_FOUND}, {"37", "37", UNIONPAY_OUR_FAULT}, /* too many questions */
    {"38", "39", UNIONPAY_REFUSED},                                     /* risk, out of hours */
    {"40", "40", UNIONPAY_OUR_FAULT}, {"42", "42", UNIONPAY_REFUSED},   /* paid after payTimeout: goes back by itself */
    {"70", "70", UNIONPAY_UNKNOWN},                                     /* redirected, waiting */
    {"83", "83", UNIONPAY_UNKNOWN},                                     /* the issuer is at it */
    {"60", "97", UNIONPAY_REFUSED},                                     /* the issuer's reasons */
};

enum unionpay_outcome unionpay_code(const char *code)
{
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
        if (strlen(code) == 2 && strcmp(code, codes[i].from) >= 0 && strcmp(code, codes[i].to) <= 0 &&
            (codes[i].from[0] == 'A' || (code[1] >= '0' && code[1] <= '9')))
            return codes[i].outcome;
    return UNIONPAY_UNKNOWN;
}
