/* SPDX-License-Identifier: Apache-2.0 */
/* Library contexts (OSSL_LIB_CTX(3)) for reading structures. In the default one OpenSSL 3.0 decodes the public key of
 * every certificate and request that it reads, by trying each of its forty decoders: 0.12 ms, eight times the rest.
 * These two have the default provider's algorithms with fewer kinds of key and fewer decoders. For pki/ only. */
#pragma once

#include "pki/openssl.h"

/* No decoder: keys inside stay bytes. */
OSSL_LIB_CTX *library_for_structures(void);
/* RSA and EC keys, for those who verify with the key of a certificate that they read, and what public_key.c makes. */
OSSL_LIB_CTX *library_for_keys(void);
