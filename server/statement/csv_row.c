/* SPDX-License-Identifier: Apache-2.0 */
#include "statement/csv_row.h"

#include "base/mem.h"
#include "statement/cell.h"

#include <csv.h>
#include <string.h>

struct csv_row {
    struct csv_parser parser;
    char delimiter;
    bool open, complete, wide; /* open: within a row of several lines */
    size_t fed;
    size_t count, used;
    const char *cells[BANK_COLUMNS_MAX];
    char texts[2 * STATEMENT_TEXT_LINE_MAX]; /* the cells with their ends */
};

static void begin(struct csv_row *row)
{
    csv_init(&row->parser, CSV_STRICT | CSV_APPEND_NULL);
    csv_set_delim(&row->parser, (unsigned char)row->delimiter);
}

struct csv_row *csv_row_new(char delimiter)
{
    struct csv_row *row = mem_alloc(sizeof(*row));
    row->delimiter = delimiter;
    begin(row);
    return row;
}

void csv_row_free(struct csv_row *row)
{
    if (row == NULL)
        return;
    csv_free(&row->parser);
    mem_free(row);
}

static void take_cell(void *text, size_t size, void *context)
{
    struct csv_row *row = context;
    if (row->count == BANK_COLUMNS_MAX) {
        /* Trailing separators are padding. */
        row->wide = row->wide || *cell_trim(text) != '\0';
        return;
    }
    char *copy = row->texts + row->used;
    memcpy(copy, text, size);
    copy[size] = '\0';
    row->used += size + 1;
    row->cells[row->count++] = cell_trim(copy);
}

static void take_end(int character, void *context)
{
    struct csv_row *row = context;
    (void)character;
    row->complete = true;
}

static enum csv_fed broken(struct csv_row *row, enum csv_fed how)
{
    csv_free(&row->parser);
    begin(row);
    row->open = false;
    return how;
}

enum csv_fed csv_row_feed(struct csv_row *row, const char *line)
{
    size_t size = strlen(line);
    if (!row->open) {
        row->count = row->used = row->fed = 0;
        row->complete = row->wide = false;
    }
    row->fed += size + 1;
    if (row->fed > STATEMENT_TEXT_LINE_MAX)
        return broken(row, CSV_ROW_LONG);
    if (csv_parse(&row->parser, line, size, take_cell, take_end, row) != size ||
        csv_parse(&row->parser, "\n", 1, take_cell, take_end, row) != 1)
        return broken(row, CSV_ROW_BROKEN);
    row->open = !row->complete;
    if (row->wide)
        return broken(row, CSV_ROW_WIDE);
    return row->open ? CSV_ROW_OPEN : CSV_ROW;
}

size_t csv_row_count(const struct csv_row *row)
{
    return row->count;
}

const char *csv_row_cell(const struct csv_row *row, size_t column)
{
    return column < row->count ? row->cells[column] : "";
}
