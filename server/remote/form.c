/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/form.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that begins at from, and how many it took; -1 for one that cannot be. */
static int decode_byte(const uint8_t *from, size_t left, size_t *taken)
{
    *taken = 1;
    if (from[0] == '+')
        return ' ';
    if (from[0] != '%')
        return from[0] > ' ' && from[0] != 0x7f ? from[0] : -1;
    int high = left < 3 ? -1 : hex_digit(from[1]), low = left < 3 ? -1 : hex_digit(from[2]);
    if (high < 0 || low < 0 || (high == 0 && low == 0))
        return -1;
    *taken = 3;
    return high * 16 + low;
}

static enum err decode(struct bytes raw, struct arena *arena, const char **out)
{
    char *text = arena_alloc(arena, raw.size + 1);
    size_t size = 0, taken;
    for (size_t i = 0; i < raw.size; i += taken) {
        int byte = decode_byte(raw.data + i, raw.size - i, &taken);
        ENSURE(byte >= 0, ERR_FORM_MALFORMED);
        text[size++] = (char)byte;
    }
    *out = text;
    return OK;
}

static struct bytes cut(struct bytes *rest, char at)
{
    const uint8_t *end = rest->size > 0 ? memchr(rest->data, at, rest->size) : NULL;
    struct bytes part = {rest->data, end != NULL ? (size_t)(end - rest->data) : rest->size};
    size_t used = part.size + (end != NULL);
    *rest = (struct bytes){rest->data + used, rest->size - used};
    return part;
}

static enum err parse_pair(struct bytes pair, struct arena *arena, struct form_fields *fields)
{
    ENSURE(fields->count < FORM_COUNT_MAX, ERR_FORM_MALFORMED);
    struct form_field *field = &fields->items[fields->count];
    struct bytes value = pair, name = cut(&value, '=');
    TRY(decode(name, arena, &field->name));
    TRY(decode(value, arena, &field->value));
    ENSURE(field->name[0] != '\0' && form_value(fields, field->name) == NULL, ERR_FORM_MALFORMED);
    fields->count++;
    return OK;
}

enum err form_parse(struct bytes raw, struct arena *arena, struct form_fields *out)
{
    ENSURE(raw.size > 0 && raw.size <= FORM_BYTES_MAX, ERR_FORM_MALFORMED);
    ENSURE(raw.data[raw.size - 1] != '&', ERR_FORM_MALFORMED);
    struct form_fields fields = {arena_alloc(arena, FORM_COUNT_MAX * sizeof(struct form_field)), 0};
    while (raw.size > 0)
        TRY(parse_pair(cut(&raw, '&'), arena, &fields));
    *out = fields;
    return OK;
}

const char *form_value(const struct form_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->items[i].name, name) == 0)
            return fields->items[i].value;
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct form_field *)a)->name, ((const struct form_field *)b)->name);
}

void form_sort(struct form_fields *fields)
{
    if (fields->count > 0)
        qsort(fields->items, fields->count, sizeof(fields->items[0]), by_name);
}

struct bytes form_join(const struct form_fields *fields, struct arena *arena)
{
    size_t size = 0;
    for (size_t i = 0; i < fields->count; i++)
        size += strlen(fields->items[i].name) + strlen(fields->items[i].value) + 2;
    char *text = arena_alloc(arena, size + 1), *at = text;
    for (size_t i = 0; i < fields->count; i++) {
        at = stpcpy(at, i > 0 ? "&" : "");
        at = stpcpy(stpcpy(at, fields->items[i].name), "=");
        at = stpcpy(at, fields->items[i].value);
    }
    return (struct bytes){(const uint8_t *)text, (size_t)(at - text)};
}

static char *escape(char *at, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (isalnum(c) || strchr("-._*", c) != NULL) {
            *at++ = (char)c;
            continue;
        }
        *at++ = '%';
        *at++ = digits[c >> 4];
        *at++ = digits[c & 15];
    }
    return at;
}

struct bytes form_post_body(const struct form_fields *fields, struct arena *arena)
{
    size_t size = 0;
    for (size_t i = 0; i < fields->count; i++)
        size += 3 * (strlen(fields->items[i].name) + strlen(fields->items[i].value)) + 2;
    char *text = arena_alloc(arena, size + 1), *at = text;
    for (size_t i = 0; i < fields->count; i++) {
        at = stpcpy(at, i > 0 ? "&" : "");
        at = stpcpy(escape(at, fields->items[i].name), "=");
        at = escape(at, fields->items[i].value);
    }
    return (struct bytes){(const uint8_t *)text, (size_t)(at - text)};
}
