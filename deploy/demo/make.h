/* SPDX-License-Identifier: Apache-2.0 */
/* What a demonstration needs and the server must not have: new keys, names, requests and CA certificates. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

/* A Name with C=CN, organisation and common name in UTF-8. ERR_SETTINGS_INVALID when one is too long. */
enum err make_name(struct arena *arena, const char *organisation, const char *common_name,
                   struct bytes *der) MUST_CHECK;

/* A new RSA-2048 key. pem: PKCS#8; spki: its public half. */
void make_key(struct arena *arena, struct bytes *pem, struct bytes *spki);
/* A PKCS#10 request in PEM, signed with the key of pem. */
struct bytes make_request(struct arena *arena, struct bytes pem, struct bytes subject_der);

struct authority {
    struct bytes subject_der, spki;
    int path_length; /* -1: no limit */
    int64_t not_before_us, not_after_us;
    struct bytes issuer_der; /* the certificate above; empty: self-signed */
};

/* The TBSCertificate of a CA (RFC 5280 4.2.1.9, 4.2.1.3), to be signed with SHA-256 and RSA by the CA above. */
struct bytes make_authority(struct arena *arena, const struct authority *authority);
