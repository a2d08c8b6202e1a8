/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/media.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool is_one_of(const char *accepted, const char *type, size_t size)
{
    for (const char *each = accepted; each != NULL;) {
        const char *bar = strchr(each, '|');
        size_t length = bar != NULL ? (size_t)(bar - each) : strlen(each);
        if (length == size && strncasecmp(each, type, size) == 0)
            return true;
        each = bar != NULL ? bar + 1 : NULL;
    }
    return false;
}

static bool is_json(const char *type, size_t size)
{
    return (size >= 5 && strncasecmp(type + size - 5, "/json", 5) == 0) ||
           (size >= 5 && strncasecmp(type + size - 5, "+json", 5) == 0);
}

/* true when parameters (";charset=x") name no charset or UTF-8. */
static bool charset_utf8(const char *parameters)
{
    const char *charset = strcasestr(parameters, "charset");
    if (charset == NULL)
        return true;
    charset += strlen("charset") + strspn(charset + strlen("charset"), " \t");
    if (*charset != '=')
        return false;
    charset += 1 + strspn(charset + 1, " \t\"");
    size_t size = strcspn(charset, " \t\";");
    return size == 5 && strncasecmp(charset, "utf-8", 5) == 0;
}

enum err media_check(const char *accepted, const char *content_type)
{
    ENSURE(content_type != NULL, ERR_UNSUPPORTED_MEDIA_TYPE);
    size_t size = strcspn(content_type, "; \t");
    ENSURE(is_one_of(accepted, content_type, size), ERR_UNSUPPORTED_MEDIA_TYPE);
    ENSURE(!is_json(content_type, size) || charset_utf8(content_type + size), ERR_UNSUPPORTED_MEDIA_TYPE);
    return OK;
}
