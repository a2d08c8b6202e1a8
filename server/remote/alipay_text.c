/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/alipay_text.h"

#include "remote/payment_text.h"

#include <iconv.h>
#include <string.h>

#define BUYER_SIZE_MAX 128
#define GBK_GROWTH     2 /* two bytes become at most three, four at most four */

bool alipay_is_identifier(const char *text, size_t size_max)
{
    size_t size = strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.");
    return text[size] == '\0' && size <= size_max;
}

const char *alipay_masked(const char *buyer, struct arena *arena)
{
    if (!alipay_is_identifier(buyer, BUYER_SIZE_MAX))
        return "";
    return payer_mask(arena, buyer);
}

bool alipay_from_gbk(struct bytes text, struct arena *arena, struct bytes *utf8)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == (iconv_t)-1)
        return false;
    size_t in_left = text.size, room = in_left * GBK_GROWTH, out_left = room;
    char *out = arena_alloc(arena, room + 1), *out_at = out, *in_at = (char *)(uintptr_t)text.data;
    bool good = in_left == 0 || iconv(converter, &in_at, &in_left, &out_at, &out_left) != (size_t)-1;
    iconv_close(converter);
    if (good)
        *utf8 = (struct bytes){(const uint8_t *)out, room - out_left};
    return good;
}
