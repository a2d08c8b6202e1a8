/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and lists as OpenSSL's objects and as what an issuing CA signs. For pki/ only. */
#pragma once

#include "base/err.h"
#include "pki/certificate.h"
#include "pki/openssl.h"

#define CERTIFICATE_SIZE_MAX 16384

/* ERR_CERTIFICATE_MALFORMED unless der is one certificate in DER and nothing else. Its key stays bytes: it cannot
 * verify anything. */
enum err x509_decode(struct bytes der, X509 **out) MUST_CHECK;
/* The same with its key, of whatever kind: for verifying chains. */
enum err x509_decode_with_key(struct bytes der, X509 **out) MUST_CHECK;
/* What the rest of the program wants to know of it; der is what it was decoded from. */
enum err x509_read(struct arena *arena, X509 *certificate, struct bytes der, struct certificate *out) MUST_CHECK;
/* As trust_check; certificate was decoded with its key. */
enum err x509_trusted(const struct trust *trust, X509 *certificate) MUST_CHECK;
/* Verifies signature over message by the key of spki with SHA-256, as this CA's keys sign. */
bool x509_signature_valid(struct bytes spki, struct bytes message, struct bytes signature);
/* SEQUENCE { tbs, signatureAlgorithm, signature BIT STRING }: the shape of certificates and lists alike (RFC 5280 4.1,
 * 5.1). Verifies the signature with issuer's key first: ERR_HSM_REFUSED. */
enum err x509_join(struct arena *arena, struct bytes tbs, struct bytes signature, const struct certificate *issuer,
                   struct bytes *der) MUST_CHECK;
