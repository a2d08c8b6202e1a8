/* SPDX-License-Identifier: Apache-2.0 */
/* How a bank writes its statements as CSV: a file each in config/banks/, found by its headings. A new form is a new
 * file. */
#pragma once

#include "base/settings.h"

#include <stdbool.h>

#define BANK_COLUMNS_MAX 64 /* of a statement file */

/* What a column holds. Of several headings of a role the first that the file has is taken; of remarks and marks all. */
enum bank_column {
    BANK_DATE,
    BANK_TIME,
    BANK_CREDIT,
    BANK_DEBIT,
    BANK_AMOUNT,
    BANK_DIRECTION,
    BANK_BALANCE,
    BANK_PAYER_ACCOUNT,
    BANK_PAYER_NAME,
    BANK_PAYER_BANK,
    BANK_REF,
    BANK_REVERSES,
    BANK_ACCOUNT,
    BANK_CURRENCY,
    BANK_REMARK,
    BANK_MARK,
    BANK_COLUMN_COUNT,
};

struct bank_texts {
    const char **items;
    unsigned count;
};

struct bank_format {
    const char *name; /* of the file: citic */
    const char *bank;
    struct bank_texts headings; /* all of them must be there: how the form is known */
    struct bank_texts columns[BANK_COLUMN_COUNT];
    struct bank_texts credit_words, debit_words, reversal_words, returned_words, total_words;
    bool dated_ref; /* the bank's number is unique within a day only */
};

struct bank_formats {
    const struct bank_format *items;
    size_t count;
};

/* Every *.yaml of the folder settings->config_banks; reports all faults like settings_load. */
enum err bank_formats_load(struct arena *arena, const struct settings *settings, settings_report *report, void *context,
                           struct bank_formats *out) MUST_CHECK;

/* Which form has these headings (already compared by cell_heading), the most particular one; NULL when none. places:
 * where each role's columns stand, at most per_role each, -1 beyond. */
#define BANK_PER_ROLE 4
struct bank_places {
    int columns[BANK_COLUMN_COUNT][BANK_PER_ROLE];
};
const struct bank_format *bank_format_find(const struct bank_formats *formats, const char *const *headings,
                                           size_t count, struct bank_places *places);
bool bank_word_is(const struct bank_texts *words, const char *text);
