/* SPDX-License-Identifier: Apache-2.0 */
/* What the lists of the finance desk have in common: what may be asked for, and how rows go out, as JSON or as a table
 * for spreadsheets. */
#pragma once

#include "edge/request.h"
#include "store/finance.h"

#define FINANCE_PAGE_STANDARD 50
#define FINANCE_DAYS_MAX      1100 /* of the ledger and the figures: three years */

/* What states there are to ask for, the standard first. */
extern const char *const finance_payout_states[], *const finance_no_states[];

/* states: those allowed, the standard first, NULL-terminated. ERR_FIELDS_INVALID. */
enum err finance_read_query(struct request *req, const char *const *states, int64_t size_max, int64_t size_standard,
                            struct finance_query *out) MUST_CHECK;
/* Of reads that add up: both days given, in their order, at most FINANCE_DAYS_MAX; today where there are none.
 * ERR_FIELDS_INVALID. */
enum err finance_read_days(struct request *req, struct finance_query *query) MUST_CHECK;

struct finance_listing {
    struct request *req;
    const struct finance_table *table;
    const char *name; /* of the list on the wire, or of the file */
};
struct finance_listing *finance_listing(struct request *req, const struct finance_table *table, const char *name);

struct json *finance_row_json(struct request *req, const struct finance_page *page, size_t row);
struct json *finance_rows_json(struct request *req, const struct finance_page *page);
/* Both with a struct finance_listing: {name: rows}; name.csv. */
void finance_listed(void *context, enum err err, const struct row *rows);
void finance_exported(void *context, enum err err, const struct row *rows);
