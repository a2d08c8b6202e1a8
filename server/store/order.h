/* SPDX-License-Identifier: Apache-2.0 */
/* The orders of a renewal as the payer's page shows them. Caller: web. */
#pragma once

#include "store/db.h"

struct order_line {
    const char *name;
    int64_t unit_fen, quantity;
};

struct order {
    const char *order_no;
    const char *state;        /* "unpaid", "paid", "cancelled" */
    const char *refund_state; /* "", "refunding", "part_refunded", "refunded" */
    int64_t amount_fen;
    int64_t created_at_us, paid_at_us; /* 0 while unpaid */
    const char *paid_gateway;          /* "" while unpaid */
    const struct order_line *lines;
    size_t line_count;
};

struct order_page {
    const char *renewal_no, *status, *platform, *subject, *recipient_masked;
    const char *invoice_kind, *invoice_title, *invoice_tax_id; /* "" when not given (yet) */
    const char *payment_methods;                               /* frozen at submission, separated by spaces */
    int64_t pay_until_us;                                      /* 0: not waiting for payment, or never closed */
    const char *account;                                       /* words for account_verification_read, or "" */
    const struct order *orders;                                /* newest first */
    size_t order_count;
};

/* Before payment only. Safe to call again. Refusals: renewal_unknown, invoice_fixed. */
enum err store_set_invoice(struct db *db, const char *renewal_no, const char *kind, const char *title,
                           const char *tax_id, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_set_invoice_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* renewal_unknown when there is none. */
enum err store_get_order_page(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                              void *context) MUST_CHECK;
enum err store_get_order_page_read(const struct row *rows, struct arena *arena, struct order_page *out) MUST_CHECK;
