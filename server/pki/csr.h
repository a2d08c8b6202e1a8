/* SPDX-License-Identifier: Apache-2.0 */
/* PKCS#10 requests (RFC 2986). Only the key counts: subject and attributes are ignored, the frozen renewal decides
 * them. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/fault.h"

struct csr {
    struct bytes der;
    struct bytes spki, spki_sha256;
};

/* PEM or DER, at most 16 kB; self-signature verified (RFC 2986 4.2); RSA 2048..4096 with e = 65537, or P-256.
 * ERR_CSR_MALFORMED, ERR_CSR_SIGNATURE_INVALID, ERR_CSR_KEY_REFUSED. */
enum err csr_parse(struct arena *arena, struct bytes text, struct fault *fault, struct csr *out) MUST_CHECK;
