/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate chain like UnionPay's, a merchant's PFX and foreign ones beside, made anew by every run; messages
 * signed the way UnionPay signs them, computed here once more. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/settings.h"
#include "base/text.h"
#include "pki/rsa.h"
#include "remote/unionpay_key.h"

#define OUR_MERCHANT   "777290058110097"
#define OUR_ORDER      "2026112113040501000000000101"
#define OUR_TXN_TIME   "20261121130509"
#define CHAIN_NOT_OVER INT64_C(1795237509) /* 2026-11-21 13:05:09 in Beijing */

enum signer {
    SIGNER_UNIONPAY,         /* 中国银联股份有限公司 */
    SIGNER_UNIONPAY_SANDBOX, /* 00040000:SIGN */
    SIGNER_MERCHANT,         /* under the same CA */
    SIGNER_FOREIGN,          /* UnionPay's name under another CA of the same name */
    SIGNER_EXPIRED,
    SIGNER_FUTURE,
    SIGNER_CA,        /* the middle itself */
    SIGNER_ROOT_LEAF, /* UnionPay's name, no other's key, self-signed */
    SIGNERS,
};

struct union_workshop {
    struct arena *arena;
    char folder[64];
    struct settings settings;
    struct unionpay *unionpay;
    const char *merchant_serial; /* decimal */
    struct fault fault;
    int64_t now_us;
};

int union_make_keys(void **state);
int union_drop_keys(void **state);
int union_open(void **state);
int union_close(void **state);

/* The certificate as it goes into signPubKeyCert, with CRLF. */
const char *signer_pem(struct union_workshop *workshop, enum signer signer);
/* Sets, replaces or (NULL) removes. */
void field_set(struct form_fields *fields, const char *name, const char *value);
struct form_fields union_notice(struct union_workshop *workshop);
struct form_fields union_answer(struct union_workshop *workshop);
/* Adds signPubKeyCert and signature. */
struct form_fields signed_by(struct union_workshop *workshop, const struct form_fields *fields, enum signer signer);
/* Plain k=v&k=v, as answers come. */
struct bytes plain_text(struct union_workshop *workshop, const struct form_fields *fields);
/* Did the merchant sign these fields? */
bool merchant_signed(struct union_workshop *workshop, const struct form_fields *fields);
void union_write(const struct union_workshop *workshop, const char *name, const void *data, size_t size, unsigned mode);
