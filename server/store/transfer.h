/* SPDX-License-Identifier: Apache-2.0 */
/* Bank transfers: what payers declare and what the statement says to it (web); holding what waits against new lines,
 * and matching a whole import (jobs). */
#pragma once

#include "store/db.h"

#define TRANSFER_ROWS_MAX 20 /* that one order may have */

/* A row of 核验转账信息: as it is kept, and as it is compared now. Account and name are not kept. */
struct declared_transfer {
    struct bytes content_index, sealed, account_index;
    const char *account_masked, *name_masked;
    int64_t amount_fen, day; /* since 1970-01-01, Beijing */
    const char *account, *name;
};

/* Keeps the rows and holds each against the statement; what is found is taken. Safe to call again. Refusals:
 * renewal_unknown, already_paid, renewal_state, method_unavailable, transfer_limit. */
enum err store_declare_transfers(struct db *db, const char *renewal_no, const struct declared_transfer *rows,
                                 size_t count, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_declare_transfers_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* What waits, sealed, to be declared once more; account and name stay empty. */
struct sealed_transfers {
    struct declared_transfer *items;
    size_t count;
};

enum err store_list_sealed_transfers(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                                     void *context) MUST_CHECK;
enum err store_list_sealed_transfers_read(const struct row *rows, struct arena *arena,
                                          struct sealed_transfers *out) MUST_CHECK;

/* Refusals: transfer_unknown, transfer_matched. */
enum err store_remove_transfer(struct db *db, const char *renewal_no, int64_t id, int64_t deadline_ms, db_done *done,
                               void *context) MUST_CHECK;
enum err store_remove_transfer_read(const struct row *rows, struct arena *arena) MUST_CHECK;

struct transfer_item {
    int64_t id, amount_fen;
    const char *transferred_on, *account_masked, *name_masked;
    const char *state;       /* "waiting", "matched", "differs", "used", "ambiguous" */
    int64_t bank_amount_fen; /* of differs and matched; else 0 */
    const char *bank_booked_on;
    int64_t declared_at_us, checked_at_us;
};

struct transfer_page {
    const char *renewal_no, *order_no, *status, *order_state;
    bool offered; /* the platform takes bank transfers */
    int64_t amount_fen, received_fen, credit_fen;
    bool credit_usable;
    const struct transfer_item *items;
    size_t count;
};

/* renewal_unknown when there is none. */
enum err store_list_transfers(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                              void *context) MUST_CHECK;
enum err store_list_transfers_read(const struct row *rows, struct arena *arena, struct transfer_page *out) MUST_CHECK;

/* 账户余额 for what is still owed. Refusals: renewal_unknown, already_paid, renewal_state, credit_absent. */
enum err store_use_credit(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                          void *context) MUST_CHECK;
enum err store_use_credit_read(const struct row *rows, struct arena *arena, int64_t *used_fen) MUST_CHECK;

/* -- jobs --------------------------------------------------------------------------------------------------------- */

struct waiting_transfer {
    int64_t id;
    const char *renewal_no;
    struct bytes content_index, sealed;
};

struct waiting_transfers {
    const struct waiting_transfer *items;
    size_t count;
};

/* Those that a line of this import may be, in the order of their ids. */
enum err store_list_waiting_transfers(struct db *db, int64_t import_id, int64_t after, int64_t batch,
                                      int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_waiting_transfers_read(const struct row *rows, struct arena *arena,
                                           struct waiting_transfers *out) MUST_CHECK;

enum err store_verify_transfer(struct db *db, int64_t id, const char *account, const char *name, int64_t deadline_ms,
                               db_done *done, void *context) MUST_CHECK;
/* state as in transfer_item, or "removed". */
enum err store_verify_transfer_read(const struct row *rows, struct arena *arena, const char **state) MUST_CHECK;

struct statement_matching {
    int64_t last_line, looked, matched, paid;
};

/* The last line of each portion of an import, in order: what matchers at the same time divide among themselves. */
struct statement_portions_list {
    const int64_t *until;
    size_t count;
};

enum err store_list_statement_portions(struct db *db, int64_t import_id, int64_t size, int64_t deadline_ms,
                                       db_done *done, void *context) MUST_CHECK;
enum err store_list_statement_portions_read(const struct row *rows, struct arena *arena,
                                            struct statement_portions_list *out) MUST_CHECK;

/* A phase ("numbers", "misspelt", "sums") over the lines after one until another, batch of them at most. Safe to call
 * again. */
enum err store_match_statement(struct db *db, int64_t import_id, const char *phase, int64_t after, int64_t until,
                               int64_t batch, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_match_statement_read(const struct row *rows, struct statement_matching *out) MUST_CHECK;
