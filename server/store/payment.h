/* SPDX-License-Identifier: Apache-2.0 */
/* Payments: opening an attempt at a gateway, booking the gateway's verified word, keeping refused notices. */
#pragma once

#include "store/db.h"

struct payment_opening {
    const char *renewal_no;
    const char *method;      /* the gateway: "alipay" */
    int64_t form_lifetime_s; /* an attempt younger than this is answered again instead of making another */
};

struct opened_payment {
    const char *attempt_no; /* 28 digits: the number the gateway gets */
    int64_t amount_fen;
    const char *order_no, *subject;
    int64_t created_at_us;
};

/* Caller: jobs. Refusals: renewal_unknown, already_paid, renewal_state, method_unavailable, rate_limited (99 attempts
 * made). */
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

/* Caller: web. Safe to receive any number of times. Refusal: notice_mismatch (unknown attempt, other amount or another
 * content under a known transaction number): the notice is kept, nothing is booked. */
enum err store_settle_payment(struct db *db, const struct payment_notice *notice, int64_t deadline_ms, db_done *done,
                              void *context) MUST_CHECK;
enum err store_settle_payment_read(const struct row *rows, struct arena *arena, struct settled_payment *out) MUST_CHECK;

/* A notice that failed its checks (bad signature, other seller, malformed). Kept once per content, never booked. */
struct refused_notice {
    const char *gateway, *reason;         /* reason: an error code, or the check's name */
    const char *attempt_no, *gateway_txn; /* NULL when they could not be read */
    struct bytes raw;
};

/* Caller: web. */
enum err store_refuse_notice(struct db *db, const struct refused_notice *notice, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
/* known: the same bytes had been refused before. */
enum err store_refuse_notice_read(const struct row *rows, struct arena *arena, bool *known) MUST_CHECK;
