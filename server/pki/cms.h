/* SPDX-License-Identifier: Apache-2.0 */
/* CMS SignedData (RFC 5652) as a subscriber's client makes it. */
#pragma once

#include "pki/certificate.h"

struct signed_content {
    struct bytes content;      /* what was signed */
    struct certificate signer; /* from inside the CMS */
};

/* DER, exactly one SignerInfo, embedded content, SHA-256 or better, signer's certificate included; the signature over
 * content verifies. Says nothing about trust: see trust_check. ERR_CMS_MALFORMED, ERR_CMS_SIGNATURE_INVALID. */
enum err cms_verify(struct arena *arena, struct bytes der, struct fault *fault, struct signed_content *out) MUST_CHECK;
/* The same, and the signer is one whom trust_check accepts: ERR_CERTIFICATE_UNTRUSTED. */
enum err cms_verify_trusted(struct arena *arena, struct bytes der, const struct trust *trust, struct fault *fault,
                            struct signed_content *out) MUST_CHECK;
