/* SPDX-License-Identifier: Apache-2.0 */
/* Invoices at the finance desk: orders found by them, what was noted of one, and noting. Caller: web. Refusals of all:
 * unauthenticated, forbidden; of one order: platform_forbidden, duty_conflict, order_unknown. */
#pragma once

#include "store/finance.h"

extern const struct finance_table finance_invoice_table, order_invoice_record_table;

/* The platforms whose invoices are due once approved, and once installed; those of all others are due once paid. */
struct invoice_moments {
    const char *const *approved, *const *installed;
    size_t approved_count, installed_count;
};
/* Read as lists of the finance desk. */
enum err store_list_invoices(struct db *db, const struct finance_query *query, const struct invoice_moments *moments,
                             int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_invoice_records(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                    db_done *done, void *context) MUST_CHECK;

/* state: "issued" or "reversed"; corrects: the number that is noted by mistake, with the reason, "" for a step of its
 * own. */
struct invoice_note {
    struct bytes token_digest;
    const char *order_no, *state, *number, *corrects, *reason;
};
/* What stands there: all "" and 0 where nothing does. */
struct invoice_record {
    const char *state, *number;
    const char *by; /* display name; "": not known any more */
    int64_t at_us;
    const char *step;
};
/* Refusals: order_unknown, renewal_state, invoice_recorded, invoice_changed. */
enum err store_note_invoice(struct db *db, const struct invoice_note *note, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
/* out also of a refusal, when rows came. */
enum err store_note_invoice_read(const struct row *rows, struct arena *arena, struct invoice_record *out) MUST_CHECK;
