/* SPDX-License-Identifier: Apache-2.0 */
/* Alipay's messages (alipay.trade.page.pay and precreate, asynchronous notices, query, close, refund), RSA2, with keys
 * or with certificates. Pure: reads and writes bytes, reaches nobody. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/settings.h"
#include "remote/form.h"

#include <stdbool.h>
#include <stdint.h>

struct alipay; /* who we are to Alipay, and its keys */

/* The settings alipay.*, which must be complete. Only jobs load the private key: without it alipay_page_pay is not
 * possible. ERR_SETTINGS_INVALID after logging which setting is wrong. In arena, and to be freed. */
enum err alipay_load(const struct settings *settings, bool with_private_key, struct arena *arena,
                     struct alipay **out) MUST_CHECK;
void alipay_free(struct alipay *alipay); /* NULL is fine */

struct alipay_order {
    const char *out_trade_no; /* the payment attempt's number, 16 to 32 of [0-9A-Za-z] */
    int64_t amount_fen;
    const char *subject;    /* UTF-8; '/', '=' and '&' are written as spaces, 256 characters are kept */
    const char *notify_url; /* without a query of its own: its parameters would join the signed set */
    const char *return_url;
    int64_t expires_us;
    int64_t now_us;
};

/* The signed form that takes the payer to Alipay. ERR_INTERNAL: no private key, or an order that Alipay cannot take
 * (number, amount, a notify_url with a query). */
enum err alipay_page_pay(const struct alipay *alipay, const struct alipay_order *order, struct arena *arena,
                         struct form *form) MUST_CHECK;

enum alipay_notice_kind {
    ALIPAY_PAID,     /* TRADE_SUCCESS or TRADE_FINISHED: book it; trade_no says whether it was booked before */
    ALIPAY_NOT_PAID, /* WAIT_BUYER_PAY, TRADE_CLOSED, other types: acknowledge, book nothing */
    ALIPAY_REFUND,   /* tells of a refund of a payment: never a payment */
};

struct alipay_notice {
    enum alipay_notice_kind kind;
    const char *notify_id;
    const char *trade_no;     /* Alipay's number: the key of a payment */
    const char *out_trade_no; /* ours */
    const char *trade_status;
    int64_t amount_fen;       /* total_amount; 0 when absent and not paid */
    int64_t paid_us;          /* gmt_payment, or notify_time where that is absent; 0 when not paid */
    const char *buyer_masked; /* buyer_id or buyer_open_id with its middle hidden; "" when absent */
    const char *out_biz_no;   /* of a refund: the number of its request; "" when absent */
    int64_t refund_fen;       /* of a refund: refunded so far in all, not this time */
};

/* Reads a notice as posted. ERR_FORM_MALFORMED: not a form, or signed fields that cannot be read; ERR_NOTICE_SIGNATURE:
 * not from Alipay; ERR_NOTICE_MISMATCH: from Alipay, but for another application or seller. fault says which field; it
 * may be NULL. */
enum err alipay_read_notice(const struct alipay *alipay, struct bytes raw_form, struct arena *arena,
                            struct fault *fault, struct alipay_notice *out) MUST_CHECK;

/* alipay.trade.query: a form to be posted by jobs. ERR_INTERNAL as above. */
enum err alipay_query(const struct alipay *alipay, const char *out_trade_no, int64_t now_us, struct arena *arena,
                      struct form *form) MUST_CHECK;

enum alipay_state {
    ALIPAY_TRADE_PAID,      /* TRADE_SUCCESS or TRADE_FINISHED */
    ALIPAY_TRADE_WAITING,   /* WAIT_BUYER_PAY */
    ALIPAY_TRADE_CLOSED,    /* not paid in time, or wholly refunded: what we booked tells which */
    ALIPAY_TRADE_NOT_FOUND, /* ACQ.TRADE_NOT_EXIST: the payer has not logged in there, yet or ever */
    ALIPAY_TRADE_UNKNOWN,   /* Alipay says something else, or nothing that is signed */
};

struct alipay_trade {
    enum alipay_state state;
    const char *said;     /* trade_status, or code and sub_code */
    const char *trade_no; /* from here on only when paid */
    int64_t amount_fen;
    int64_t paid_us; /* send_pay_date; now_us where Alipay leaves it out */
    const char *buyer_masked;
    const char *app_id; /* whose key signed */
};

/* Reads the answer to a query about out_trade_no. Errors as of a notice; ERR_NOTICE_MISMATCH: signed, but about
 * something else. Alipay answers what it could not even verify without signing: that is ALIPAY_TRADE_UNKNOWN, as long
 * as it does not claim to be a result. */
enum err alipay_read_query(const struct alipay *alipay, struct bytes body, const char *out_trade_no, int64_t now_us,
                           struct arena *arena, struct fault *fault, struct alipay_trade *out) MUST_CHECK;

/* -- a code instead of a page (当面付) ------------------------------------------------------------------------------
 */

bool alipay_precreates(const struct alipay *alipay);
/* alipay.trade.precreate; asking again with the same order is harmless. return_url is not used. */
enum err alipay_precreate(const struct alipay *alipay, const struct alipay_order *order, struct arena *arena,
                          struct form *form) MUST_CHECK;
/* ERR_GATEWAY_UNAVAILABLE: Alipay makes none, said tells why; otherwise errors as of a query's answer. */
enum err alipay_read_precreate(const struct alipay *alipay, struct bytes body, const char *out_trade_no,
                               struct arena *arena, struct fault *fault, const char **qr_code,
                               const char **said) MUST_CHECK;

/* -- close, refund --------------------------------------------------------------------------------------------------
 */

/* alipay.trade.close. What it answers is not believed: the next query tells. */
enum err alipay_close(const struct alipay *alipay, const char *out_trade_no, int64_t now_us, struct arena *arena,
                      struct form *form) MUST_CHECK;

struct alipay_refund {
    const char *out_trade_no;   /* of the payment */
    const char *trade_no;       /* Alipay's number of it: another payment under out_trade_no is not meant */
    const char *out_request_no; /* ours; the same number and amount again is the same refund */
    int64_t amount_fen;
};

/* alipay.trade.refund and alipay.trade.fastpay.refund.query. ERR_INTERNAL as above. */
enum err alipay_refund(const struct alipay *alipay, const struct alipay_refund *refund, int64_t now_us,
                       struct arena *arena, struct form *form) MUST_CHECK;
enum err alipay_refund_query(const struct alipay *alipay, const struct alipay_refund *refund, int64_t now_us,
                             struct arena *arena, struct form *form) MUST_CHECK;

enum alipay_refund_state {
    ALIPAY_REFUND_DONE,      /* fund_change Y, or REFUND_SUCCESS */
    ALIPAY_REFUND_ACCEPTED,  /* 10000 and no money moved by this very call: ask */
    ALIPAY_REFUND_REFUSED,   /* an error that names why; nothing moved by this call */
    ALIPAY_REFUND_NOT_FOUND, /* asked: not refunded, or not yet (for ten seconds) */
    ALIPAY_REFUND_UNKNOWN,
};

struct alipay_refund_answer {
    enum alipay_refund_state state;
    const char *said;
};

/* Errors as of a query's answer. */
enum err alipay_read_refund(const struct alipay *alipay, struct bytes body, const struct alipay_refund *refund,
                            struct arena *arena, struct fault *fault, struct alipay_refund_answer *out) MUST_CHECK;
enum err alipay_read_refund_query(const struct alipay *alipay, struct bytes body, const struct alipay_refund *refund,
                                  struct arena *arena, struct fault *fault,
                                  struct alipay_refund_answer *out) MUST_CHECK;
