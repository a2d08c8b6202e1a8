/* SPDX-License-Identifier: Apache-2.0 */
/* UnionPay's gateway, ACP 5.1.0 (《网关支付产品接口规范》): the payer's form, notices, queries and their answers. Pure:
 * reads and writes bytes, reaches nobody. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/settings.h"
#include "remote/form.h"
#include "remote/unionpay_code.h"

#include <stdbool.h>
#include <stdint.h>

struct unionpay; /* who we are to UnionPay, our key, and whose signatures are believed */

/* The settings unionpay.*, which must be complete. Only jobs load the merchant's key: without it nothing can be signed.
 * ERR_SETTINGS_INVALID after logging which setting is wrong. In arena, and to be freed. */
enum err unionpay_load(const struct settings *settings, bool with_key, struct arena *arena,
                       struct unionpay **out) MUST_CHECK;
void unionpay_free(struct unionpay *unionpay); /* NULL is fine */

enum unionpay_product {
    UNIONPAY_B2C, /* 000201: cards and personal net banks */
    UNIONPAY_B2B, /* 000202: companies' net banks */
};

/* How UnionPay knows a transaction: orderId and txnTime together. */
struct unionpay_transaction {
    const char *order_id; /* the payment attempt's number, 8 to 32 of [0-9A-Za-z]: statements keep 32 */
    int64_t txn_time_us;  /* whole seconds are sent */
    enum unionpay_product product;
};

struct unionpay_order {
    struct unionpay_transaction transaction;
    int64_t amount_fen;
    int64_t expires_us;   /* payTimeout: from then on a query's answer is final */
    const char *back_url; /* without a query of its own */
    const char *front_url;
};

/* The signed form that takes the payer to UnionPay (frontTransReq). ERR_INTERNAL: no key, or an order that UnionPay
 * cannot take. */
enum err unionpay_front_pay(const struct unionpay *unionpay, const struct unionpay_order *order, struct arena *arena,
                            struct form *form) MUST_CHECK;

enum unionpay_notice_kind {
    UNIONPAY_PAID,     /* says paid: ask before booking */
    UNIONPAY_NOT_PAID, /* another outcome of a payment */
    UNIONPAY_REFUND,   /* a refund (04) or cancellation (31): never a payment */
};

struct unionpay_notice {
    enum unionpay_notice_kind kind;
    const char *order_id;
    int64_t txn_time_us;
    bool refunded;        /* of a refund: it has been made; else it has failed, or is under way */
    const char *query_id; /* UnionPay's number; "" when not paid */
    int64_t amount_fen;
    const char *account_masked; /* accNo as UnionPay masked it; "" when absent or not masked */
    const char *key_id;         /* serial of the certificate that signed, decimal */
};

/* Reads a notice as posted (back or front). ERR_FORM_MALFORMED: not a form, or signed fields that cannot be read;
 * ERR_NOTICE_SIGNATURE: not from UnionPay; ERR_NOTICE_MISMATCH: from UnionPay, but for another merchant, currency,
 * version or product. fault says which field; it may be NULL. */
enum err unionpay_read_notice(const struct unionpay *unionpay, struct bytes raw_form, int64_t now_us,
                              struct arena *arena, struct fault *fault, struct unionpay_notice *out) MUST_CHECK;

/* -- refunds (backTransReq) --------------------------------------------------------------------------------------- */

struct unionpay_refund {
    struct unionpay_transaction transaction; /* of the refund */
    const char *paid_query_id;               /* of the payment */
    int64_t amount_fen;
    const char *back_url;
};

const char *unionpay_back_url(const struct unionpay *unionpay);
/* The body of the request. ERR_INTERNAL: no key, or a refund that UnionPay cannot take. */
enum err unionpay_send_back(const struct unionpay *unionpay, const struct unionpay_refund *refund, struct arena *arena,
                            struct bytes *body) MUST_CHECK;

/* -- queryTrans --------------------------------------------------------------------------------------------------- */

const char *unionpay_query_url(const struct unionpay *unionpay);
/* The body of the question. ERR_INTERNAL: no key, or no such number. */
enum err unionpay_query(const struct unionpay *unionpay, const struct unionpay_transaction *transaction,
                        struct arena *arena, struct bytes *body) MUST_CHECK;

struct unionpay_answer {
    enum unionpay_outcome outcome; /* of the transaction, not of the question */
    const char *code;              /* what decided it: respCode, or origRespCode */
    const char *query_id;          /* when paid */
    int64_t amount_fen, paid_us;   /* when paid */
    const char *account_masked;
    const char *key_id;
};

/* Reads the answer (plain k=v&k=v). Errors as for a notice; an answer that is not about this transaction is
 * ERR_NOTICE_MISMATCH. */
enum err unionpay_read_answer(const struct unionpay *unionpay, const struct unionpay_transaction *transaction,
                              struct bytes raw, int64_t now_us, struct arena *arena, struct fault *fault,
                              struct unionpay_answer *out) MUST_CHECK;
/* The same of the answer to a refund that was sent: UNIONPAY_SUCCESS means that it was taken, no more; a repeated
 * number is UNIONPAY_UNKNOWN. */
enum err unionpay_read_taken(const struct unionpay *unionpay, const struct unionpay_transaction *transaction,
                             struct bytes raw, int64_t now_us, struct arena *arena, struct fault *fault,
                             struct unionpay_answer *out) MUST_CHECK;
