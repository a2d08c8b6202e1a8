/* SPDX-License-Identifier: Apache-2.0 */
/* One row of separated values after the other (RFC 4180, libcsv underneath), fed line by line. */
#pragma once

#include "statement/statement.h"

struct csv_row;

enum csv_fed {
    CSV_ROW,        /* its cells are there */
    CSV_ROW_OPEN,   /* a quoted cell goes on in the next line */
    CSV_ROW_BROKEN, /* a quote where none may stand */
    CSV_ROW_WIDE,   /* more than BANK_COLUMNS_MAX cells */
    CSV_ROW_LONG,   /* more than STATEMENT_TEXT_LINE_MAX bytes: a quote that is never closed, mostly */
};

struct csv_row *csv_row_new(char delimiter);
void csv_row_free(struct csv_row *row);
/* A line that is not blank. After CSV_ROW and after any fault the next line begins a row. */
enum csv_fed csv_row_feed(struct csv_row *row, const char *line);
size_t csv_row_count(const struct csv_row *row);
/* Trimmed; "" beyond the last. Valid until the next feed. */
const char *csv_row_cell(const struct csv_row *row, size_t column);
