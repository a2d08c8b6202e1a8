/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger as a whole: its chart of accounts, its invariants, closing a month. Caller: xuqictl, as xuqi_admin. All
 * are safe to call again. What posts is the procedure of the event, never a call of its own. */
#pragma once

#include "store/db.h"

struct ledger_account {
    const char *kind, *normal_side, *owner;
    bool guarded;
    const char *name_zh, *name_en, *meaning_zh, *meaning_en;
};

struct ledger_accounts {
    const struct ledger_account *items;
    size_t count;
};

enum err store_list_ledger_accounts(struct db *db, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_ledger_accounts_read(const struct row *rows, struct arena *arena,
                                         struct ledger_accounts *out) MUST_CHECK;

struct ledger_fault {
    const char *invariant, *detail;
    int64_t found; /* how many places of this invariant, of which some are told */
};

struct ledger_faults {
    const struct ledger_fault *items; /* none: this part of the books is right */
    size_t count;
};

/* One part of ledger_check: accounts, postings, periods or business; at most places of each invariant. */
enum err store_verify_ledger(struct db *db, const char *part, int64_t places, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
enum err store_verify_ledger_read(const struct row *rows, struct arena *arena, struct ledger_faults *out) MUST_CHECK;

/* The words of ledger_close, which says what each means. */
enum ledger_close_end {
    LEDGER_CLOSED,
    LEDGER_KNOWN,
    LEDGER_PERIOD_RUNNING,
    LEDGER_PERIOD_ORDER,
    LEDGER_PERIOD_EMPTY,
    LEDGER_FAULTY,
    LEDGER_UNEXPLAINED,
};

struct ledger_closing {
    enum ledger_close_end end;
    const char *detail;
    struct bytes sha256; /* none unless closed or known, as the counts */
    int64_t postings, accounts;
};

/* month: YYYY-MM, well-formed. */
enum err store_close_ledger(struct db *db, const char *month, const char *closed_by, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_close_ledger_read(const struct row *rows, struct arena *arena, struct ledger_closing *out) MUST_CHECK;
