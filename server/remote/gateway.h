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
    const char *method;
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
    GATEWAY_CLOSED,    /* will not be paid any more */
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

/* A refund of a payment, or of a part of it. */
struct gateway_refund {
    const char *method;
    const char *refund_no, *attempt_no, *gateway_txn;
    int64_t paid_fen, amount_fen;
    int64_t sent_us; /* of the first call */
};

enum gateway_refund_word {
    REFUND_DONE,
    REFUND_PENDING,   /* taken, under way there */
    REFUND_REFUSED,   /* not taken when it was sent; a question says whether it was not after all */
    REFUND_FAILED,    /* the money will not go back under this number */
    REFUND_NOT_FOUND, /* never heard of it: sending it again under its number is safe */
    REFUND_NO_ANSWER,
};
/* "done", "pending", … as the database keeps it. */
const char *gateway_refund_word_text(enum gateway_refund_word word);

struct gateway_refund_answer {
    enum gateway_refund_word word;
    const char *said;              /* the gateway's own code */
    const char *gateway_refund_no; /* "" where it gives none */
};

#define GATEWAY_HEADERS_MAX 6

struct gateway_question {
    const char *method, *url;
    struct http_header headers[GATEWAY_HEADERS_MAX];
    size_t header_count;
    struct bytes body;
};

/* Nothing was learned from an answer with this HTTP status. */
struct gateway_answer gateway_no_answer(const struct http_answer *answer, struct arena *arena);
/* 200: what it says may be read. */
bool gateway_answered(const struct http_answer *answer);
struct gateway_refund_answer gateway_no_refund_answer(const struct http_answer *answer, struct arena *arena);

/* A payment method, and whose rail it runs on. */
struct gateway {
    const char *method; /* what the payer chooses */
    const char *rail;   /* one account of the ledger, one statement */
    bool (*offered)(const struct gateways *gateways);
    int64_t (*lifetime_s)(const struct settings *settings); /* of a form */
    /* The form that takes the payer there. ERR_INTERNAL. */
    enum err (*open)(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                     struct form *form);
    /* Does the payer scan a code? NULL: where open is. Then the gateway must be asked for the code; asking again with
     * the same payment is harmless. read_ticket: ERR_GATEWAY_UNAVAILABLE when it refuses, or ERR_NOTICE_SIGNATURE … as
     * below. */
    bool (*scanned)(const struct gateways *gateways);
    enum err (*order)(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                      struct gateway_question *question);
    enum err (*read_ticket)(const struct gateways *gateways, const struct gateway_payment *payment,
                            const struct http_answer *answer, struct arena *arena, struct fault *fault,
                            const char **code_url);
    /* What became of it? NULL: this gateway is not asked, its notices are booked as they come. */
    enum err (*ask)(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                    struct gateway_question *question);
    /* ERR_FORM_MALFORMED, ERR_NOTICE_SIGNATURE: not an answer of theirs; ERR_NOTICE_MISMATCH: theirs, but of something
     * else. */
    enum err (*read_answer)(const struct gateways *gateways, const struct gateway_payment *payment,
                            const struct http_answer *answer, struct arena *arena, struct fault *fault,
                            struct gateway_answer *out);
    /* Shall not be paid any more. What is answered need not be read: the next question says what came of it. NULL: this
     * gateway closes nothing before its time. */
    enum err (*close)(const struct gateways *gateways, const struct gateway_payment *payment, struct arena *arena,
                      struct gateway_question *question);
    /* Sending the same refund again is harmless. Errors of reading as above. */
    enum err (*refund)(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                       struct gateway_question *question);
    enum err (*read_refund)(const struct gateways *gateways, const struct gateway_refund *refund,
                            const struct http_answer *answer, struct arena *arena, struct fault *fault,
                            struct gateway_refund_answer *out);
    enum err (*ask_refund)(const struct gateways *gateways, const struct gateway_refund *refund, struct arena *arena,
                           struct gateway_question *question);
    enum err (*read_refund_state)(const struct gateways *gateways, const struct gateway_refund *refund,
                                  const struct http_answer *answer, struct arena *arena, struct fault *fault,
                                  struct gateway_refund_answer *out);
};

/* The rails of the table, each once. */
#define GATEWAY_RAILS_MAX 8
size_t gateway_rails(const char *rails[static GATEWAY_RAILS_MAX]);
/* NULL: no such method. */
const struct gateway *gateway_find(const char *method);
/* Is it in the table and set up here? */
bool gateway_offered(const struct gateways *gateways, const char *method);

/* Is a code shown instead of a form? */
bool gateway_scanned(const struct gateways *gateways, const struct gateway *gateway);

/* When to ask next, after now: seconds after opening while the form can be used, then after its expiry; 0: no more, a
 * person must look. */
int64_t gateway_next_query_us(int64_t opened_us, int64_t expires_us, int64_t now_us);
/* Seconds after opening of the first question. */
int64_t gateway_first_query_s(void);
/* From then on "not found" and "not paid" are the last word. */
bool gateway_answer_is_final(int64_t expires_us, int64_t now_us);
/* When to ask next what became of a refund; 0: no more, a person must look. */
int64_t gateway_next_refund_us(int64_t sent_us, int64_t now_us);
