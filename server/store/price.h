/* SPDX-License-Identifier: Apache-2.0 */
/* What platforms charge. Callers: web, which shows the fee table in force, and xuqictl, which loads them from the
 * platform files. A submission is priced by its own procedure. */
#pragma once

#include "store/reader.h"

struct quote_item {
    const char *name;
    int64_t unit_fen, quantity;
};

struct quote_term {
    int64_t months, amount_fen;
    struct quote_item *items;
    size_t item_count;
};

struct quote {
    int64_t version; /* 0: no fee table is in force, and there are no terms */
    int64_t effective_from_us;
    struct quote_term *terms; /* by months */
    size_t term_count;
};

/* The fee table in force. */
enum err store_get_quote(struct db *db, const char *platform, int64_t deadline_ms, db_done *done,
                         void *context) MUST_CHECK;
enum err store_get_quote_read(const struct row *rows, struct arena *arena, struct quote *out) MUST_CHECK;
/* Rows of a procedure that answers those of quote_get from this column on: one per item, by term. */
void quote_read(const struct row *rows, size_t column, struct arena *arena, struct quote *out);

/* Which of these platforms have no fee table in force: their ids separated by spaces, "" when all have. */
enum err store_get_unpriced(struct db *db, const char *const *platforms, size_t count, int64_t deadline_ms,
                            db_done *done, void *context) MUST_CHECK;
enum err store_get_unpriced_read(const struct row *rows, struct arena *arena, const char **out) MUST_CHECK;

/* -- loading ----------------------------------------------------------------------------------------------------- */

struct loaded_fee {
    const char *effective_on; /* yyyy-mm-dd */
    bool begun;               /* may not change any more */
    bool decided;             /* by two persons at the desk, not by a file */
    int64_t months;
    struct quote_item item;
};

struct loaded_fees {
    int64_t version;         /* 0: never loaded */
    const char *file_sha256; /* of the last version */
    const char *last_file;   /* of the last version that came from a file, else "" */
    struct loaded_fee *fees; /* by date, term and line */
    size_t count;
};

enum err store_get_fees(struct db *db, const char *platform, int64_t deadline_ms, db_done *done,
                        void *context) MUST_CHECK;
enum err store_get_fees_read(const struct row *rows, struct arena *arena, struct loaded_fees *out) MUST_CHECK;

struct fee_load {
    const char *platform, *file_sha256, *loaded_by;
    int64_t version; /* the one that was seen */
    const struct loaded_fee *fees;
    size_t count;
};

enum fee_load_end { FEES_UNCHANGED, FEES_RECORDED, FEES_LOADED };

/* Safe to call again. Refusals: fees_begun, version_conflict. */
enum err store_load_fees(struct db *db, struct arena *arena, const struct fee_load *load, int64_t deadline_ms,
                         db_done *done, void *context) MUST_CHECK;
enum err store_load_fees_read(const struct row *rows, struct arena *arena, enum fee_load_end *end,
                              int64_t *version) MUST_CHECK;
