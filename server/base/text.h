/* SPDX-License-Identifier: Apache-2.0 */
/* Encodings of bytes as text: hexadecimal, base64 (RFC 4648 section 4), base64url without padding (section 5), base32
 * (section 6), UTF-8 checks. Decoders are strict: no white space, no other alphabet, no trailing bits. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

char *hex_encode(struct arena *arena, struct bytes bytes); /* lower case */
bool hex_decode(struct arena *arena, const char *text, struct bytes *bytes);
char *base64_encode(struct arena *arena, struct bytes bytes);
char *base64url_encode(struct arena *arena, struct bytes bytes);
bool base64_decode(struct arena *arena, const char *text, size_t size, struct bytes *bytes);
bool base64url_decode(struct arena *arena, const char *text, size_t size, struct bytes *bytes);
char *base32_encode(struct arena *arena, struct bytes bytes); /* no padding */

/* Well-formed UTF-8 without NUL (RFC 3629). */
bool utf8_valid(const char *text, size_t size);
/* Code points of a valid text. */
size_t utf8_length(const char *text);
/* Bytes of its first `points` characters; of all when it has fewer. */
size_t utf8_head(const char *text, size_t points);
/* Bytes of as many of its first characters as fit into `size` bytes. */
size_t utf8_fit(const char *text, size_t size);

/* Nothing, or nothing but spaces. */
bool text_blank(const char *text);
/* Its first `size` bytes without blanks and tabs around them, nor a carriage return behind them. */
const char *text_trimmed(struct arena *arena, const char *text, size_t size);
/* One to 18 digits and nothing else. */
bool text_number(const char *text, int64_t *number);

bool bytes_equal(struct bytes a, struct bytes b);
/* Takes the same time wherever the difference is; only the sizes may leak. */
bool bytes_equal_secret(struct bytes a, struct bytes b);
struct bytes bytes_of_text(const char *text);

/* From the kernel; aborts if there is none. */
void random_bytes(void *out, size_t size);
