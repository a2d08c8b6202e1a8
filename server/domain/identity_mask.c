/* SPDX-License-Identifier: Apache-2.0 */
/* How personal data is shown to those who need not see it: recognisable to its owner, useless to others. */
#include "base/text.h"
#include "domain/identity.h"

#include <string.h>

#define ADDRESS_SHOWN 6
#define STARS_MAX     16

/* The first head and the last tail characters, stars between. Too short a text shows less, so that at least half of
 * it is hidden. */
static char *mask_middle(struct arena *arena, const char *text, size_t head, size_t tail)
{
    size_t length = utf8_length(text);
    if (head + tail > length / 2) {
        head = length > 1 ? 1 : 0;
        tail = length > 3 ? 1 : 0;
    }
    size_t hidden = length - head - tail;
    return arena_format(arena, "%.*s%.*s%s", (int)utf8_head(text, head), text,
                        (int)(hidden < STARS_MAX ? hidden : STARS_MAX), "****************",
                        text + utf8_head(text, length - tail));
}

char *mask_name(struct arena *arena, const char *name)
{
    size_t length = utf8_length(name);
    size_t shown = length > 1 ? utf8_head(name, 1) : 0;
    return arena_format(arena, "%.*s%s", (int)shown, name, length > 2 ? "**" : length > 0 ? "*" : "");
}

char *mask_id(struct arena *arena, const char *id)
{
    return mask_middle(arena, id, 3, 4);
}

char *mask_mobile(struct arena *arena, const char *mobile)
{
    /* 138****8000: seven of eleven, as everybody in China is used to */
    if (strlen(mobile) == 11 && utf8_length(mobile) == 11)
        return arena_format(arena, "%.3s****%s", mobile, mobile + 7);
    return mask_middle(arena, mobile, 3, 4);
}

char *mask_account(struct arena *arena, const char *number)
{
    size_t length = utf8_length(number);
    return arena_format(arena, "%s%s", length == 0 ? "" : "****",
                        length > 7 ? number + utf8_head(number, length - 4) : "");
}

char *mask_email(struct arena *arena, const char *email)
{
    const char *at = strrchr(email, '@');
    if (at == NULL)
        return mask_middle(arena, email, 1, 0);
    return arena_format(arena, "%.*s***%s", at - email > 1 ? (int)utf8_head(email, 1) : 0, email, at);
}

char *mask_address(struct arena *arena, const char *address)
{
    size_t length = utf8_length(address);
    if (length == 0)
        return arena_text(arena, "");
    size_t shown = length >= 2 * ADDRESS_SHOWN ? ADDRESS_SHOWN : length / 2;
    return arena_format(arena, "%.*s***", (int)utf8_head(address, shown), address);
}
