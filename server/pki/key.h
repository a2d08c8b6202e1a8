/* SPDX-License-Identifier: Apache-2.0 */
/* Which public keys this CA certifies, and the signature algorithms of its own keys. Reads SubjectPublicKeyInfo by
 * itself: OpenSSL also takes explicit curves, compressed points and other spellings. For pki/ only. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

enum key_kind {
    KEY_REFUSED,
    KEY_RSA,  /* rsaEncryption, 2048..4096 bits, e = 65537 */
    KEY_P256, /* id-ecPublicKey on secp256r1, uncompressed point */
};

enum key_kind key_kind(struct bytes spki);
/* The AlgorithmIdentifier, and the contents of subjectPublicKey without its count of unused bits. */
bool key_parts(struct bytes spki, struct bytes *algorithm, struct bytes *key);
/* The AlgorithmIdentifier with which such a key signs certificates (RFC 4055 5, RFC 5758 3.2), and its contents of
 * subjectPublicKey. */
struct bytes key_signature_algorithm(enum key_kind kind);
/* 160 leftmost bits of SHA-256 of subjectPublicKey (RFC 7093 2, method 1). */
struct bytes key_identifier(struct arena *arena, struct bytes spki);
