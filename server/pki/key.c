/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/key.h"

#include "base/text.h"
#include "pki/der.h"
#include "pki/digest.h"

#include <string.h>

#define RSA_BITS_MIN        2048
#define RSA_BITS_MAX        4096
#define P256_POINT_SIZE     65
#define KEY_IDENTIFIER_SIZE 20

/* AlgorithmIdentifier of rsaEncryption with NULL (RFC 3279 2.3.1) and of id-ecPublicKey with secp256r1 (RFC 5480 2). */
static const uint8_t rsa_encryption[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                         0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
static const uint8_t ec_p256[] = {0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                                  0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
/* sha256WithRSAEncryption with NULL; ecdsa-with-SHA256 without parameters. */
static const uint8_t sha256_rsa[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                     0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00};
static const uint8_t ecdsa_sha256[] = {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};

/* The algorithm and what is in the BIT STRING, which is whole octets for every algorithm we know. */
bool key_parts(struct bytes spki, struct bytes *algorithm, struct bytes *key)
{
    struct bytes rest = spki, inside;
    struct der_item item;
    if (!der_valid(spki) || !der_take(&rest, DER_SEQUENCE, &inside) || !der_next(&inside, &item))
        return false;
    struct bytes bits;
    if (!der_take(&inside, DER_BIT_STRING, &bits) || inside.size > 0 || bits.data[0] != 0)
        return false;
    *algorithm = item.whole;
    *key = (struct bytes){bits.data + 1, bits.size - 1};
    return true;
}

static unsigned bit_length(struct bytes positive)
{
    unsigned bits = (unsigned)positive.size * 8;
    for (unsigned mask = 0x80; (positive.data[0] & mask) == 0; mask >>= 1)
        bits--;
    return bits;
}

/* RSAPublicKey (RFC 8017 A.1.1). */
static bool rsa_accepted(struct bytes key)
{
    static const uint8_t f4[] = {1, 0, 1};
    struct bytes inside, modulus, exponent;
    if (!der_valid(key) || !der_take(&key, DER_SEQUENCE, &inside) || !der_take(&inside, DER_INTEGER, &modulus) ||
        !der_take(&inside, DER_INTEGER, &exponent) || inside.size > 0)
        return false;
    if (modulus.size < 2 || modulus.data[0] != 0)
        return false; /* whole octets, so the sign octet is there */
    modulus = (struct bytes){modulus.data + 1, modulus.size - 1};
    unsigned bits = bit_length(modulus);
    return bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX && (modulus.data[modulus.size - 1] & 1) == 1 &&
           bytes_equal(exponent, (struct bytes){f4, sizeof(f4)});
}

enum key_kind key_kind(struct bytes spki)
{
    struct bytes algorithm, key;
    if (!key_parts(spki, &algorithm, &key))
        return KEY_REFUSED;
    if (bytes_equal(algorithm, (struct bytes){rsa_encryption, sizeof(rsa_encryption)}))
        return rsa_accepted(key) ? KEY_RSA : KEY_REFUSED;
    if (bytes_equal(algorithm, (struct bytes){ec_p256, sizeof(ec_p256)}))
        return key.size == P256_POINT_SIZE && key.data[0] == 0x04 ? KEY_P256 : KEY_REFUSED;
    return KEY_REFUSED;
}

struct bytes key_signature_algorithm(enum key_kind kind)
{
    if (kind == KEY_P256)
        return (struct bytes){ecdsa_sha256, sizeof(ecdsa_sha256)};
    return (struct bytes){sha256_rsa, sizeof(sha256_rsa)};
}

struct bytes key_identifier(struct arena *arena, struct bytes spki)
{
    struct bytes algorithm, key;
    if (!key_parts(spki, &algorithm, &key))
        return (struct bytes){0};
    struct bytes digest = sha256(arena, key);
    return (struct bytes){digest.data, KEY_IDENTIFIER_SIZE};
}
