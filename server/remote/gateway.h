/* SPDX-License-Identifier: Apache-2.0 */
/* What all payment gateways have in common, so that opening, asking and booking are written once: THE gateway table is
 * in gateway.c, one row per payment method. Pure: whoever uses it carries the bytes. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/settings.h"
#include "pki/expiry.h"
#include "remote/form.h"
#include "remote/http.h"

#include <stdbool.h>
#include <stdint.h>

struct alipay;
struct unionpay;
struct wechat;

/* Who we are to each of them; NULL: not set up, its methods are not offered. */
struct gateways {
    const struct settings *settings;
    struct alipay *alipay;
    struct unionpay *unionpay;
    struct wechat *wechat;
};

/* When the certificates end that stand in their files, or were learnt. */
void gateways_expiries(const struct gateways *gateways, struct expiries *list);

/* Those that the settings name. with_keys: what signs as well, for jobs only. ERR_SETTINGS_INVALID after logging. In
 * arena, and to be freed. */
enum err gateways_load(const struct settings *settings, bool with_keys, struct arena *arena,
                       struct gateways *out) MUST_CHECK;
void gateways_free(struct gateways *gateways);

/* A payment attempt as a gateway needs to know it. */
struct gateway_payment {
    const char *attempt_no, *order_no, *renewal_no;
    int64_t amount_fen;
    int64_t opened_us, expires_us;
};

/* What a gateway's answer says became of a payment. */
enum gateway_word {
    GATEWAY_PAID,
    GATEWAY_PENDING,   /* under way there, or not said: unknown */
    GATEWAY_NOT_FOUND, /* never heard of it: not yet, or after its expiry never */
    GATEWAY_NOT_PAID,  /* tried and refused, or waiting; after its expiry never */
    GATEWAY_NO_ANSWER, /* nothing was learned: no connection, time-out, an answer that is not theirs */
};
/* "paid", "pending", … as the database keeps it. */
const char *gateway_word_text(enum gateway_word word);

struct gateway_answer {
    enum gateway_word word;
    const char *said;        /* the gateway's own code */
    const char *gateway_txn; /* when paid: its number of the payment */
    int64_t amount_fen, paid_us;
    const char *buyer_masked;
    const char *key_id; /* which key signed the answer */
};

#define GATEWAY_HEADERS_MAX 6

struct gateway_question {
    const char *method, *url;
    struct http_header headers[GATEWAY_HEADERS_MAX];
    size_t header_count;
    struct bytes body;
};

/* A payment method, and whose rail it runs on. */
struct gateway {
    const char *method; /* what the payer chooses */
    const char *rail;   /* one account of the ledger, one statement */
    bool (*offered)(const struct gateways *gateways);
    int64_t (*lifetime_s)(const struct settings *settings); /* of a form */
    /* The form that takes the payer there. ERR_INTERNAL. */
    enum err (*open)(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                     struct form *form);
    /* Where open is NULL: the gateway must be asked for the code that the payer scans. Asking again with the same
     * payment is harmless. read_ticket: ERR_GATEWAY_UNAVAILABLE when it refuses, or ERR_NOTICE_SIGNATURE … as below. */
    enum err (*order)(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                      struct gateway_question *question);
    enum err (*read_ticket)(const struct gateways *gateways, const struct http_answer *answer, struct arena *arena,
                            struct fault *fault, const char **code_url);
    /* What became of it? NULL: this gateway is not asked, its notices are booked as they come. */
    enum err (*ask)(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                    struct gateway_question *question);
    /* ERR_FORM_MALFORMED, ERR_NOTICE_SIGNATURE: not an answer of theirs; ERR_NOTICE_MISMATCH: theirs, but of something
     * else. */
    enum err (*read_answer)(const struct gateways *gateways, const struct gateway_payment *payment,
                            const struct http_answer *answer, struct arena *arena, struct fault *fault,
                            struct gateway_answer *out);
};

/* The rails of the table, each once. */
#define GATEWAY_RAILS_MAX 8
size_t gateway_rails(const char *rails[static GATEWAY_RAILS_MAX]);
/* NULL: no such method. */
const struct gateway *gateway_find(const char *method);
/* Is it in the table and set up here? */
bool gateway_offered(const struct gateways *gateways, const char *method);

/* When to ask next, after now: seconds after opening while the form can be used, then after its expiry; 0: no more, a
 * person must look. */
int64_t gateway_next_query_us(int64_t opened_us, int64_t expires_us, int64_t now_us);
/* Seconds after opening of the first question. */
int64_t gateway_first_query_s(void);
/* From then on "not found" and "not paid" are the last word. */
bool gateway_answer_is_final(int64_t expires_us, int64_t now_us);
