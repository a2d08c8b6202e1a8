/* SPDX-License-Identifier: Apache-2.0 */
/* Bank statements as files: CSV and TSV by the mapping files of config/banks/, camt.053 and MT940. Read piece by piece,
 * so that a million lines need no more memory than a few thousand; amounts are exact; what is wrong is told with its
 * line and its rule. The reader keeps nothing and decides nothing: what is new or known is the database's to say. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "statement/bank_format.h"

#include <stdbool.h>

#define STATEMENT_UNSAID        INT64_MIN /* a time or a balance that the bank does not say */
#define STATEMENT_LINES_MAX     2000000
#define STATEMENT_BATCH_MAX     5000
#define STATEMENT_DOCUMENT_MAX  (64 * 1024 * 1024) /* of camt.053 and MT940, which are held in memory */
#define STATEMENT_TEXT_LINE_MAX (32 * 1024)        /* bytes of one line of a CSV file, and of one row */

struct statement;

struct statement_fault {
    size_t line;      /* of the file, from 1; 0: the file as a whole */
    const char *rule; /* stable: "amount", "date", "columns", … */
    const char *zh, *en;
};

/* Called for each fault; valid during the call. */
typedef void statement_report(void *context, const struct statement_fault *fault);
/* Fills out with at most room bytes; *size 0 at the end. */
typedef enum err statement_fill(void *context, void *out, size_t room, size_t *size);

struct statement_options {
    const struct bank_formats *formats;
    const char *account_no; /* whose statement it must be */
    statement_fill *fill;
    void *fill_context;
    statement_report *report;
    void *report_context;
};

/* Lines as parallel arrays, the way the database takes them. */
struct statement_batch {
    size_t count;
    int64_t *places; /* line in the file */
    const char **line_keys;
    int64_t *days;     /* since 1970-01-01 */
    int64_t *times_us; /* Unix time, or STATEMENT_UNSAID */
    int64_t *movements_fen;
    int64_t *balances_fen; /* afterwards, or STATEMENT_UNSAID */
    const char **payer_accounts, **payer_names, **payer_banks, **remarks, **bank_refs;
    const char **kinds;    /* ordinary, reversal, returned */
    const char **reverses; /* the bank's number of what it takes back; "" */
};

struct statement_summary {
    const char *format; /* "citic", "camt.053", "mt940" */
    size_t lines;
    int64_t first_day, last_day;
    bool covers; /* every line of the days from covered_from to covered_to is there */
    int64_t covered_from, covered_to;
    bool balanced; /* opening and movements lead to closing, and the bank said both */
    int64_t opening_fen, closing_fen;
    int64_t credits_fen, debits_fen; /* sums, both positive */
};

/* The options' texts must live as long. */
struct statement *statement_open(const struct statement_options *options);
/* NULL is fine. */
void statement_close(struct statement *statement);
/* At most most (up to STATEMENT_BATCH_MAX) lines, in arena; count 0 is the end. Bad lines are told and left out.
 * ERR_STATEMENT_REFUSED: the file cannot be read any further, which was told as well. */
enum err statement_next(struct statement *statement, struct arena *arena, size_t most,
                        struct statement_batch *out) MUST_CHECK;
/* How many lines of text have been looked at, for those who wait. */
size_t statement_place(const struct statement *statement);
size_t statement_faults(const struct statement *statement);
/* After the end: ERR_STATEMENT_REFUSED when anything was told, or is told now: balances that do not lead on. */
enum err statement_end(struct statement *statement, struct statement_summary *out) MUST_CHECK;
