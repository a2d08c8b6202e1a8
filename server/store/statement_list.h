/* SPDX-License-Identifier: Apache-2.0 */
/* What was imported, for the finance desk; refusals unauthenticated and forbidden. Reads only. */
#pragma once

#include "store/db.h"

#define STATEMENT_PAGE_MAX 200

struct statement_import {
    int64_t id;
    const char *account_no, *source, *format, *file_name, *first_on, *last_on;
    bool balanced;
    int64_t opening_fen, closing_fen, credits_fen, debits_fen, lines_new, lines_known, lines_raised;
    const char *imported_by;
    int64_t imported_at_us;
};

struct statement_imports {
    const struct statement_import *items; /* newest first */
    size_t count;
};

/* before: the id of the last one seen; 0: from the newest. */
enum err store_list_statements(struct db *db, struct bytes token_digest, int64_t before, int64_t page_size,
                               int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_statements_read(const struct row *rows, struct arena *arena,
                                    struct statement_imports *out) MUST_CHECK;

struct statement_entry {
    int64_t id;
    const char *booked_on;
    int64_t booked_at_us; /* 0: not said */
    const char *direction;
    int64_t amount_fen;
    bool balance_said;
    int64_t balance_fen;
    const char *payer_account, *payer_name, *payer_bank, *remark, *bank_ref, *kind;
    int64_t reverses_line, reversed_by; /* 0: none */
    int64_t taken_fen;
};

struct statement_entries {
    const struct statement_entry *items;
    size_t count;
};

enum err store_list_statement_lines(struct db *db, struct bytes token_digest, int64_t import_id, int64_t after,
                                    int64_t page_size, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_statement_lines_read(const struct row *rows, struct arena *arena,
                                         struct statement_entries *out) MUST_CHECK;
