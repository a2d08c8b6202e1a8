/* SPDX-License-Identifier: Apache-2.0 */
/* X.509 certificates (RFC 5280): what the rest of the program wants to know of one, and whether this CA issued it. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/fault.h"

#include <stdbool.h>

/* Everything in arena. */
struct certificate {
    struct bytes der;
    struct bytes fingerprint;   /* SHA-256 of der */
    const char *serial;         /* lower-case hex, no leading zeros */
    struct bytes subject_der;   /* Name as encoded */
    const char *subject;        /* RFC 2253, UTF-8, for people */
    const char *common_name;    /* "" if none */
    const char *organisation;   /* O, "" if none */
    struct bytes key_id;        /* subjectKeyIdentifier, may be empty */
    struct bytes issuer_key_id; /* authorityKeyIdentifier, may be empty */
    int64_t not_before_us, not_after_us;
    struct bytes spki; /* DER */
    struct bytes spki_sha256;
    bool may_sign; /* keyUsage has digitalSignature or is absent */
};

/* Strict DER, no trailing bytes, at most 16 kB. */
enum err certificate_parse(struct arena *arena, struct bytes der, struct certificate *out) MUST_CHECK;

/* One certificate as text: PEM, or its DER in base64. ERR_CERTIFICATE_MALFORMED. */
enum err certificate_read(struct arena *arena, struct bytes text, struct certificate *out) MUST_CHECK;

/* A PEM file with one certificate. */
enum err certificate_load(struct arena *arena, const char *pem_path, struct certificate *out) MUST_CHECK;

struct trust; /* root and issuing CA certificates that we accept signatures under */

/* PEM file with one or more CA certificates; self-signed ones are anchors. */
enum err trust_load(const char *pem_path, struct trust **out) MUST_CHECK;
void trust_free(struct trust *trust);
/* Chain and CA constraints only: the validity period of the leaf is the caller's business (a platform may take expired
 * ones), revocation is the database's. ERR_CERTIFICATE_UNTRUSTED. */
enum err trust_check(const struct trust *trust, struct bytes certificate_der) MUST_CHECK;
/* DER certificates from issuer to anchor of a certificate (a CA too), as an array in arena. */
enum err trust_chain(const struct trust *trust, struct bytes certificate_der, struct arena *arena, struct bytes *chain,
                     size_t chain_max, size_t *count) MUST_CHECK;
char *certificate_pem(struct arena *arena, struct bytes der);
/* The serial number in decimal, as some gateways name keys by it. */
const char *certificate_serial_decimal(struct arena *arena, const struct certificate *certificate);
