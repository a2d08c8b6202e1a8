/* SPDX-License-Identifier: Apache-2.0 */
/* What a certificate contains is decided by a profile file (config/profiles/<id>.yaml), never by the request. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "pki/certificate.h"

struct profile {
    const char *id;               /* file name without .yaml */
    const char *version;          /* frozen into the renewal */
    const char *const *key_usage; /* RFC 5280 names: digitalSignature, nonRepudiation, … ; critical */
    size_t key_usage_count;
    const char *const *extended_key_usage; /* clientAuth, emailProtection; may be empty */
    size_t extended_key_usage_count;
    const char *policy_oid;                      /* "" : none */
    const char *crl_url, *issuer_url, *ocsp_url; /* CDP, AIA caIssuers, AIA OCSP; "" : none */
    int64_t backdate_s;                          /* notBefore = now - this */
    int64_t validity_max_months;                 /* lint: refused beyond */
};

/* "{public_url}" in the addresses becomes public_url. Logs file, line and key on failure. */
enum err profile_load(struct arena *arena, const char *path, const char *public_url, struct profile *out) MUST_CHECK;

struct certificate_request {
    struct bytes serial;      /* 16 bytes, first bit clear, not zero: RFC 5280 4.1.2.2 */
    struct bytes subject_der; /* Name, copied byte for byte */
    struct bytes spki;
    int64_t not_before_us, not_after_us; /* whole seconds */
};

/* The TBSCertificate to be signed by issuer with sha256WithRSAEncryption or ecdsa-with-SHA256 by its key. */
enum err certificate_build(struct arena *arena, const struct profile *profile, const struct certificate *issuer,
                           const struct certificate_request *request, struct bytes *tbs) MUST_CHECK;
/* Checks a TBS before it is signed (RFC 5280, X.690 DER): re-parses it and compares with the request and the profile;
 * serial, times, key usage, basic constraints, identifiers, no duplicate extension, key strength. Logs the rule broken.
 * ERR_LINT_REFUSED. */
enum err certificate_lint(struct arena *arena, struct bytes tbs, const struct profile *profile,
                          const struct certificate *issuer, const struct certificate_request *request) MUST_CHECK;
/* tbs + signature = certificate; verifies the signature with issuer's key and that the TBS inside is tbs byte for byte.
 */
enum err certificate_assemble(struct arena *arena, struct bytes tbs, struct bytes signature,
                              const struct certificate *issuer, struct bytes *der) MUST_CHECK;
