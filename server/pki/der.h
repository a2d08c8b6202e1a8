/* SPDX-License-Identifier: Apache-2.0 */
/* DER (X.690) read and written by hand, where OpenSSL's decoder is too lenient (it takes BER) or where a second opinion
 * is the point (lint). For pki/ only. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

enum der_tag {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_ENUMERATED = 0x0a,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT = 0x80,             /* [n] IMPLICIT of something primitive: DER_CONTEXT | n */
    DER_CONTEXT_CONSTRUCTED = 0xa0, /* [n] of something constructed, or EXPLICIT */
};

struct der_item {
    unsigned tag;
    struct bytes content, whole; /* whole: with tag and length */
};

/* Takes the next item off the front of rest: one-byte tag, definite length in its shortest form. */
bool der_next(struct bytes *rest, struct der_item *item);
/* The same, and it must have this tag. */
bool der_take(struct bytes *rest, unsigned tag, struct bytes *content);
/* Exactly one item with nothing after it, valid at every level: lengths, booleans, integers, object identifiers,
 * padding of bit strings, no constructed strings. */
bool der_valid(struct bytes der);

struct bytes der_wrap(struct arena *arena, unsigned tag, struct bytes content);
struct bytes der_join(struct arena *arena, const struct bytes *parts, size_t count);
/* SEQUENCE of parts. */
struct bytes der_sequence(struct arena *arena, const struct bytes *parts, size_t count);

#define DER_LITERAL(...) ((struct bytes){(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})})
