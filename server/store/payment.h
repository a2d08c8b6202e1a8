/* SPDX-License-Identifier: Apache-2.0 */
/* Payments: opening an attempt at a gateway, booking the gateway's verified word, keeping refused notices. */
#pragma once

#include "store/db.h"

struct payment_opening {
    const char *renewal_no;
    const char *method;      /* what the payer chose */
    const char *gateway;     /* whose rail it runs on */
    int64_t form_lifetime_s; /* an attempt younger than this is answered again instead of making another */
    int64_t lifetime_s;      /* how long a form can be used */
    int64_t ask_after_s;     /* when the gateway is first asked what became of it; 0: it is not asked */
};

struct opened_payment {
    const char *attempt_no; /* 28 digits: the number the gateway gets */
    int64_t amount_fen;
    const char *order_no, *subject;
    int64_t created_at_us, expires_at_us;
};

/* Caller: jobs. Refusals: renewal_unknown, already_paid, renewal_state, method_unavailable, payment_pending (the last
 * one's outcome is unknown), rate_limited (99 attempts made). */
enum err store_open_payment(struct db *db, const struct payment_opening *opening, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_open_payment_read(const struct row *rows, struct arena *arena, struct opened_payment *out) MUST_CHECK;

/* A success that the gateway has said and that has been checked: signature, application, seller. */
struct payment_notice {
    const char *gateway, *attempt_no, *gateway_txn;
    int64_t amount_fen;
    int64_t paid_at_us;
    const char *buyer_masked; /* NULL or "" if not told */
    struct bytes raw;         /* as received */
    const char *key_id;       /* the gateway key that verified it */
};

enum settlement {
    SETTLED,          /* booked now */
    SETTLED_REPLAYED, /* had been booked before */
    SETTLED_SURPLUS,  /* money nobody owed: booked as the payer's, to be refunded */
};

struct settled_payment {
    enum settlement settlement;
    const char *renewal_no, *status;
};

/* Callers: web for a notice that is booked as it comes, jobs for an answer. Safe to receive any number of times.
 * Refusal: notice_mismatch (unknown attempt, other amount or another content under a known transaction number): the
 * notice is kept, nothing is booked. */
enum err store_settle_payment(struct db *db, const struct payment_notice *notice, int64_t deadline_ms, db_done *done,
                              void *context) MUST_CHECK;
enum err store_settle_payment_read(const struct row *rows, struct arena *arena, struct settled_payment *out) MUST_CHECK;

/* A notice that failed its checks (bad signature, other seller, malformed). Kept once per content, never booked. */
struct refused_notice {
    const char *gateway, *reason;         /* reason: an error code, or the check's name */
    const char *attempt_no, *gateway_txn; /* NULL when they could not be read */
    struct bytes raw;
};

/* Callers: web, jobs. */
enum err store_refuse_notice(struct db *db, const struct refused_notice *notice, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
/* known: the same bytes had been refused before. */
enum err store_refuse_notice_read(const struct row *rows, struct arena *arena, bool *known) MUST_CHECK;

/* -- gateways that are asked before their word is booked ---------------------------------------------------------- */

/* A verified notice that is not booked by itself; paid_at_us is not needed. opened_us: when the gateway says the
 * payment was opened. Caller: web. Refusal: notice_mismatch (kept). Otherwise it is kept and, unless booked before, the
 * gateway is asked. */
enum err store_ask_notice(struct db *db, const struct payment_notice *notice, int64_t opened_us, int64_t deadline_ms,
                          db_done *done, void *context) MUST_CHECK;
enum err store_ask_notice_read(const struct row *rows, struct arena *arena, const char **renewal_no) MUST_CHECK;

struct payment_state {
    const char *renewal_no, *method;
    const char *state; /* "open", "unknown", "paid", "surplus", "closed" */
    int64_t amount_fen, created_at_us, expires_at_us;
    int64_t paid_at_us; /* 0: not paid */
};

/* Has the gateway asked now. renewal_no NULL: whichever it belongs to, which is for who was proven to come from the
 * gateway. Caller: web. Refusal: payment_unknown. */
enum err store_refresh_payment(struct db *db, const char *renewal_no, const char *attempt_no, int64_t deadline_ms,
                               db_done *done, void *context) MUST_CHECK;
enum err store_refresh_payment_read(const struct row *rows, struct arena *arena, struct payment_state *out) MUST_CHECK;

struct payment_query {
    const char *method, *gateway, *renewal_no, *order_no;
    int64_t amount_fen;
    int64_t created_at_us, expires_at_us;
    int64_t read_at_us; /* by the database's clock */
    bool close;         /* it is not wanted any more */
};

/* What jobs needs to ask. payment_unknown when there is no such attempt. */
enum err store_begin_query(struct db *db, const char *attempt_no, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_begin_query_read(const struct row *rows, struct arena *arena, struct payment_query *out) MUST_CHECK;

/* What the gateway said; "paid" is booked before. */
struct query_end {
    int64_t id, lease_token; /* of the outbox row */
    const char *attempt_no, *word, *said;
    int64_t read_at_us;
    int64_t next_at_us;      /* 0: no more questions, a person must look */
    bool final;              /* "not found" and "not paid" are the last word */
    const char *gateway_txn; /* "" unless it said paid */
};

/* DENIED: it is booked here as paid. */
enum query_ending { QUERY_LATER, QUERY_CLOSED, QUERY_SETTLED, QUERY_DENIED, QUERY_PERSON, QUERY_STALE };

enum err store_end_query(struct db *db, const struct query_end *end, int64_t deadline_ms, db_done *done,
                         void *context) MUST_CHECK;
enum err store_end_query_read(const struct row *rows, struct arena *arena, enum query_ending *out) MUST_CHECK;
