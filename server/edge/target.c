/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/target.h"

#include "base/text.h"

#include <string.h>

/* RFC 3986 3.3 pchar without pct-encoded, and "/". */
static bool path_character(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~!$&'()*+,;=:@/", c) != NULL);
}

/* What browsers leave unencoded in a query (WHATWG URL, query percent-encode set), and RFC 3986 3.4. */
static bool query_character(unsigned char c)
{
    return c > 0x20 && c < 0x7f && strchr("\"#<>", c) == NULL;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte of "%XX" at text; -1 when it is not one or stands for a control character. */
static int decoded_byte(const char *text, size_t size)
{
    if (size < 3 || hex_value(text[1]) < 0 || hex_value(text[2]) < 0)
        return -1;
    int byte = hex_value(text[1]) * 16 + hex_value(text[2]);
    return byte < 0x20 || byte == 0x7f ? -1 : byte;
}

static enum err refuse(struct fault *fault, const char *zh, const char *en)
{
    return fault_explain(fault, ERR_BAD_REQUEST, zh, en);
}

/* -- the path ---------------------------------------------------------------------------------------------------- */

static enum err decode_path(struct arena *arena, const char *text, size_t size, struct fault *fault, char **path)
{
    char *decoded = arena_alloc(arena, size + 1);
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        int byte = (unsigned char)text[i];
        if (byte == '%') {
            byte = decoded_byte(text + i, size - i);
            i += 2;
            if (byte < 0 || byte == '/' || byte == '\\')
                return refuse(fault, "路径中的百分号编码有误", "The path holds a percent-encoding that is not allowed");
        } else if (!path_character((unsigned char)byte)) {
            return refuse(fault, "路径中有未编码的字符（RFC 3986 3.3）",
                          "The path holds a character that must be encoded (RFC 3986 3.3)");
        }
        decoded[length++] = (char)byte;
    }
    if (!utf8_valid(decoded, length))
        return refuse(fault, "路径不是UTF-8", "The path is not UTF-8");
    *path = decoded;
    return OK;
}

static enum err split_path(char *path, struct fault *fault, struct target *target)
{
    size_t count = 0;
    for (char *segment = path + 1; segment != NULL;) {
        char *slash = strchr(segment, '/');
        if (slash != NULL)
            *slash++ = '\0';
        if (strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
            return refuse(fault, "路径不能含有.或..段", "The path must not hold . or .. segments");
        ENSURE(count < TARGET_SEGMENTS_MAX, ERR_NOT_FOUND);
        target->segments[count++] = segment;
        segment = slash;
    }
    target->segment_count = count;
    return OK;
}

/* -- the query --------------------------------------------------------------------------------------------------- */

/* Form encoding: + is a space. */
static enum err decode_query(struct arena *arena, const char *text, size_t size, struct fault *fault,
                             const char **value)
{
    char *decoded = arena_alloc(arena, size + 1);
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        int byte = (unsigned char)text[i];
        if (byte == '%') {
            byte = decoded_byte(text + i, size - i);
            i += 2;
            if (byte < 0)
                return refuse(fault, "查询参数中的百分号编码有误", "The query holds an invalid percent-encoding");
        } else if (!query_character((unsigned char)byte)) {
            return refuse(fault, "查询参数中有未编码的字符（RFC 3986 3.4）",
                          "The query holds a character that must be encoded (RFC 3986 3.4)");
        }
        decoded[length++] = text[i] == '+' ? ' ' : (char)byte;
    }
    if (!utf8_valid(decoded, length))
        return refuse(fault, "查询参数不是UTF-8", "The query is not UTF-8");
    *value = decoded;
    return OK;
}

static enum err add_query_part(struct arena *arena, const char *text, size_t size, struct fault *fault,
                               struct target *target)
{
    const char *equals = memchr(text, '=', size);
    size_t name_size = equals != NULL ? (size_t)(equals - text) : size;
    size_t value_size = equals != NULL ? size - name_size - 1 : 0;
    struct query_part part;
    TRY(decode_query(arena, text, name_size, fault, &part.name));
    TRY(decode_query(arena, text + size - value_size, value_size, fault, &part.value));
    if (target_query(target, part.name) != NULL)
        return refuse(fault, "查询参数重复", "A query parameter is given twice");
    if (target->query_count == TARGET_QUERY_MAX)
        return refuse(fault, "查询参数过多", "There are too many query parameters");
    target->query[target->query_count++] = part;
    return OK;
}

static enum err parse_query(struct arena *arena, const char *text, size_t size, struct fault *fault,
                            struct target *target)
{
    target->query = arena_alloc(arena, TARGET_QUERY_MAX * sizeof(*target->query));
    for (const char *end = text + size; text < end;) {
        const char *ampersand = memchr(text, '&', (size_t)(end - text));
        const char *part_end = ampersand != NULL ? ampersand : end;
        if (part_end > text)
            TRY(add_query_part(arena, text, (size_t)(part_end - text), fault, target));
        text = part_end + 1;
    }
    return OK;
}

enum err target_parse(struct arena *arena, const char *text, size_t size, struct fault *fault, struct target *target)
{
    struct target parsed = {0};
    if (size == 0 || text[0] != '/')
        return refuse(fault, "请求目标必须以/开头（origin-form，RFC 9112 3.2.1）",
                      "The target must be in origin-form (RFC 9112 3.2.1)");
    const char *mark = memchr(text, '?', size);
    size_t path_size = mark != NULL ? (size_t)(mark - text) : size;
    char *path = NULL;
    TRY(decode_path(arena, text, path_size, fault, &path));
    TRY(split_path(path, fault, &parsed));
    if (mark != NULL)
        TRY(parse_query(arena, mark + 1, size - path_size - 1, fault, &parsed));
    *target = parsed;
    return OK;
}

const char *target_query(const struct target *target, const char *name)
{
    for (size_t i = 0; i < target->query_count; i++)
        if (strcmp(target->query[i].name, name) == 0)
            return target->query[i].value;
    return NULL;
}
