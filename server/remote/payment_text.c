/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/payment_text.h"

#include <string.h>

#define NUMBER_SIZE_MIN 16
#define NUMBER_SIZE_MAX 32
#define MASK_SHOWN      4

bool payment_number_fits(const char *number)
{
    size_t size = strspn(number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    return number[size] == '\0' && size >= NUMBER_SIZE_MIN && size <= NUMBER_SIZE_MAX;
}

char *text_clip(struct arena *arena, const char *text, size_t length_max)
{
    char *clipped = arena_text(arena, text);
    size_t length = 0;
    for (char *at = clipped; *at != '\0'; at++) {
        length += ((unsigned char)*at & 0xc0) != 0x80;
        if (length > length_max) {
            *at = '\0';
            break;
        }
    }
    return clipped;
}

const char *payer_mask(struct arena *arena, const char *payer)
{
    size_t size = strlen(payer), shown = size > 3 * MASK_SHOWN ? MASK_SHOWN : 0;
    char *masked = arena_text(arena, payer);
    memset(masked + shown, '*', size - 2 * shown);
    return masked;
}
