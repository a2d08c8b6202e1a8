/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate revocation list of the issuing CA (RFC 5280 5): complete, version 2, direct. Build, lint, sign,
 * assemble, as with certificates. */
#pragma once

#include "pki/certificate.h"

/* CRLReason (RFC 5280 5.3.1). Unspecified is left out of the entry; a hold and its removal are no revocations. */
enum crl_reason {
    CRL_UNSPECIFIED = 0,
    CRL_KEY_COMPROMISE = 1,
    CRL_CA_COMPROMISE = 2,
    CRL_AFFILIATION_CHANGED = 3,
    CRL_SUPERSEDED = 4,
    CRL_CESSATION_OF_OPERATION = 5,
    CRL_PRIVILEGE_WITHDRAWN = 9,
    CRL_AA_COMPROMISE = 10,
};

/* By the RFC's name (keyCompromise, …); any other text is unspecified. */
enum crl_reason crl_reason_of_text(const char *text);

struct crl_entry {
    struct bytes serial;   /* a positive number, most significant octet first */
    int64_t revoked_at_us; /* whole seconds are written */
    enum crl_reason reason;
};

struct crl_request {
    int64_t number;                         /* positive, larger than any before */
    int64_t this_update_us, next_update_us; /* whole seconds */
    const struct crl_entry *entries;        /* in any order */
    size_t entry_count;
};

/* The TBSCertList to be signed by issuer; entries ascend by serial. ERR_LINT_REFUSED: a serial that is twice there or
 * no positive number of at most 20 octets, or an issuer without key identifier. */
enum err crl_build(struct arena *arena, const struct certificate *issuer, const struct crl_request *request,
                   struct bytes *tbs) MUST_CHECK;
/* Checks a TBSCertList before it is signed: reads it with OpenSSL's decoder and compares it with the request. Logs the
 * rule broken. ERR_LINT_REFUSED. */
enum err crl_lint(struct arena *arena, struct bytes tbs, const struct certificate *issuer,
                  const struct crl_request *request) MUST_CHECK;
/* tbs + signature = list; verifies the signature with issuer's key. ERR_HSM_REFUSED. */
enum err crl_assemble(struct arena *arena, struct bytes tbs, struct bytes signature, const struct certificate *issuer,
                      struct bytes *der) MUST_CHECK;
