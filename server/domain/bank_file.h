/* SPDX-License-Identifier: Apache-2.0 */
/* A list of bank branches as a file (CSV, RFC 4180, with a heading; UTF-8 or GB18030), and how their names are
 * searched.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

/* Told for every line that is wrong (line 0: the file as a whole), and as the work goes on (fault NULL). */
typedef void bank_report(void *context, size_t line, const char *fault);

/* Column by column, as the database takes it. */
struct bank_list {
    const char **codes, **names, **banks, **provinces, **cities;
    const char **searches; /* bank_search_text of the names */
    size_t count;
    size_t doubtful; /* codes whose check digit is wrong: taken, some old ones are */
};

#define BANK_FILE_SIZE_MAX (64 * 1024 * 1024)
#define BANK_ROWS_MAX      500000

/* All rows, or ERR_FIELDS_INVALID after every bad one was told. Heading: code and name (or 联行号、行名 and the like),
 * and bank, province, city if there are; other columns are left out. Lines that begin with # before the heading are
 * notes. */
enum err bank_file_read(struct arena *arena, struct bytes file, bank_report *report, void *context,
                        struct bank_list *out) MUST_CHECK;

/* Upper case, half width, no white space. */
const char *bank_search_text(struct arena *arena, const char *name);
