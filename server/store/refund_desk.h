/* SPDX-License-Identifier: Apache-2.0 */
/* The finance desk's part of refunds and what nobody explains. Caller: web. Refusals of all: unauthenticated,
 * forbidden. Every one is safe to call again. */
#pragma once

#include "store/db.h"

#define REFUND_PAGE_MAX 200

struct refund_query {
    struct bytes token_digest;
    const char *tab, *after; /* after "": from the first */
    int64_t page_size;       /* at most REFUND_PAGE_MAX */
};

/* "" and 0 where there is nothing yet. */
struct refund_item {
    const char *refund_no, *renewal_no, *order_no, *cause, *state, *gateway, *gateway_txn;
    int64_t paid_fen, amount_fen;
    const char *reason, *retry_of, *asked_by;
    int64_t asked_at_us;
    const char *approved_by;
    int64_t approved_at_us, sent_at_us;
    const char *last_word, *gateway_refund_no, *decision;
    int64_t ended_at_us;
};

struct refund_page {
    const struct refund_item *items;
    size_t count;
};

enum err store_list_refunds(struct db *db, const struct refund_query *query, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_list_refunds_read(const struct row *rows, struct arena *arena, struct refund_page *out) MUST_CHECK;

/* Refusals: order_unknown, refund_differs, renewal_state, invoice_issued, certificate_issued, refund_exceeds,
 * refund_not_whole. */
struct refund_request {
    struct bytes token_digest;
    const char *order_no, *reason, *key;
    int64_t amount_fen;
};
enum err store_ask_refund(struct db *db, const struct refund_request *ask, int64_t deadline_ms, db_done *done,
                          void *context) MUST_CHECK;
enum err store_ask_refund_read(const struct row *rows, struct arena *arena, const char **refund_no,
                               const char **state) MUST_CHECK;

/* Refusals: refund_unknown, refund_state, and of approving refund_own, refund_spent and those of asking, of refusing
 * refund_owed, of paying out refund_differs, of trying again refund_spent. */
enum err store_approve_refund(struct db *db, struct bytes token_digest, const char *refund_no, int64_t deadline_ms,
                              db_done *done, void *context) MUST_CHECK;
enum err store_approve_refund_read(const struct row *rows, struct arena *arena, const char **state) MUST_CHECK;
enum err store_refuse_refund(struct db *db, struct bytes token_digest, const char *refund_no, const char *reason,
                             int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_refuse_refund_read(const struct row *rows, struct arena *arena, const char **state) MUST_CHECK;
/* Answers the new refund. */
enum err store_retry_refund(struct db *db, struct bytes token_digest, const char *refund_no, int64_t deadline_ms,
                            db_done *done, void *context) MUST_CHECK;
enum err store_retry_refund_read(const struct row *rows, struct arena *arena, const char **refund_no,
                                 const char **state) MUST_CHECK;
enum err store_pay_out_refund(struct db *db, struct bytes token_digest, const char *refund_no, const char *bank_account,
                              const char *bank_reference, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_pay_out_refund_read(const struct row *rows, struct arena *arena, const char **state) MUST_CHECK;

/* Refusals: payment_unknown, not_unknown, resolution_differs, notice_mismatch. */
struct resolution {
    struct bytes token_digest;
    const char *kind; /* "payment", "refund" */
    const char *number;
    bool happened;
    const char *gateway_txn; /* "" unless it happened */
    const char *evidence;
};
enum err store_resolve_unknown(struct db *db, const struct resolution *resolution, int64_t deadline_ms, db_done *done,
                               void *context) MUST_CHECK;
/* resolved: false: another one must say the same. */
enum err store_resolve_unknown_read(const struct row *rows, struct arena *arena, bool *resolved) MUST_CHECK;
