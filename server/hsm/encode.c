/* SPDX-License-Identifier: Apache-2.0 */
#include "hsm/encode.h"

#include <string.h>

#define TAG_INTEGER    0x02
#define TAG_BIT_STRING 0x03
#define TAG_SEQUENCE   0x30
#define POINT_SIZE     65

static const uint8_t rsa_algorithm[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                        0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
static const uint8_t p256_algorithm[] = {0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                                         0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};

static const uint8_t p256_curve[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
const struct bytes encode_p256_curve = {p256_curve, sizeof(p256_curve)};

static struct bytes join(struct arena *arena, struct bytes first, struct bytes second)
{
    uint8_t *data = arena_alloc(arena, first.size + second.size);
    memcpy(data, first.data, first.size);
    if (second.size > 0)
        memcpy(data + first.size, second.data, second.size);
    return (struct bytes){data, first.size + second.size};
}

static struct bytes wrap(struct arena *arena, uint8_t tag, struct bytes content)
{
    uint8_t head[4] = {tag};
    size_t size = 2;
    if (content.size < 0x80) {
        head[1] = (uint8_t)content.size;
    } else if (content.size < 0x100) {
        head[1] = 0x81;
        head[size++] = (uint8_t)content.size;
    } else { /* the largest key has a few thousand octets */
        head[1] = 0x82;
        head[size++] = (uint8_t)(content.size >> 8);
        head[size++] = (uint8_t)content.size;
    }
    return join(arena, (struct bytes){head, size}, content);
}

/* No leading zeros but the one that keeps it positive. */
static struct bytes integer(struct arena *arena, struct bytes number)
{
    static const uint8_t zero[] = {0};
    while (number.size > 1 && number.data[0] == 0)
        number = (struct bytes){number.data + 1, number.size - 1};
    if (number.size == 0 || (number.data[0] & 0x80) != 0)
        number = join(arena, (struct bytes){zero, 1}, number);
    return wrap(arena, TAG_INTEGER, number);
}

static struct bytes spki_of(struct arena *arena, struct bytes algorithm, struct bytes key)
{
    static const uint8_t no_unused_bits[] = {0};
    struct bytes bits = wrap(arena, TAG_BIT_STRING, join(arena, (struct bytes){no_unused_bits, 1}, key));
    return wrap(arena, TAG_SEQUENCE, join(arena, algorithm, bits));
}

struct bytes encode_rsa_spki(struct arena *arena, struct bytes modulus, struct bytes exponent)
{
    struct bytes numbers = join(arena, integer(arena, modulus), integer(arena, exponent));
    return spki_of(arena, (struct bytes){rsa_algorithm, sizeof(rsa_algorithm)}, wrap(arena, TAG_SEQUENCE, numbers));
}

enum err encode_p256_spki(struct arena *arena, struct bytes point, struct bytes *spki)
{
    static const uint8_t head[] = {0x04, POINT_SIZE, 0x04};
    ENSURE(point.size == POINT_SIZE + 2 && memcmp(point.data, head, sizeof(head)) == 0, ERR_HSM_REFUSED);
    *spki = spki_of(arena, (struct bytes){p256_algorithm, sizeof(p256_algorithm)},
                    (struct bytes){point.data + 2, POINT_SIZE});
    return OK;
}

struct bytes encode_ecdsa_signature(struct arena *arena, struct bytes both)
{
    size_t half = both.size / 2;
    struct bytes r = integer(arena, (struct bytes){both.data, half});
    struct bytes s = integer(arena, (struct bytes){both.data + half, half});
    return wrap(arena, TAG_SEQUENCE, join(arena, r, s));
}
