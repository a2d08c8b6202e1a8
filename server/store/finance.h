/* SPDX-License-Identifier: Apache-2.0 */
/* The finance desk: statement lines and orders with what speaks for each other, matches, requests. Caller: web. Every
 * call checks the session and the role (finance) in the database itself: all may be refused with unauthenticated and
 * forbidden. Lists answer what they found as columns of text, named in the order of their table below. */
#pragma once

#include "store/db.h"

#define FINANCE_PAGE_MAX   200
#define FINANCE_EXPORT_MAX 20000 /* rows of one export */

/* What a value is on the wire; an absent one is null. */
enum finance_kind { FINANCE_TEXT, FINANCE_NUMBER, FINANCE_FLAG, FINANCE_TIME, FINANCE_WORDS };

struct finance_column {
    const char *name; /* on the wire */
    enum finance_kind kind;
    const char *title; /* of an export; NULL: not in it */
};

/* One list: its columns behind the outcome. */
struct finance_table {
    const struct finance_column *columns;
    size_t count;
};

extern const struct finance_table finance_line_table, finance_order_table, finance_candidate_table,
    finance_order_candidate_table, finance_match_table, finance_request_table, finance_change_table,
    payout_export_table;

struct finance_value {
    bool null;
    const char *text;
    int64_t number; /* also of a flag and, in microseconds, of a time */
};

struct finance_page {
    const struct finance_table *table;
    const struct finance_value *values; /* count * table->count */
    size_t count;
};

struct finance_query {
    struct bytes token_digest;
    const char *state;
    int64_t from_day, to_day; /* since 1970-01-01; of lines and matches */
    int64_t before;           /* id of the last row seen; INT64_MAX: from the newest */
    const char *after;        /* of orders: the last order seen, or "" */
    int64_t line_id;          /* of matches: 0 for any */
    const char *order_no;     /* of matches: "" for any */
    const char *words;        /* of lines: in them; of invoices: a number; or "" */
    const char *kind, *owner; /* of the ledger's transfers: whose; owner "" for all of the kind */
    const char *platform;     /* of the ledger: "" for any */
    const char *rail;         /* of the ledger's accounts: "" for any */
    int64_t size;
};

enum err store_list_finance_lines(struct db *db, const struct finance_query *query, int64_t deadline_ms, db_done *done,
                                  void *context) MUST_CHECK;
enum err store_list_finance_orders(struct db *db, const struct finance_query *query, int64_t deadline_ms, db_done *done,
                                   void *context) MUST_CHECK;
enum err store_list_finance_matches(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                    db_done *done, void *context) MUST_CHECK;
enum err store_list_finance_requests(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                     db_done *done, void *context) MUST_CHECK;
enum err store_list_finance_changes(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                    db_done *done, void *context) MUST_CHECK;
/* Payments back that no link makes, for the bank's own site; the same key answers the same ones. Read as a list. */
enum err store_export_payouts(struct db *db, struct bytes token_digest, const char *key, int64_t deadline_ms,
                              db_done *done, void *context) MUST_CHECK;
/* Refusals: line_unknown; order_unknown. */
enum err store_list_candidates(struct db *db, const struct finance_query *query, int64_t deadline_ms, db_done *done,
                               void *context) MUST_CHECK;
enum err store_list_order_candidates(struct db *db, const struct finance_query *query, int64_t deadline_ms,
                                     db_done *done, void *context) MUST_CHECK;
enum err store_list_finance_read(const struct row *rows, struct arena *arena, const struct finance_table *table,
                                 struct finance_page *out) MUST_CHECK;

struct finance_asking {
    struct bytes token_digest;
    const char *key, *kind, *order_no, *reason;
    int64_t line_id, match_id, fen;
    const char *const *two_people; /* platforms whose matches two people make */
    size_t two_people_count;
};

/* Refusals: request_conflict, line_unknown, order_unknown, match_unknown, line_taken, match_undone, match_spent,
 * credit_absent, payer_account_unknown, suspension_unknown. */
enum err store_ask_finance(struct db *db, const struct finance_asking *asking, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
struct finance_change_asking {
    struct bytes token_digest;
    const char *key, *kind, *reason; /* kind: accept, dismiss */
    int64_t change_id;
    const char *const *two_people; /* accounts whose lines two people settle */
    size_t two_people_count;
};

/* Refusals: request_conflict, change_unknown, change_settled, change_not_acceptable, change_overtaken, line_taken. */
enum err store_ask_finance_change(struct db *db, const struct finance_change_asking *asking, int64_t deadline_ms,
                                  db_done *done, void *context) MUST_CHECK;
/* Of both. state: "done", or "asked": a second person decides; "refused" of a request sent again. */
enum err store_ask_finance_read(const struct row *rows, struct arena *arena, const char **state,
                                int64_t *request_id) MUST_CHECK;

/* Refusals: request_unknown, request_decided, decider_same, and those of the asking. */
enum err store_decide_finance(struct db *db, struct bytes token_digest, int64_t request_id, bool approve,
                              int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_decide_finance_read(const struct row *rows, struct arena *arena, const char **state) MUST_CHECK;
