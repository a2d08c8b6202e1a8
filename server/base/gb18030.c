/* SPDX-License-Identifier: Apache-2.0 */
#include "base/gb18030.h"

#include "base/text.h"

#include <iconv.h>
#include <string.h>

/* A converter holds state and is made per call: calls come from any thread, and making one costs microseconds. */
static bool convert(const char *to, const char *from, struct bytes bytes, char *out, size_t room, size_t *size)
{
    iconv_t converter = iconv_open(to, from);
    if (converter == (iconv_t)-1)
        return false;
    char *at = out, *in = (char *)(uintptr_t)bytes.data;
    size_t left = bytes.size, free_room = room;
    size_t irreversible = iconv(converter, &in, &left, &at, &free_room);
    iconv_close(converter);
    *size = (size_t)(at - out);
    return irreversible == 0 && left == 0;
}

bool gb18030_decode(struct arena *arena, struct bytes bytes, const char **text)
{
    size_t room = GB18030_DECODED_MAX(bytes.size), size;
    char *out = arena_alloc(arena, room + 1);
    if (!convert("UTF-8", "GB18030", bytes, out, room, &size) || !utf8_valid(out, size))
        return false;
    out[size] = '\0';
    *text = out;
    return true;
}

static bool encode(struct arena *arena, const char *charset, const char *text, struct bytes *bytes)
{
    size_t room = strlen(text) * 2, size; /* one byte stays one, two and three become at most four */
    char *out = arena_alloc(arena, room + 1);
    if (!utf8_valid(text, strlen(text)) || !convert(charset, "UTF-8", bytes_of_text(text), out, room, &size))
        return false;
    *bytes = (struct bytes){(const uint8_t *)out, size};
    return true;
}

bool gb18030_encode(struct arena *arena, const char *text, struct bytes *bytes)
{
    return encode(arena, "GB18030", text, bytes);
}

bool gbk_encode(struct arena *arena, const char *text, struct bytes *bytes)
{
    return encode(arena, "GBK", text, bytes);
}
