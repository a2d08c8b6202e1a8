/* SPDX-License-Identifier: Apache-2.0 */
/* Statement lines that are payouts of ours: money that left, and money that came back. Caller: jobs. */
#pragma once

#include "store/db.h"

struct payout_line {
    int64_t line_id;
    const char *account_digits; /* "": masked or absent */
    const char *remark;
};

struct payout_lines {
    const struct payout_line *items;
    size_t count;
};

/* Those of an import that may be, in the order of their ids. */
enum err store_list_payout_lines(struct db *db, int64_t import_id, int64_t after, int64_t batch, int64_t deadline_ms,
                                 db_done *done, void *context) MUST_CHECK;
enum err store_list_payout_lines_read(const struct row *rows, struct arena *arena, struct payout_lines *out) MUST_CHECK;

struct payout_line_facts {
    int64_t line_id;
    struct bytes payee_index; /* data NULL: the line has no account */
    const char *failure;      /* class of why it came back */
    int64_t code_days, success_days;
};

enum payout_line_outcome {
    PAYOUT_LINE_PAID,  /* what was unknown is paid */
    PAYOUT_LINE_KNOWN, /* it was paid */
    PAYOUT_LINE_RETURNED,
    PAYOUT_LINE_REPLAYED,
    PAYOUT_LINE_UNCLEAR, /* came back, and nobody knows what: raised */
    PAYOUT_LINE_NONE,
};

/* Safe to call again. */
enum err store_take_payout_line(struct db *db, const struct payout_line_facts *facts, int64_t deadline_ms,
                                db_done *done, void *context) MUST_CHECK;
enum err store_take_payout_line_read(const struct row *rows, struct arena *arena, enum payout_line_outcome *outcome,
                                     const char **client_id) MUST_CHECK;
