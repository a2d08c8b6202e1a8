/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of the three bills share. */
#pragma once

#include "documents/bill.h"
#include "documents/bill_text.h"

#define BILL_CELLS_MAX   64
#define BILL_NUMBER_MAX  64
#define BILL_COLUMNS_MAX 16
#define MILLIFEN         1000 /* of a fen */

struct bill;

/* A rail's reader: next reads one row and tells more, or at the end holds the totals against them. */
struct bill_reader {
    const char *rail;
    enum err (*open)(struct bill *bill);
    enum err (*next)(struct bill *bill, struct bill_row *row, bool *more);
};
extern const struct bill_reader bill_alipay, bill_unionpay, bill_wechat;

struct bill {
    const struct bill_reader *reader;
    struct bill_options options;
    struct bytes file;
    struct arena *arena;     /* as long as the bill */
    struct arena *row_arena; /* of the row under way */
    struct bill_fault *fault;
    struct bill_zip *zip;
    struct bill_text *text;
    struct bill_totals totals;
    int columns[BILL_COLUMNS_MAX]; /* where a reader's columns stand in this file */
    size_t column_count;           /* of the file */
    char *cells[BILL_CELLS_MAX];
    size_t cell_count;
    char utf8[2 * BILL_LINE_MAX + 1];
    int64_t sums[4];      /* what a reader adds up for the totals that its file tells */
    struct bytes summary; /* of UnionPay */
    size_t stage;
};

/* Fills the fault for the last line. */
enum err bill_reject(struct bill *bill, const char *rule, const char *zh, const char *en) MUST_CHECK;
/* The same of the file as a whole. */
enum err bill_reject_file(struct bill *bill, const char *rule, const char *zh, const char *en) MUST_CHECK;
/* The next line; at the end *line is NULL. */
enum err bill_line_next(struct bill *bill, char **line, size_t *size) MUST_CHECK;

/* Which of the wanted names stand where in the cells; "（元）" and blanks do not count. false: one of the first
 * required ones is missing or twice. */
bool bill_find_columns(struct bill *bill, const char *const *names, size_t count, size_t required);
/* The cell of a wanted column; "" where the file has none. */
const char *bill_cell(const struct bill *bill, size_t wanted);
void bill_trim(char **text);

/* "-0.60", "88.80000": at most five decimals, in 1/1000 fen. */
bool bill_read_yuan(const char *text, int64_t *millifen);
/* Whole fen. */
bool bill_read_fen(const char *text, int64_t *fen);
bool bill_read_count(const char *text, int64_t *count);
/* Printable ASCII without blanks, 1 to BILL_NUMBER_MAX. */
bool bill_is_number(const char *text);
