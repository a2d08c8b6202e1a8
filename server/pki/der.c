/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/der.h"

#include <string.h>

#define DER_DEPTH_MAX       32
#define DER_LENGTH_SIZE_MAX 4
#define DER_CONSTRUCTED     0x20
#define DER_CLASS           0xc0

static struct bytes after(struct bytes bytes, size_t size)
{
    return (struct bytes){bytes.data + size, bytes.size - size};
}

/* X.690 10.1: definite, in the fewest octets. The cursor stands behind it afterwards. */
static bool take_length(struct bytes *rest, size_t *length)
{
    if (rest->size == 0)
        return false;
    size_t first = rest->data[0], value = 0;
    *rest = after(*rest, 1);
    if (first < 0x80) {
        *length = first;
        return true;
    }
    size_t octets = first & 0x7f;
    if (octets == 0 || octets > DER_LENGTH_SIZE_MAX || octets > rest->size || rest->data[0] == 0)
        return false;
    for (size_t i = 0; i < octets; i++)
        value = value << 8 | rest->data[i];
    *rest = after(*rest, octets);
    *length = value;
    return value >= 0x80;
}

bool der_next(struct bytes *rest, struct der_item *item)
{
    struct bytes at = *rest;
    size_t length;
    if (at.size == 0 || (at.data[0] & 0x1f) == 0x1f)
        return false; /* no structure we read has tag numbers beyond 30 */
    unsigned tag = at.data[0];
    at = after(at, 1);
    if (!take_length(&at, &length) || length > at.size)
        return false;
    item->tag = tag;
    item->content = (struct bytes){at.data, length};
    at = after(at, length);
    item->whole = (struct bytes){rest->data, rest->size - at.size};
    *rest = at;
    return true;
}

bool der_take(struct bytes *rest, unsigned tag, struct bytes *content)
{
    struct bytes at = *rest;
    struct der_item item;
    if (!der_next(&at, &item) || item.tag != tag)
        return false;
    *rest = at;
    *content = item.content;
    return true;
}

/* X.690 8.3.2 */
static bool valid_integer(struct bytes value)
{
    if (value.size == 0)
        return false;
    if (value.size == 1)
        return true;
    bool redundant_zero = value.data[0] == 0x00 && (value.data[1] & 0x80) == 0;
    bool redundant_ones = value.data[0] == 0xff && (value.data[1] & 0x80) != 0;
    return !redundant_zero && !redundant_ones;
}

/* X.690 11.2.1: unused bits are zero. */
static bool valid_bit_string(struct bytes value)
{
    if (value.size == 0 || value.data[0] > 7)
        return false;
    unsigned unused = value.data[0];
    if (value.size == 1)
        return unused == 0;
    return (value.data[value.size - 1] & ((1u << unused) - 1)) == 0;
}

/* X.690 8.19.2: each number in the fewest octets, the last one complete. */
static bool valid_oid(struct bytes value)
{
    bool starts = true;
    for (size_t i = 0; i < value.size; i++) {
        if (starts && value.data[i] == 0x80)
            return false;
        starts = (value.data[i] & 0x80) == 0;
    }
    return value.size > 0 && starts;
}

static bool valid_primitive(const struct der_item *item)
{
    switch (item->tag) {
    case DER_BOOLEAN:
        return item->content.size == 1 && (item->content.data[0] == 0x00 || item->content.data[0] == 0xff);
    case DER_INTEGER:
    case DER_ENUMERATED:
        return valid_integer(item->content);
    case DER_BIT_STRING:
        return valid_bit_string(item->content);
    case DER_NULL:
        return item->content.size == 0;
    case DER_OID:
        return valid_oid(item->content);
    default: /* strings and times; SEQUENCE and SET are always constructed */
        return item->tag != (DER_SEQUENCE & ~DER_CONSTRUCTED) && item->tag != (DER_SET & ~DER_CONSTRUCTED) &&
               item->tag != 0;
    }
}

static bool valid_items(struct bytes rest, unsigned depth)
{
    if (depth > DER_DEPTH_MAX)
        return false;
    while (rest.size > 0) {
        struct der_item item;
        if (!der_next(&rest, &item))
            return false;
        bool constructed = (item.tag & DER_CONSTRUCTED) != 0, universal = (item.tag & DER_CLASS) == 0;
        if (!constructed && !valid_primitive(&item))
            return false;
        if (constructed && universal && item.tag != DER_SEQUENCE && item.tag != DER_SET)
            return false; /* X.690 10.2: strings are primitive */
        if (constructed && !valid_items(item.content, depth + 1))
            return false;
    }
    return true;
}

bool der_valid(struct bytes der)
{
    struct bytes rest = der;
    struct der_item item;
    return der_next(&rest, &item) && rest.size == 0 && valid_items(der, 0);
}

struct bytes der_wrap(struct arena *arena, unsigned tag, struct bytes content)
{
    uint8_t *data = arena_alloc(arena, content.size + 2 + DER_LENGTH_SIZE_MAX);
    size_t octets = 0, head = 2;
    for (size_t rest = content.size; content.size >= 0x80 && rest > 0; rest >>= 8)
        octets++;
    data[0] = (uint8_t)tag;
    data[1] = octets == 0 ? (uint8_t)content.size : (uint8_t)(0x80 | octets);
    for (size_t i = octets; i > 0; i--)
        data[head++] = (uint8_t)(content.size >> (8 * (i - 1)));
    if (content.size > 0)
        memcpy(data + head, content.data, content.size);
    return (struct bytes){data, head + content.size};
}

struct bytes der_join(struct arena *arena, const struct bytes *parts, size_t count)
{
    size_t size = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        size += parts[i].size;
    uint8_t *data = arena_alloc(arena, size);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size > 0)
            memcpy(data + at, parts[i].data, parts[i].size);
        at += parts[i].size;
    }
    return (struct bytes){data, size};
}

struct bytes der_sequence(struct arena *arena, const struct bytes *parts, size_t count)
{
    return der_wrap(arena, DER_SEQUENCE, der_join(arena, parts, count));
}
