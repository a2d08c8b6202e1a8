/* SPDX-License-Identifier: Apache-2.0 */
/* Chinese banks' encoding: GB 18030, which holds all that GBK and GB 2312 do, to and from UTF-8. Strict both ways. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

/* NUL-terminated, in arena. False for bytes that are not GB 18030, and for NUL. */
bool gb18030_decode(struct arena *arena, struct bytes bytes, const char **text);
/* False for a text that is not UTF-8. */
bool gb18030_encode(struct arena *arena, const char *text, struct bytes *bytes);
/* As above, but what GBK (code page 936) cannot hold is refused: banks' programs read no more than that. */
bool gbk_encode(struct arena *arena, const char *text, struct bytes *bytes);
/* How many bytes of valid UTF-8 that many bytes become at most. */
#define GB18030_DECODED_MAX(size) ((size)*2)
