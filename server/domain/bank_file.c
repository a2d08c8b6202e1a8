/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/bank_file.h"

#include "base/mem.h"
#include "base/text.h"
#include "domain/identity.h"

#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX  32
#define CODE_DIGITS  12
#define NAME_MIN     4
#define NAME_MAX     100
#define PLACE_MAX    50
#define PROGRESS     50000
#define ROWS_AT_ONCE 4096

enum column { CODE, NAME, BANK, PROVINCE, CITY, COLUMN_COUNT };

struct table {
    struct arena *arena;
    bank_report *report;
    void *context;
    const char *at; /* of the text that is left */
    size_t line;    /* where the record under way begins, from 1 */
    size_t lines;   /* read so far */
    size_t faults;
    int place[COLUMN_COUNT]; /* of a column in the file; -1 where it has none */
    size_t columns;
    const char *values[COLUMNS_MAX];
    const char **rows; /* COLUMN_COUNT each */
    size_t *row_lines;
    size_t count, room, doubtful;
};

static void refuse(struct table *table, size_t line, const char *fault)
{
    table->faults++;
    table->report(table->context, line, fault);
}

/* -- the text ---------------------------------------------------------------------------------------------------- */

/* GB18030 holds all that GBK and GB2312 do. */
static const char *from_gb18030(struct arena *arena, struct bytes file)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == (iconv_t)-1)
        return NULL;
    size_t room = file.size * 2 + 1, left = file.size; /* two bytes become three, four become four */
    char *text = arena_alloc(arena, room), *to = text, *from = (char *)(uintptr_t)file.data;
    size_t converted = iconv(converter, &from, &left, &to, &room);
    iconv_close(converter);
    return converted == (size_t)-1 || left > 0 || !utf8_valid(text, (size_t)(to - text)) ? NULL : text;
}

static const char *text_of(struct arena *arena, struct bytes file)
{
    const char *text = (const char *)file.data;
    if (!utf8_valid(text, file.size))
        return from_gb18030(arena, file);
    size_t mark = file.size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    return arena_text_n(arena, text + mark, file.size - mark);
}

/* -- records (RFC 4180) ------------------------------------------------------------------------------------------ */

/* A quoted value, "" standing for one quote; false when its end is missing. */
static bool read_quoted(struct table *table, const char **out)
{
    char *value = arena_alloc(table->arena, strcspn(table->at + 1, "\n") + 1), *to = value;
    for (table->at++; *table->at != '\0' && *table->at != '\n'; table->at++) {
        if (*table->at == '"' && table->at[1] != '"') {
            table->at++;
            *out = value;
            return true;
        }
        if (*table->at == '"')
            table->at++;
        *to++ = *table->at;
    }
    return false;
}

static bool read_value(struct table *table, const char **out)
{
    if (*table->at == '"')
        return read_quoted(table, out);
    size_t size = strcspn(table->at, ",\n");
    *out = text_trimmed(table->arena, table->at, size);
    table->at += size;
    return true;
}

static void skip_line(struct table *table)
{
    table->at += strcspn(table->at, "\n");
    if (*table->at == '\n')
        table->at++;
}

/* One record of one line into values; false for a fault in its writing. */
static bool read_record(struct table *table, size_t *count)
{
    table->line = ++table->lines;
    for (*count = 0; *count < COLUMNS_MAX;) {
        if (!read_value(table, &table->values[*count]))
            break;
        ++*count;
        table->at += strspn(table->at, "\r");
        if (*table->at == '\n' || *table->at == '\0') {
            skip_line(table);
            return true;
        }
        if (*table->at != ',')
            break;
        table->at++;
    }
    skip_line(table);
    return false;
}

/* -- the heading ------------------------------------------------------------------------------------------------- */

static enum column column_of(const char *heading)
{
    static const struct {
        enum column column;
        const char *words[6];
    } known[] = {
        {CODE, {"code", "cnaps", "联行号", "支付行号", "行号"}},
        {NAME, {"name", "行名", "行名全称", "支行名称", "开户行名称", "名称"}},
        {BANK, {"bank", "银行", "所属银行", "行别", "总行"}},
        {PROVINCE, {"province", "省份", "省", "所在省"}},
        {CITY, {"city", "城市", "市", "所在城市", "所在市"}},
    };
    for (size_t i = 0; i < ARRAY_SIZE(known); i++)
        for (size_t j = 0; j < ARRAY_SIZE(known[i].words) && known[i].words[j] != NULL; j++)
            if (strcmp(known[i].words[j], heading) == 0)
                return known[i].column;
    return COLUMN_COUNT;
}

static bool read_heading(struct table *table)
{
    while (*table->at == '#') {
        skip_line(table);
        table->lines++;
    }
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        table->place[i] = -1;
    if (!read_record(table, &table->columns))
        return false;
    for (size_t i = 0; i < table->columns; i++) {
        enum column column = column_of(table->values[i]);
        if (column != COLUMN_COUNT && table->place[column] != -1)
            return false;
        if (column != COLUMN_COUNT)
            table->place[column] = (int)i;
    }
    return table->place[CODE] != -1 && table->place[NAME] != -1;
}

/* -- rows -------------------------------------------------------------------------------------------------------- */

static const char *fault_of(struct arena *arena, const char *const row[COLUMN_COUNT])
{
    if (strlen(row[CODE]) != CODE_DIGITS || strspn(row[CODE], "0123456789") != CODE_DIGITS)
        return "联行号应为12位数字 (the code must have 12 digits)";
    if (utf8_length(bank_search_text(arena, row[NAME])) < NAME_MIN || utf8_length(row[NAME]) > NAME_MAX)
        return "行名应为4至100个字 (the name must have 4 to 100 characters)";
    if (utf8_length(row[BANK]) > NAME_MAX || utf8_length(row[PROVINCE]) > PLACE_MAX ||
        utf8_length(row[CITY]) > PLACE_MAX)
        return "银行、省份或城市过长 (bank, province or city is too long)";
    return NULL;
}

static void make_room(struct table *table)
{
    if (table->count < table->room)
        return;
    size_t room = table->room == 0 ? ROWS_AT_ONCE : table->room * 2, row = COLUMN_COUNT * sizeof(*table->rows);
    table->rows = mem_grow(table->rows, table->room * row, room * row);
    table->row_lines = mem_grow(table->row_lines, table->room * sizeof(size_t), room * sizeof(size_t));
    table->room = room;
}

static void take_row(struct table *table)
{
    const char *row[COLUMN_COUNT];
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        row[i] = table->place[i] == -1 ? "" : table->values[table->place[i]];
    const char *fault = fault_of(table->arena, row);
    if (fault != NULL) {
        refuse(table, table->line, fault);
        return;
    }
    make_room(table);
    memcpy(&table->rows[table->count * COLUMN_COUNT], row, sizeof(row));
    table->row_lines[table->count++] = table->line;
    if (!cnaps_valid(row[CODE]))
        table->doubtful++;
    if (table->count % PROGRESS == 0)
        table->report(table->context, table->count, NULL);
}

static void read_rows(struct table *table)
{
    while (*table->at != '\0' && table->count < BANK_ROWS_MAX) {
        size_t count;
        if (!read_record(table, &count))
            refuse(table, table->line, "引号不成对或列数过多 (a quote is missing, or too many columns)");
        else if (count == 1 && table->values[0][0] == '\0')
            continue; /* an empty line */
        else if (count != table->columns)
            refuse(table, table->line, "列数与表头不符 (not as many columns as the heading)");
        else
            take_row(table);
    }
    if (*table->at != '\0')
        refuse(table, 0, "行数超过500000 (more than 500000 rows)");
}

/* -- the same code twice ----------------------------------------------------------------------------------------- */

static int by_code(const void *a, const void *b, void *context)
{
    const struct table *table = context;
    size_t one = *(const size_t *)a, other = *(const size_t *)b;
    int order = strcmp(table->rows[one * COLUMN_COUNT + CODE], table->rows[other * COLUMN_COUNT + CODE]);
    return order != 0 ? order : one < other ? -1 : 1;
}

static void refuse_repeated(struct table *table)
{
    size_t *order = mem_grow(NULL, 0, (table->count + 1) * sizeof(*order));
    for (size_t i = 0; i < table->count; i++)
        order[i] = i;
    qsort_r(order, table->count, sizeof(*order), by_code, table);
    for (size_t i = 1; i < table->count; i++)
        if (strcmp(table->rows[order[i - 1] * COLUMN_COUNT + CODE], table->rows[order[i] * COLUMN_COUNT + CODE]) == 0)
            refuse(table, table->row_lines[order[i]], "联行号重复 (the code is there twice)");
    mem_free(order);
}

/* -- all --------------------------------------------------------------------------------------------------------- */

const char *bank_search_text(struct arena *arena, const char *name)
{
    return identity_canonical(arena, name);
}

static struct bank_list list_of(const struct table *table)
{
    struct bank_list list = {.count = table->count, .doubtful = table->doubtful};
    const char ***columns[COLUMN_COUNT] = {&list.codes, &list.names, &list.banks, &list.provinces, &list.cities};
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        const char **column = arena_alloc(table->arena, (table->count + 1) * sizeof(*column));
        for (size_t row = 0; row < table->count; row++)
            column[row] = table->rows[row * COLUMN_COUNT + i];
        *columns[i] = column;
    }
    list.searches = arena_alloc(table->arena, (table->count + 1) * sizeof(*list.searches));
    for (size_t row = 0; row < table->count; row++)
        list.searches[row] = bank_search_text(table->arena, list.names[row]);
    return list;
}

static void read_table(struct table *table)
{
    if (table->at == NULL)
        refuse(table, 0, "既不是UTF-8也不是GB18030编码 (neither UTF-8 nor GB18030)");
    else if (!read_heading(table))
        refuse(table, table->line, "表头须有联行号和行名各一列 (the heading must name one column code and one name)");
    else
        read_rows(table);
    if (table->faults == 0 && table->count == 0)
        refuse(table, 0, "没有数据 (there are no rows)");
    refuse_repeated(table);
}

enum err bank_file_read(struct arena *arena, struct bytes file, bank_report *report, void *context,
                        struct bank_list *out)
{
    struct table table = {.arena = arena, .report = report, .context = context, .at = text_of(arena, file)};
    read_table(&table);
    if (table.faults == 0)
        *out = list_of(&table);
    mem_free(table.rows);
    mem_free(table.row_lines);
    return table.faults == 0 ? OK : ERR_FIELDS_INVALID;
}
