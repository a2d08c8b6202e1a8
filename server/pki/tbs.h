/* SPDX-License-Identifier: Apache-2.0 */
/* A TBSCertificate (RFC 5280 4.1) taken apart without OpenSSL. For pki/ only. */
#pragma once

#include "pki/der.h"

#define TBS_EXTENSIONS_MAX 16

struct tbs_extension {
    struct bytes oid; /* contents */
    bool critical;
    struct bytes value; /* contents of extnValue */
};

struct tbs {
    struct bytes version, serial; /* contents of the INTEGERs */
    struct bytes algorithm;       /* the rest: with tag and length */
    struct bytes issuer;
    struct der_item not_before, not_after;
    struct bytes subject, spki;
    struct tbs_extension extensions[TBS_EXTENSIONS_MAX];
    size_t extension_count;
};

/* Version and extensions present, unique identifiers absent, no DEFAULT value encoded (X.690 11.5), nothing left over.
 */
bool tbs_parse(struct bytes der, struct tbs *out);
