/* SPDX-License-Identifier: Apache-2.0 */
/* Statements read through a bank's link, for jobs; xuqictl looks at how that stands. Each call of a run needs the
 * current lease of its outbox row. */
#pragma once

#include "store/db.h"

enum statement_link_due { STATEMENT_LINK_BEGUN, STATEMENT_LINK_UNDER_WAY, STATEMENT_LINK_NOT_DUE };

struct statement_link_lag {
    int64_t lag_s; /* since the account was last read to the end */
    bool behind;   /* more than three intervals */
};

/* Refusal: collecting_account_unknown. */
enum err store_due_statement_link(struct db *db, const char *bank, const char *account_no, int64_t interval_s,
                                  int64_t back_days, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_due_statement_link_read(const struct row *rows, struct arena *arena, enum statement_link_due *out,
                                       struct statement_link_lag *lag) MUST_CHECK;

struct statement_link_hold {
    int64_t id, lease_token; /* of the outbox row */
    int64_t run_id;
    int64_t queries_per_hour, lease_s;
};

enum statement_link_step {
    STATEMENT_LINK_PAGE,    /* ask for movements, from first_record on */
    STATEMENT_LINK_BALANCE, /* ask for the balance */
    STATEMENT_LINK_HELD,    /* the row was put off */
    STATEMENT_LINK_DONE,
    STATEMENT_LINK_FAILED,
    STATEMENT_LINK_STALE,
};

struct statement_link_next {
    enum statement_link_step step;
    int64_t first_record;
    const char *first_day, *last_day; /* "20261121" */
    const char *said;                 /* of done and failed */
};

enum err store_begin_statement_link(struct db *db, const struct statement_link_hold *hold, int64_t deadline_ms,
                                    db_done *done, void *context) MUST_CHECK;

/* Movements as parallel arrays, like statement_chunk; numbers: the bank's own of each. */
struct statement_link_page {
    int64_t first_record;
    bool full; /* there may be more */
    size_t count;
    const int64_t *days, *times_us, *movements_fen, *balances_fen;
    const char **numbers, **line_keys, **payer_accounts, **payer_names, **payer_banks, **remarks, **bank_refs, **kinds,
        **reverses;
};

enum err store_page_statement_link(struct db *db, const struct statement_link_hold *hold,
                                   const struct statement_link_page *page, int64_t deadline_ms, db_done *done,
                                   void *context) MUST_CHECK;
enum err store_balance_statement_link(struct db *db, const struct statement_link_hold *hold, int64_t balance_fen,
                                      int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
/* For the three calls above. */
enum err store_statement_link_read(const struct row *rows, struct arena *arena,
                                   struct statement_link_next *out) MUST_CHECK;

/* The bank brought nothing; said: its words, or ours. */
enum err store_fault_statement_link(struct db *db, const struct statement_link_hold *hold, const char *said,
                                    int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_fault_statement_link_read(const struct row *rows, struct arena *arena, enum statement_link_step *step,
                                         int64_t *faults, struct statement_link_lag *lag) MUST_CHECK;

/* -- xuqictl ---------------------------------------------------------------------------------------------------------
 */

struct statement_link {
    const char *account_no, *bank, *read_to; /* "" when it has never been read to the end */
    int64_t interval_s, success_at_us;
    bool balanced;
    int64_t balance_fen;
    struct statement_link_lag lag;
    int64_t run_id; /* 0: none */
    const char *run_state, *run_first, *run_last, *word;
    int64_t records, faults, restarts, begun_at_us;
};

struct statement_links {
    const struct statement_link *items;
    size_t count;
};

enum err store_list_statement_links(struct db *db, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_statement_links_read(const struct row *rows, struct arena *arena,
                                         struct statement_links *out) MUST_CHECK;
