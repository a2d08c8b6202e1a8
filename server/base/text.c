/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define NUMBER_DIGITS_MAX 18 /* all of them fit an int64_t */

static const char base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char base32_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

char *hex_encode(struct arena *arena, struct bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(arena, bytes.size * 2 + 1);
    for (size_t i = 0; i < bytes.size; i++) {
        text[2 * i] = digits[bytes.data[i] >> 4];
        text[2 * i + 1] = digits[bytes.data[i] & 15];
    }
    return text;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool hex_decode(struct arena *arena, const char *text, struct bytes *bytes)
{
    size_t size = strlen(text);
    if (size % 2 != 0)
        return false;
    uint8_t *out = arena_alloc(arena, size / 2);
    for (size_t i = 0; i < size / 2; i++) {
        int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    *bytes = (struct bytes){out, size / 2};
    return true;
}

/* Groups of `bits` bits, most significant first; the rest padded with zero bits. */
static char *encode_bits(struct arena *arena, struct bytes bytes, const char *alphabet, unsigned bits,
                         char **end_of_text)
{
    char *text = arena_alloc(arena, (bytes.size * 8 + bits - 1) / bits + 5);
    char *out = text;
    unsigned held = 0;
    uint32_t window = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        window = window << 8 | bytes.data[i];
        held += 8;
        while (held >= bits) {
            held -= bits;
            *out++ = alphabet[window >> held & ((1u << bits) - 1)];
        }
    }
    if (held > 0)
        *out++ = alphabet[window << (bits - held) & ((1u << bits) - 1)];
    *end_of_text = out;
    return text;
}

char *base64_encode(struct arena *arena, struct bytes bytes)
{
    char *end;
    char *text = encode_bits(arena, bytes, base64_alphabet, 6, &end);
    while ((end - text) % 4 != 0)
        *end++ = '=';
    return text;
}

char *base64url_encode(struct arena *arena, struct bytes bytes)
{
    char *end;
    return encode_bits(arena, bytes, base64url_alphabet, 6, &end);
}

char *base32_encode(struct arena *arena, struct bytes bytes)
{
    char *end;
    return encode_bits(arena, bytes, base32_alphabet, 5, &end);
}

#define NOT_BASE64 0xff

static bool decode64(struct arena *arena, const char *text, size_t size, const char *alphabet, struct bytes *bytes)
{
    if (size % 4 == 1)
        return false;
    uint8_t values[UINT8_MAX + 1];
    memset(values, NOT_BASE64, sizeof(values));
    for (uint8_t i = 0; i < 64; i++)
        values[(uint8_t)alphabet[i]] = i;
    uint8_t *out = arena_alloc(arena, size / 4 * 3 + 3);
    size_t written = 0;
    unsigned held = 0;
    uint32_t window = 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t value = values[(uint8_t)text[i]];
        if (value == NOT_BASE64)
            return false;
        window = (window << 6 | value) & 0xffffff;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[written++] = (uint8_t)(window >> held);
        }
    }
    if ((window & ((1u << held) - 1)) != 0)
        return false; /* RFC 4648 section 3.5: the bits left over must be zero */
    *bytes = (struct bytes){out, written};
    return true;
}

bool base64_decode(struct arena *arena, const char *text, size_t size, struct bytes *bytes)
{
    if (size % 4 != 0)
        return false;
    for (int i = 0; i < 2 && size > 0 && text[size - 1] == '='; i++)
        size--;
    return decode64(arena, text, size, base64_alphabet, bytes);
}

bool base64url_decode(struct arena *arena, const char *text, size_t size, struct bytes *bytes)
{
    return decode64(arena, text, size, base64url_alphabet, bytes);
}

/* Length of the sequence at text, 0 when it is not well-formed (RFC 3629 section 4). */
static size_t utf8_sequence(const uint8_t *text, size_t size)
{
    if (text[0] == 0)
        return 0;
    if (text[0] < 0x80)
        return 1;
    size_t length = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
    if (text[0] < 0xc2 || text[0] > 0xf4 || size < length)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xf0 && text[1] < 0x90);
    bool surrogate = text[0] == 0xed && text[1] > 0x9f;
    bool too_large = text[0] == 0xf4 && text[1] > 0x8f;
    return overlong || surrogate || too_large ? 0 : length;
}

bool utf8_valid(const char *text, size_t size)
{
    const uint8_t *at = (const uint8_t *)text;
    while (size > 0) {
        size_t length = utf8_sequence(at, size);
        if (length == 0)
            return false;
        at += length;
        size -= length;
    }
    return true;
}

size_t utf8_length(const char *text)
{
    size_t length = 0;
    for (; *text != '\0'; text++)
        length += ((unsigned char)*text & 0xc0) != 0x80;
    return length;
}

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

size_t utf8_head(const char *text, size_t points)
{
    size_t size = 0;
    for (; points > 0 && text[size] != '\0'; points--)
        do
            size++;
        while (continues(text[size]));
    return size;
}

size_t utf8_fit(const char *text, size_t size)
{
    size_t fits = strnlen(text, size);
    while (fits > 0 && continues(text[fits]))
        fits--;
    return fits;
}

bool text_blank(const char *text)
{
    return text[strspn(text, " ")] == '\0';
}

const char *text_trimmed(struct arena *arena, const char *text, size_t size)
{
    while (size > 0 && strchr(" \t\r", text[size - 1]) != NULL)
        size--;
    while (size > 0 && strchr(" \t", *text) != NULL) {
        text++;
        size--;
    }
    return arena_text_n(arena, text, size);
}

bool text_number(const char *text, int64_t *number)
{
    size_t size = strlen(text);
    if (size == 0 || size > NUMBER_DIGITS_MAX || strspn(text, "0123456789") != size)
        return false;
    *number = strtoll(text, NULL, 10);
    return true;
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool bytes_equal_secret(struct bytes a, struct bytes b)
{
    if (a.size != b.size)
        return false;
    volatile uint8_t difference = 0;
    for (size_t i = 0; i < a.size; i++)
        difference = (uint8_t)(difference | (a.data[i] ^ b.data[i]));
    return difference == 0;
}

struct bytes bytes_of_text(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

void random_bytes(void *out, size_t size)
{
    uint8_t *at = out;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            fputs("the kernel gives no random numbers\n", stderr);
            abort();
        }
        at += got;
        size -= (size_t)got;
    }
}
