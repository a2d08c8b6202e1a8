/* SPDX-License-Identifier: Apache-2.0 */
/* WeChat Pay API v3, direct merchant, Native (pay.weixin.qq.com/doc/v3/merchant/4012791832). Pure: reads and writes
 * bytes, reaches nobody. Requests are signed with the merchant's key; answers and notices are believed only when the
 * key that their Wechatpay-Serial names has signed their very bytes. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/settings.h"
#include "pki/certificate.h"

#include <stdbool.h>
#include <stdint.h>

struct wechat; /* who we are to WeChat Pay, and its keys */

/* The settings wechat.*, which must be complete. Only jobs load the merchant's private key: without it nothing can be
 * asked. ERR_SETTINGS_INVALID after logging which setting is wrong. In arena, and to be freed. */
enum err wechat_load(const struct settings *settings, bool with_private_key, struct arena *arena,
                     struct wechat **out) MUST_CHECK;
void wechat_free(struct wechat *wechat); /* NULL is fine */

/* What is sent: the authorization is made for exactly these bytes and this time. */
struct wechat_request {
    const char *method, *url;
    const char *authorization;
    const char *serial; /* of the public key that answers shall be signed with; "" : WeChat chooses */
    struct bytes body;  /* empty for GET */
};

struct wechat_order {
    const char *out_trade_no; /* the payment attempt's number, 16 to 32 of [0-9A-Za-z] */
    int64_t amount_fen;
    const char *description; /* UTF-8, 127 characters are kept */
    const char *notify_url;  /* no query */
    int64_t expires_us;
    int64_t now_us;
};

/* An order whose code the payer scans. ERR_INTERNAL: no private key, or an order that WeChat cannot take. */
enum err wechat_native(const struct wechat *wechat, const struct wechat_order *order, struct arena *arena,
                       struct wechat_request *out) MUST_CHECK;
enum err wechat_query(const struct wechat *wechat, const char *out_trade_no, int64_t now_us, struct arena *arena,
                      struct wechat_request *out) MUST_CHECK;
enum err wechat_close(const struct wechat *wechat, const char *out_trade_no, int64_t now_us, struct arena *arena,
                      struct wechat_request *out) MUST_CHECK;

/* The four headers of an answer or a notice; NULL where one is missing. */
struct wechat_headers {
    const char *timestamp, *nonce, *signature, *serial;
};

/* Over the bytes as they came. ERR_NOTICE_SIGNATURE: a header is missing, more than five minutes old or ahead, of an
 * unknown key, or not signed so; WeChat's own probes (WECHATPAY/SIGNTEST/) among them. */
enum err wechat_verify(const struct wechat *wechat, const struct wechat_headers *headers, struct bytes body,
                       int64_t now_us, struct arena *arena, struct fault *fault) MUST_CHECK;

enum wechat_state {
    WECHAT_PAID,      /* SUCCESS, and REFUND: there was a payment */
    WECHAT_UNPAID,    /* NOTPAY, USERPAYING, PAYERROR */
    WECHAT_CLOSED,    /* CLOSED, REVOKED: can be paid no more */
    WECHAT_NOT_FOUND, /* ORDER_NOT_EXIST: never arrived there */
    WECHAT_UNKNOWN,   /* an error that says nothing about the order */
};

struct wechat_trade {
    enum wechat_state state;
    const char *said;           /* WeChat's own word: trade_state or error code */
    const char *out_trade_no;   /* ours */
    const char *transaction_id; /* WeChat's: the key of a payment; "" while unpaid */
    int64_t amount_fen;         /* total: what the order was, whatever coupons were used; 0 while unpaid */
    int64_t paid_us;            /* 0 while unpaid */
    const char *buyer_masked;   /* openid with its middle hidden; "" when absent */
};

/* Bodies whose signature is good. ERR_NOTICE_MISMATCH: of another merchant, application, order or currency;
 * ERR_FORM_MALFORMED: not what the interface says. fault says which member; it may be NULL. */
enum err wechat_read_native(struct bytes body, struct arena *arena, struct fault *fault,
                            const char **code_url) MUST_CHECK;
/* status: of HTTP; an error's code decides. out_trade_no: that of the question. */
enum err wechat_read_query(const struct wechat *wechat, int64_t status, struct bytes body, const char *out_trade_no,
                           struct arena *arena, struct fault *fault, struct wechat_trade *out) MUST_CHECK;

/* -- refunds (doc/v3/merchant/4012791862) ------------------------------------------------------------------------- */

struct wechat_refund {
    const char *transaction_id; /* WeChat's number of the payment */
    const char *out_refund_no;  /* ours: the same again is the same refund */
    int64_t paid_fen, amount_fen;
    const char *reason;     /* 80 characters are kept */
    const char *notify_url; /* no query */
};

/* ERR_INTERNAL: no private key, or a refund that WeChat cannot take. */
enum err wechat_refund(const struct wechat *wechat, const struct wechat_refund *refund, int64_t now_us,
                       struct arena *arena, struct wechat_request *out) MUST_CHECK;
enum err wechat_refund_query(const struct wechat *wechat, const char *out_refund_no, int64_t now_us,
                             struct arena *arena, struct wechat_request *out) MUST_CHECK;

enum wechat_refund_state {
    WECHAT_REFUND_SUCCESS,
    WECHAT_REFUND_PROCESSING, /* and ABNORMAL: the payee's account takes nothing; a person must act at WeChat */
    WECHAT_REFUND_CLOSED,     /* the money stayed */
    WECHAT_REFUND_REFUSED,    /* the request was: an error that names why */
    WECHAT_REFUND_NOT_FOUND,  /* RESOURCE_NOT_EXISTS */
    WECHAT_REFUND_UNKNOWN,    /* an error that says nothing about the refund */
};

struct wechat_refund_answer {
    enum wechat_refund_state state;
    const char *said;
    const char *refund_id; /* WeChat's; "" in an error */
};

/* A body whose signature is good, of the refund or of a question about it. Errors as of a trade. */
enum err wechat_read_refund(int64_t status, struct bytes body, const struct wechat_refund *refund, struct arena *arena,
                            struct fault *fault, struct wechat_refund_answer *out) MUST_CHECK;

/* -- platform certificates ---------------------------------------------------------------------------------------- */

/* One as WeChat hands it out, sealed under the APIv3 key. */
struct wechat_sealed {
    const char *serial, *nonce, *associated_data;
    struct bytes ciphertext;
};

/* Are any configured? Then new ones must be looked for: GET /v3/certificates. */
bool wechat_uses_certificates(const struct wechat *wechat);
enum err wechat_certificates(const struct wechat *wechat, int64_t now_us, struct arena *arena,
                             struct wechat_request *out) MUST_CHECK;
/* A body whose signature is good. ERR_FORM_MALFORMED. */
enum err wechat_read_certificates(struct bytes body, struct arena *arena, struct fault *fault,
                                  struct wechat_sealed **out, size_t *count) MUST_CHECK;
/* ERR_NOTICE_SIGNATURE: not sealed under our APIv3 key; ERR_CERTIFICATE_MALFORMED; ERR_NOTICE_MISMATCH: of another
 * serial number than it says. */
enum err wechat_open_certificate(const struct wechat *wechat, const struct wechat_sealed *sealed, struct arena *arena,
                                 struct certificate *out) MUST_CHECK;
/* From now on what it signs is believed, within its validity. learnt: it was not known before. arena must live as long
 * as wechat. Errors as of opening it; ERR_BUSY: too many keys that are all still valid. */
enum err wechat_learn(struct wechat *wechat, const struct wechat_sealed *sealed, int64_t now_us, struct arena *arena,
                      bool *learnt) MUST_CHECK;
/* What before has learnt. */
void wechat_inherit(struct wechat *wechat, const struct wechat *before, int64_t now_us, struct arena *arena);

enum wechat_notice_kind {
    WECHAT_NOTICE_PAID,   /* book it */
    WECHAT_NOTICE_REFUND, /* tells of a refund: never a payment */
    WECHAT_NOTICE_OTHER,  /* acknowledge, book nothing */
};

struct wechat_notice {
    enum wechat_notice_kind kind;
    const char *id, *event;    /* event_type */
    struct wechat_trade trade; /* of a payment */
    const char *out_refund_no; /* of a refund */
    bool refunded;             /* of a refund: SUCCESS; else CLOSED or ABNORMAL */
};

/* A notice as posted: signature, then decryption, then whose it is. Errors as above; ERR_NOTICE_SIGNATURE also when the
 * ciphertext does not open under our APIv3 key. */
enum err wechat_read_notice(const struct wechat *wechat, const struct wechat_headers *headers, struct bytes body,
                            int64_t now_us, struct arena *arena, struct fault *fault,
                            struct wechat_notice *out) MUST_CHECK;
