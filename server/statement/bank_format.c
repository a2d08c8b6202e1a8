/* SPDX-License-Identifier: Apache-2.0 */
#include "statement/bank_format.h"

#include "base/compiler.h"
#include "base/yaml.h"
#include "domain/folder.h"
#include "statement/cell.h"

#include <stddef.h>
#include <string.h>

#define TEXTS(name, member, needed)                                                                                    \
    {                                                                                                                  \
        .key = (name), .kind = YAML_TEXTS, YAML_LIST_AT(struct bank_format, member.items, member.count),               \
        .optional = !(needed), .max = BANK_COLUMNS_MAX                                                                 \
    }

static const struct yaml_field column_fields[] = {
    TEXTS("date", columns[BANK_DATE], true),
    TEXTS("time", columns[BANK_TIME], false),
    TEXTS("credit", columns[BANK_CREDIT], false),
    TEXTS("debit", columns[BANK_DEBIT], false),
    TEXTS("amount", columns[BANK_AMOUNT], false),
    TEXTS("direction", columns[BANK_DIRECTION], false),
    TEXTS("balance", columns[BANK_BALANCE], false),
    TEXTS("payer_account", columns[BANK_PAYER_ACCOUNT], false),
    TEXTS("payer_name", columns[BANK_PAYER_NAME], false),
    TEXTS("payer_bank", columns[BANK_PAYER_BANK], false),
    TEXTS("bank_ref", columns[BANK_REF], false),
    TEXTS("reverses", columns[BANK_REVERSES], false),
    TEXTS("account", columns[BANK_ACCOUNT], false),
    TEXTS("currency", columns[BANK_CURRENCY], false),
    TEXTS("remark", columns[BANK_REMARK], false),
    TEXTS("mark", columns[BANK_MARK], false),
};

static const struct yaml_field word_fields[] = {
    TEXTS("credit", credit_words, false),     TEXTS("debit", debit_words, false),
    TEXTS("reversal", reversal_words, false), TEXTS("returned", returned_words, false),
    TEXTS("total", total_words, false),
};

static const struct yaml_field format_fields[] = {
    {.key = "bank", .kind = YAML_TEXT, YAML_AT(struct bank_format, bank), .max = 100},
    TEXTS("headings", headings, true),
    {.key = "columns", .kind = YAML_MAPPING, YAML_FIELDS(struct bank_format, column_fields)},
    {.key = "words", .kind = YAML_MAPPING, .optional = true, YAML_FIELDS(struct bank_format, word_fields)},
    {.key = "bank_ref_of_day", .kind = YAML_BOOLEAN, YAML_AT(struct bank_format, dated_ref), .optional = true},
};

static void check(struct yaml_file *file, const struct bank_format *format)
{
    bool sides = format->columns[BANK_CREDIT].count > 0 && format->columns[BANK_DEBIT].count > 0;
    bool signs = format->columns[BANK_AMOUNT].count > 0 && format->columns[BANK_DIRECTION].count > 0;
    if (sides == signs)
        yaml_fault(file, "columns", "must name either credit and debit, or amount and direction");
    if (signs && (format->credit_words.count == 0 || format->debit_words.count == 0))
        yaml_fault(file, "words", "must say which words mean credit and debit");
}

static void compare_as_headings(struct arena *arena, struct bank_texts *texts)
{
    for (unsigned i = 0; i < texts->count; i++)
        texts->items[i] = cell_heading(arena, texts->items[i]);
}

static enum err load(struct arena *arena, const char *name, const char *path, settings_report *report, void *context,
                     struct bank_format *out)
{
    struct yaml_file *file;
    out->name = name;
    TRY(yaml_open(arena, path, report, context, &file));
    TRY(yaml_bind(file, format_fields, ARRAY_SIZE(format_fields), out));
    check(file, out);
    TRY(yaml_check(file));
    compare_as_headings(arena, &out->headings);
    for (size_t i = 0; i < BANK_COLUMN_COUNT; i++)
        compare_as_headings(arena, &out->columns[i]);
    return OK;
}

enum err bank_formats_load(struct arena *arena, const struct settings *settings, settings_report *report, void *context,
                           struct bank_formats *out)
{
    struct folder_files files;
    TRY(folder_list(arena, settings_path(arena, settings, settings->config_banks), report, context, &files));
    struct bank_format *items = arena_alloc(arena, (files.count + 1) * sizeof(*items));
    enum err err = OK;
    for (size_t i = 0; i < files.count; i++)
        if (load(arena, files.names[i], files.paths[i], report, context, &items[i]) != OK)
            err = ERR_SETTINGS_INVALID;
    TRY(err);
    *out = (struct bank_formats){items, files.count};
    return OK;
}

/* -- finding ----------------------------------------------------------------------------------------------------- */

static int place_of(const char *heading, const char *const *headings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(headings[i], heading) == 0)
            return (int)i;
    return -1;
}

static bool fits(const struct bank_format *format, const char *const *headings, size_t count)
{
    for (unsigned i = 0; i < format->headings.count; i++)
        if (place_of(format->headings.items[i], headings, count) < 0)
            return false;
    return true;
}

static void find_places(const struct bank_format *format, const char *const *headings, size_t count,
                        struct bank_places *places)
{
    for (size_t role = 0; role < BANK_COLUMN_COUNT; role++) {
        size_t found = 0;
        for (unsigned i = 0; i < format->columns[role].count && found < BANK_PER_ROLE; i++) {
            int place = place_of(format->columns[role].items[i], headings, count);
            if (place >= 0)
                places->columns[role][found++] = place;
        }
        while (found < BANK_PER_ROLE)
            places->columns[role][found++] = -1;
    }
}

const struct bank_format *bank_format_find(const struct bank_formats *formats, const char *const *headings,
                                           size_t count, struct bank_places *places)
{
    const struct bank_format *best = NULL;
    for (size_t i = 0; i < formats->count; i++)
        if (fits(&formats->items[i], headings, count) &&
            (best == NULL || formats->items[i].headings.count > best->headings.count))
            best = &formats->items[i];
    if (best != NULL)
        find_places(best, headings, count, places);
    return best;
}

bool bank_word_is(const struct bank_texts *words, const char *text)
{
    for (unsigned i = 0; i < words->count; i++)
        if (strcmp(words->items[i], text) == 0)
            return true;
    return false;
}
