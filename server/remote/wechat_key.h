/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of WeChat Pay share. */
#pragma once

#include "pki/gcm.h"
#include "pki/rsa.h"
#include "remote/wechat.h"

#define WECHAT_KEYS_MAX 8

/* A key of WeChat's by what Wechatpay-Serial calls it: PUB_KEY_ID_… or a platform certificate's serial number. */
struct wechat_key {
    const char *serial;
    int64_t not_before_us, not_after_us; /* 0, INT64_MAX: a public key, which has no end */
    struct rsa_key *key;
};

struct wechat {
    const char *merchant_id, *app_id, *api_url;
    const char *merchant_serial;
    struct rsa_key *private_key; /* NULL: only notices can be read */
    uint8_t api_key[GCM_KEY_SIZE];
    struct wechat_key keys[WECHAT_KEYS_MAX];
    size_t key_count;
    bool uses_certificates;                       /* platform certificates, which change by themselves */
    struct wechat_sealed learnt[WECHAT_KEYS_MAX]; /* as WeChat sealed them: for a successor with the same APIv3 key */
    size_t learnt_count;
    const char *wanted_serial; /* "" where platform certificates are used */
};

struct json;

/* A request signed for this very time. body is taken over; NULL: none. */
enum err wechat_sign_request(const struct wechat *wechat, const char *method, const char *path, struct json *body,
                             int64_t now_us, struct arena *arena, struct wechat_request *out) MUST_CHECK;
/* What both kinds of bodies go through; ERR_FORM_MALFORMED and ERR_NOTICE_MISMATCH with the member's name. */
enum err wechat_parse(struct bytes body, struct fault *fault, struct json **document) MUST_CHECK;
enum err wechat_malformed(struct fault *fault, const char *name) MUST_CHECK;
enum err wechat_mismatch(struct fault *fault, const char *name) MUST_CHECK;
bool wechat_is_number(const char *text);
