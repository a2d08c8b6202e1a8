/* SPDX-License-Identifier: Apache-2.0 */
/* Bank statements. Uploads from web (the finance desk: each call checks session and role, refusals unauthenticated and
 * forbidden) and from xuqictl, which gives a name instead of a session: begin, append chunk by chunk, finish once. */
#pragma once

#include "store/db.h"

/* Who uploads: a session's digest, or (data NULL) the name of who runs xuqictl. */
struct statement_uploader {
    struct bytes token_digest;
    const char *by;
};

/* Refusal: collecting_account_unknown. */
enum err store_begin_statement(struct db *db, const struct statement_uploader *uploader, const char *account_no,
                               const char *file_name, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_begin_statement_read(const struct row *rows, struct arena *arena, int64_t *upload_id) MUST_CHECK;

/* Lines as parallel arrays; INT64_MIN for times and balances that were not said. */
struct statement_chunk {
    int64_t upload_id, number; /* from 1 */
    size_t count;
    const int64_t *places, *days, *times_us, *movements_fen, *balances_fen;
    const char *const *line_keys,
        *const *payer_accounts, *const *payer_names, *const *payer_banks, *const *remarks, *const *bank_refs,
                                                                                               *const *kinds,
                                                                                                   *const *reverses;
};

/* Safe to call again. Refusal: statement_upload_unknown. */
enum err store_append_statement(struct db *db, const struct statement_chunk *chunk, int64_t deadline_ms, db_done *done,
                                void *context) MUST_CHECK;
enum err store_append_statement_read(const struct row *rows, struct arena *arena) MUST_CHECK;
enum err store_discard_statement(struct db *db, int64_t upload_id, int64_t deadline_ms, db_done *done,
                                 void *context) MUST_CHECK;
enum err store_discard_statement_read(const struct row *rows, struct arena *arena) MUST_CHECK;

struct statement_upload {
    int64_t upload_id;
    bool apply; /* false: only compare */
    const char *format;
    const char *covered_from, *covered_to; /* "2026-11-21", NULL: it may lack lines of any day */
    bool balanced;
    int64_t opening_fen, closing_fen;
    struct bytes sha256;
};

struct statement_taken {
    const char *outcome; /* imported, known, checked */
    int64_t import_id;
    int64_t lines_new, lines_known, lines_changed, lines_missing, lines_unexpected;
    const char *first_on, *last_on;
    int64_t credits_fen, debits_fen;
    const char *previous_last_on; /* "" when there is none before it */
    bool previous_balanced;
    int64_t previous_closing_fen;
};

/* Refusals: statement_upload_unknown, statement_balance, statement_empty. */
enum err store_finish_statement(struct db *db, const struct statement_uploader *uploader,
                                const struct statement_upload *upload, int64_t deadline_ms, db_done *done,
                                void *context) MUST_CHECK;
enum err store_finish_statement_read(const struct row *rows, struct arena *arena,
                                     struct statement_taken *out) MUST_CHECK;

/* -- our accounts, for xuqictl ----------------------------------------------------------------------------------- */

enum err store_publish_accounts(struct db *db, const char *const *banks, const char *const *account_nos,
                                const char *const *account_names, size_t count, int64_t deadline_ms, db_done *done,
                                void *context) MUST_CHECK;
enum err store_publish_accounts_read(const struct row *rows, struct arena *arena, int64_t *added) MUST_CHECK;

struct collecting_account {
    int64_t id;
    const char *bank, *account_no, *account_name;
    const char *last_on; /* "" when no statement has been imported */
    bool balanced;
    int64_t closing_fen;
};

struct collecting_accounts {
    const struct collecting_account *items;
    size_t count;
};

enum err store_list_accounts(struct db *db, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_accounts_read(const struct row *rows, struct arena *arena,
                                  struct collecting_accounts *out) MUST_CHECK;
