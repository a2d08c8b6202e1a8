/* SPDX-License-Identifier: Apache-2.0 */
/* The gateways' bills: kept as they came, loaded row by row. Callers: jobs, xuqictl. All are safe to call again. */
#pragma once

#include "store/db.h"

#define BILL_PIECE_SIZE ((size_t)1 << 20)

struct bill_keeping {
    const char *rail, *day; /* "2026-11-20" */
    struct bytes digest;    /* SHA-256 of the file */
    int64_t size;
    const char *source; /* "fetched", "uploaded", "command" */
    const char *actor;
};

struct kept_bill {
    int64_t file_id;
    bool loaded; /* its rows are there already */
};

enum err store_keep_bill(struct db *db, const struct bill_keeping *keeping, int64_t deadline_ms, db_done *done,
                         void *context) MUST_CHECK;
enum err store_keep_bill_read(const struct row *rows, struct arena *arena, struct kept_bill *out) MUST_CHECK;

/* At most BILL_PIECE_SIZE. */
enum err store_put_bill_piece(struct db *db, int64_t file_id, int64_t number, struct bytes data, int64_t deadline_ms,
                              db_done *done, void *context) MUST_CHECK;
enum err store_put_bill_piece_read(const struct row *rows, struct arena *arena) MUST_CHECK;
/* data {NULL, 0}: behind the last. */
enum err store_get_bill_piece(struct db *db, int64_t file_id, int64_t number, int64_t deadline_ms, db_done *done,
                              void *context) MUST_CHECK;
enum err store_get_bill_piece_read(const struct row *rows, struct arena *arena, struct bytes *data) MUST_CHECK;

struct bill_facts {
    const char *rail, *day;
    int64_t size;
    const char *source, *actor;
};

/* Caller: jobs. ERR_BILL_MISSING when there is none. */
enum err store_get_bill(struct db *db, int64_t file_id, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_get_bill_read(const struct row *rows, struct arena *arena, struct bill_facts *out) MUST_CHECK;
/* How a day stands: "waiting", "empty", "missing", "loaded". Caller: jobs. */
enum err store_bill_state(struct db *db, const char *rail, const char *day, int64_t deadline_ms, db_done *done,
                          void *context) MUST_CHECK;
enum err store_bill_state_read(const struct row *rows, struct arena *arena, const char **state) MUST_CHECK;

/* Where and why it cannot be read. */
enum err store_refuse_bill(struct db *db, int64_t file_id, const char *fault, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_refuse_bill_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* Column by column. */
struct bill_rows {
    int64_t file_id;
    size_t count;
    const int64_t *lines;
    const char *const *kinds, *const *gateway_ids, *const *payment_txns, *const *attempt_nos, *const *refund_nos;
    const int64_t *amounts_fen, *fees_millifen, *ats_us;
    const char *const *statuses;
};

struct bill_rows_put {
    int64_t added, changed;
};

enum err store_put_bill_rows(struct db *db, const struct bill_rows *rows, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
enum err store_put_bill_rows_read(const struct row *rows, struct arena *arena, struct bill_rows_put *out) MUST_CHECK;
/* Refusal: bill_malformed, when there are fewer rows than that. */
enum err store_end_bill(struct db *db, int64_t file_id, int64_t rows, int64_t deadline_ms, db_done *done,
                        void *context) MUST_CHECK;
enum err store_end_bill_read(const struct row *rows, struct arena *arena) MUST_CHECK;

enum bill_absence { BILL_DAY_EMPTY, BILL_DAY_MISSING, BILL_DAY_LOADED };
/* The gateway says that there is none. Caller: jobs. */
enum err store_absent_bill(struct db *db, const char *rail, const char *day, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_absent_bill_read(const struct row *rows, struct arena *arena, enum bill_absence *out) MUST_CHECK;
/* Has those fetched that should be out. Caller: jobs. */
enum err store_due_bills(struct db *db, const char *const *rails, const int64_t *ready_minutes, size_t count,
                         int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_due_bills_read(const struct row *rows, int64_t *asked) MUST_CHECK;
