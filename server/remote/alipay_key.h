/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of Alipay share. */
#pragma once

#include "base/json.h"
#include "pki/rsa.h"
#include "remote/alipay.h"

#define ALIPAY_KEYS_MAX 4

struct alipay {
    const char *app_id, *seller_id, *gateway_url;
    bool precreates;
    const char *app_cert_sn, *root_cert_sn; /* certificate mode; NULL: key mode */
    const char *cert_sns;        /* certificate mode: of Alipay's certificates, each with a space behind it */
    struct rsa_key *private_key; /* NULL: only notices can be read */
    struct rsa_key *public_keys[ALIPAY_KEYS_MAX]; /* old and new while they change: any of them may have signed */
    size_t public_key_count;
};

/* Did one of Alipay's keys sign the message? */
bool alipay_signed(const struct alipay *alipay, struct bytes message, struct bytes signature);

/* The two files that make certificate mode. ERR_SETTINGS_INVALID after logging. */
enum err alipay_load_certificates(const struct settings *settings, struct arena *arena,
                                  struct alipay *alipay) MUST_CHECK;

/* A request: begun with what each has, then its own fields, then signed. ERR_INTERNAL: no private key. */
struct form_fields alipay_begin(const struct alipay *alipay, const char *method, int64_t now_us, struct arena *arena);
void alipay_add(struct form_fields *fields, const char *name, const char *value);
enum err alipay_finish(const struct alipay *alipay, struct form_fields *fields, struct arena *arena,
                       struct form *form) MUST_CHECK;
/* One that brings nothing but its biz_content. */
enum err alipay_request(const struct alipay *alipay, const char *method, const char *biz_content, int64_t now_us,
                        struct arena *arena, struct form *form) MUST_CHECK;

/* An answer whose signature is good, or that has none. */
struct alipay_opened {
    struct json *node; /* what is signed, parsed from its very bytes */
    bool is_signed;
    bool result;      /* code 10000 */
    const char *said; /* "40004 ACQ.TRADE_NOT_EXIST"; for people */
};
/* node: "alipay_trade_query_response". An answer without signature that claims to be a result is refused. The caller
 * frees out->node. Errors as of alipay_read_query. */
enum err alipay_open_answer(const struct alipay *alipay, struct bytes body, const char *node, struct arena *arena,
                            struct fault *fault, struct alipay_opened *out) MUST_CHECK;
/* "" where it is absent. */
const char *alipay_value(const struct json *node, const char *name);
bool alipay_said(const struct json *node, const char *name, const char *value);
/* ERR_FORM_MALFORMED, ERR_NOTICE_MISMATCH with the member's name. */
enum err alipay_malformed(struct fault *fault, struct arena *arena, const char *name) MUST_CHECK;
enum err alipay_mismatch(struct fault *fault, struct arena *arena, const char *name) MUST_CHECK;
/* A signed answer may be an older one, or another's. required: of a result. */
enum err alipay_check_answer(const struct alipay *alipay, const struct json *node, const char *out_trade_no,
                             bool required, struct arena *arena, struct fault *fault) MUST_CHECK;
