/* SPDX-License-Identifier: Apache-2.0 */
/* Reconciliation of a clearing day. Callers: jobs, xuqictl. */
#pragma once

#include "store/db.h"

struct match_counts {
    int64_t payments, even;
    int64_t raised;          /* differences of the day */
    int64_t waiting, opened; /* of these: for a later bill, for a person or an answer */
};

/* fee_permyriad: what was agreed with the gateway, 1/10000; negative: not compared. Safe to call again. Refusal:
 * bill_missing. */
enum err store_run_match(struct db *db, const char *rail, const char *day, int64_t fee_permyriad, int64_t deadline_ms,
                         db_done *done, void *context) MUST_CHECK;
enum err store_run_match_read(const struct row *rows, struct arena *arena, struct match_counts *out) MUST_CHECK;

/* A rail's day, three sources side by side. */
struct match_day {
    const char *rail;
    const char *state; /* of the bill: waiting, empty, missing, loaded */
    int64_t payments, payments_fen;
    int64_t their_payments, their_payments_fen, their_refunds, their_refunds_fen, fee_fen;
    int64_t arrived_fen;
    int64_t even;
    const char *differences; /* "match_long 3 (1), …": of each class, and unexplained ones */
    int64_t matched_at_us;   /* 0: never */
    int64_t file_id;         /* the last file; 0: none */
    const char *fault;       /* why it was refused, or "" */
};

struct match_days {
    const struct match_day *items;
    size_t count;
};

/* Reads only. */
enum err store_show_match(struct db *db, const char *day, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_show_match_read(const struct row *rows, struct arena *arena, struct match_days *out) MUST_CHECK;
