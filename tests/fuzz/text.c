/* SPDX-License-Identifier: Apache-2.0 */
/* Encodings of bytes as text: what was encoded is decoded to the same, and only what the encoder writes is taken. */
#include "fuzz.h"

#include <string.h>
#include <strings.h>

void fuzz_start(void)
{
}

static void there_and_back(struct arena *arena, struct bytes input)
{
    struct bytes back;
    HOLDS(hex_decode(arena, hex_encode(arena, input), &back) && bytes_equal(back, input));
    const char *text = base64_encode(arena, input);
    HOLDS(base64_decode(arena, text, strlen(text), &back) && bytes_equal(back, input));
    text = base64url_encode(arena, input);
    HOLDS(base64url_decode(arena, text, strlen(text), &back) && bytes_equal(back, input));
    base32_encode(arena, input);
}

static void only_one_spelling(struct arena *arena, struct bytes input)
{
    const char *text = fuzz_text(arena, input);
    struct bytes bytes;
    if (base64_decode(arena, text, input.size, &bytes))
        HOLDS(strlen(text) == input.size && strcmp(base64_encode(arena, bytes), text) == 0);
    if (base64url_decode(arena, text, input.size, &bytes))
        HOLDS(strlen(text) == input.size && strcmp(base64url_encode(arena, bytes), text) == 0);
    if (hex_decode(arena, text, &bytes))
        HOLDS(strcasecmp(hex_encode(arena, bytes), text) == 0);
    if (utf8_valid(text, input.size))
        HOLDS(strlen(text) == input.size && utf8_length(text) <= input.size);
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    there_and_back(arena, input);
    only_one_spelling(arena, input);
}
