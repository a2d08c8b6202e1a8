/* SPDX-License-Identifier: Apache-2.0 */
/* A request for a certificate as the subscriber signed it: CMS SignedData over {"nonce", "signing_csr"}. Verified here,
 * in the issuer, from the bytes the client sent: web only carries them. Or the same JSON with the token of a session of
 * the web hall, which the issuer holds against the database itself (docs/decisions/0007). */
#pragma once

#include "issuer/issuer.h"
#include "pki/cms.h"
#include "pki/csr.h"

struct certificate_ask {
    const char *renewal_no;
    struct signed_content signed_content;
    struct bytes portal_token_digest; /* of the web hall's session instead of a signature; {0}: signed */
    struct csr csr;
    struct bytes nonce_digest;
    struct bytes evidence_sha256; /* of the CMS, or of the JSON */
};

enum err certificate_ask_read(const struct issuer *issuer, struct arena *arena, struct fault *fault, struct bytes body,
                              struct certificate_ask *out) MUST_CHECK;
