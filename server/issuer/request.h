/* SPDX-License-Identifier: Apache-2.0 */
/* A request for a certificate as the subscriber signed it: CMS SignedData over {"nonce", "signing_csr"}. Verified here,
 * in the issuer, from the bytes the client sent: web only carries them. */
#pragma once

#include "issuer/issuer.h"
#include "pki/cms.h"
#include "pki/csr.h"

struct certificate_ask {
    const char *renewal_no;
    struct signed_content signed_content;
    struct csr csr;
    struct bytes nonce_digest;
    struct bytes evidence_sha256; /* of the CMS */
};

enum err certificate_ask_read(const struct issuer *issuer, struct arena *arena, struct fault *fault, struct bytes body,
                              struct certificate_ask *out) MUST_CHECK;
