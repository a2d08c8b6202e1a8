/* SPDX-License-Identifier: Apache-2.0 */
/* Refunds: what jobs does with the gateways, what they tell, what the payer sees. The desk's part is in refund_desk.h.
 */
#pragma once

#include "store/db.h"

enum refund_step {
    REFUND_SEND,    /* now, for the first time; that it was sent is committed */
    REFUND_ASK,     /* it may have been sent: the gateway is asked first */
    REFUND_WAITING, /* a person must decide */
    REFUND_PAYOUT,  /* finance pays it */
    REFUND_ENDED,
};

struct begun_refund {
    enum refund_step step;
    const char *method, *gateway, *renewal_no, *attempt_no, *gateway_txn; /* "" where it was paid by bank transfer */
    int64_t paid_fen, amount_fen, opened_at_us, sent_at_us;
    bool refused_there; /* the gateway did not take it when it was sent */
};

/* Caller: jobs. limit_fen: up to which nobody need decide. Refusal: refund_unknown. */
enum err store_begin_refund(struct db *db, const char *refund_no, int64_t limit_fen, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_begin_refund_read(const struct row *rows, struct arena *arena, struct begun_refund *out) MUST_CHECK;

struct refund_end {
    int64_t id, lease_token; /* of the outbox row */
    const char *refund_no, *word, *said, *gateway_refund_no;
    int64_t next_at_us; /* 0: no more questions, a person must look */
};

enum refund_ending {
    REFUND_END_DONE,
    REFUND_END_FAILED,
    REFUND_END_LATER,
    REFUND_END_PERSON,
    REFUND_END_ENDED,
    REFUND_END_STALE
};

enum err store_end_refund(struct db *db, const struct refund_end *end, int64_t deadline_ms, db_done *done,
                          void *context) MUST_CHECK;
enum err store_end_refund_read(const struct row *rows, struct arena *arena, enum refund_ending *out) MUST_CHECK;

/* A verified notice about a refund. Caller: web. */
struct refund_notice {
    const char *gateway, *refund_no;
    bool succeeded;
    struct bytes raw;
    const char *key_id;
};
enum refund_told {
    REFUND_TOLD_ASKED,    /* kept; the gateway is asked */
    REFUND_TOLD_REPLAYED, /* as we know it */
    REFUND_TOLD_UNASKED,  /* no refund of ours: kept for a person */
    REFUND_TOLD_MISMATCH, /* it contradicts what we know: kept for a person */
};
enum err store_tell_refund(struct db *db, const struct refund_notice *notice, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_tell_refund_read(const struct row *rows, struct arena *arena, enum refund_told *out) MUST_CHECK;

/* What the payer sees. Caller: web. */
struct order_refund {
    const char *refund_no, *order_no, *cause, *state;
    int64_t amount_fen;
    const char *method; /* "" : bank transfer */
    int64_t asked_at_us, ended_at_us;
};
enum err store_list_order_refunds(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                                  void *context) MUST_CHECK;
enum err store_list_order_refunds_read(const struct row *rows, struct arena *arena, const struct order_refund **out,
                                       size_t *count) MUST_CHECK;
