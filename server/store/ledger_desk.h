/* SPDX-License-Identifier: Apache-2.0 */
/* The books as the finance desk reads them: what each account held and what moved it, one posting with what it rests
 * on, what was paid out, and the figures by day. Caller: web. For finance and auditors: all may be refused with
 * unauthenticated and forbidden. All are read as lists of store/finance.h. */
#pragma once

#include "store/finance.h"

extern const struct finance_table ledger_balance_table, ledger_transfer_table, ledger_posting_table, ledger_leg_table,
    ledger_evidence_table, finance_payout_table, finance_overview_table;

/* By the query's days, platform and rail. */
enum err store_list_balances(struct db *db, const struct finance_query *query, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
/* By the query's kind, owner, days, platform, before and size. */
enum err store_list_ledger_transfers(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                     db_done *done, void *context) MUST_CHECK;
/* One row. Refusal: posting_unknown. */
enum err store_get_posting(struct db *db, struct bytes token_digest, int64_t posting_id, int64_t deadline_ms,
                           db_done *done, void *context) MUST_CHECK;
enum err store_list_legs(struct db *db, struct bytes token_digest, int64_t posting_id, int64_t deadline_ms,
                         db_done *done, void *context) MUST_CHECK;
enum err store_list_evidence(struct db *db, struct bytes token_digest, int64_t posting_id, int64_t deadline_ms,
                             db_done *done, void *context) MUST_CHECK;
/* By the query's state, after and size. */
enum err store_list_finance_payouts(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                    db_done *done, void *context) MUST_CHECK;
/* By the query's days; state is the unit, day or month. */
enum err store_list_figures(struct db *db, const struct finance_query *query, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
