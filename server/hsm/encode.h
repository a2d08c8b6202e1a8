/* SPDX-License-Identifier: Apache-2.0 */
/* The few DER structures that PKCS#11 leaves to its callers. For hsm/ only. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#define P256_SIGNATURE_SIZE 64 /* r and s, 32 octets each */

/* Unsigned big-endian numbers as PKCS#11 gives them; SubjectPublicKeyInfo of rsaEncryption (RFC 3279 2.3.1). */
struct bytes encode_rsa_spki(struct arena *arena, struct bytes modulus, struct bytes exponent);
/* point: CKA_EC_POINT, an OCTET STRING with the uncompressed point. ERR_HSM_REFUSED for anything else. */
enum err encode_p256_spki(struct arena *arena, struct bytes point, struct bytes *spki) MUST_CHECK;
/* secp256r1 as CKA_EC_PARAMS (RFC 5480 2.1.1.1). */
extern const struct bytes encode_p256_curve;
/* r and s side by side to ECDSA-Sig-Value (RFC 3279 2.2.3). */
struct bytes encode_ecdsa_signature(struct arena *arena, struct bytes both);
