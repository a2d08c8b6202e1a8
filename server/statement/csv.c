/* SPDX-License-Identifier: Apache-2.0 */
/* A bank's CSV or TSV: lines before the heading, the heading that says which bank's form it is, rows, totals. */
#include "base/mem.h"
#include "base/text.h"
#include "statement/cell.h"
#include "statement/csv_row.h"
#include "statement/internal.h"
#include "statement/text_lines.h"

#include <string.h>

#define PREAMBLE_MAX   40 /* lines */
#define ACCOUNT_DIGITS 10 /* from here on a number before the heading may be an account's */
#define ACCOUNT_MAX    64 /* characters */
#define NAME_MAX       200
#define REF_MAX        64
#define REMARK_MAX     1000

struct csv {
    const struct bank_format *format;
    struct bank_places places;
    struct csv_row *row;
    size_t columns;
    bool other_account; /* named before the heading, and ours was not */
    bool our_account;
};

struct csv_line {
    struct statement *statement;
    struct csv *csv;
    struct arena *arena;
    size_t number;
};

static void csv_close(void *state)
{
    struct csv *csv = state;
    csv_row_free(csv->row);
}

static bool is_blank(const char *line)
{
    return line[strspn(line, " \t")] == '\0';
}

/* -- the heading ------------------------------------------------------------------------------------------------- */

static size_t headings_of(const struct csv_row *row, struct arena *arena, const char **headings)
{
    for (size_t i = 0; i < csv_row_count(row); i++)
        headings[i] = cell_heading(arena, csv_row_cell(row, i));
    return csv_row_count(row);
}

/* Tries a line as the heading, separated by delimiter. */
static bool try_heading(struct statement *statement, struct csv *csv, const char *line, char delimiter)
{
    const char *headings[BANK_COLUMNS_MAX];
    struct csv_row *row = csv_row_new(delimiter);
    struct arena *arena = arena_new();
    if (csv_row_feed(row, line) == CSV_ROW) {
        csv->columns = headings_of(row, arena, headings);
        csv->format = bank_format_find(statement->options.formats, headings, csv->columns, &csv->places);
    }
    arena_free(arena);
    if (csv->format == NULL) {
        csv_row_free(row);
        return false;
    }
    csv->row = row;
    return true;
}

/* Before the heading banks write whose statement it is: 账号：7443…. */
static void look_for_account(struct statement *statement, struct csv *csv, const char *line)
{
    char number[ACCOUNT_MAX + 1];
    if (strstr(line, "账号") == NULL && strstr(line, "帐号") == NULL)
        return;
    for (line += strcspn(line, "0123456789"); *line != '\0'; line += strcspn(line, "0123456789")) {
        size_t size = strspn(line, "0123456789*- "), kept = 0;
        for (size_t i = 0; i < size && kept < ACCOUNT_MAX; i++)
            if (line[i] != ' ' && line[i] != '-')
                number[kept++] = line[i];
        number[kept] = '\0';
        line += size;
        if (kept < ACCOUNT_DIGITS)
            continue;
        if (statement_is_ours(statement, number))
            csv->our_account = true;
        else
            csv->other_account = true;
    }
}

static enum err text_fault(struct statement *statement, const char *rule)
{
    static const struct {
        const char *rule, *zh, *en;
    } faults[] = {
        {"line_length", "一行超过32千字节", "A line has more than 32 kB"},
        {"encoding", "既不是UTF-8也不是GB18030编码，或中途改变了编码",
         "Neither UTF-8 nor GB 18030, or not the same all along"},
        {"nul", "含有空字符（NUL）", "There is a NUL"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
        if (strcmp(faults[i].rule, rule) == 0)
            return statement_refuse(statement, text_lines_number(statement->lines), rule, faults[i].zh, faults[i].en);
    return ERR_STATEMENT_REFUSED;
}

/* *line NULL at the end. */
static enum err next_line(struct statement *statement, const char **line)
{
    const char *rule;
    enum err err = text_lines_next(statement->lines, line, &rule);
    statement->place = text_lines_number(statement->lines);
    return err == ERR_STATEMENT_REFUSED ? text_fault(statement, rule) : err;
}

enum err csv_open(struct statement *statement)
{
    struct csv *csv = ARENA_NEW(statement->arena, struct csv);
    statement->reader = &csv_reader;
    statement->state = csv;
    for (size_t i = 0; i < PREAMBLE_MAX && csv->format == NULL; i++) {
        const char *line;
        TRY(next_line(statement, &line));
        if (line == NULL)
            break;
        if (is_blank(line) || try_heading(statement, csv, line, ',') || try_heading(statement, csv, line, '\t'))
            continue;
        look_for_account(statement, csv, line);
    }
    if (csv->format == NULL)
        return statement_refuse(statement, 0, "columns",
                                "没有找到已知银行格式的表头：可能缺少列，或需要在config/banks/增加格式文件",
                                "No heading of a known form: columns are missing, or config/banks/ lacks its file");
    if (csv->other_account && !csv->our_account)
        return statement_refuse(statement, 0, "account", "文件是另一个账户的对账单",
                                "It is another account's statement");
    statement->format = csv->format->name;
    return OK;
}

/* -- a row ------------------------------------------------------------------------------------------------------- */

static const char *cell(const struct csv_line *it, enum bank_column role, size_t nth)
{
    int place = nth < BANK_PER_ROLE ? it->csv->places.columns[role][nth] : -1;
    return place < 0 ? "" : csv_row_cell(it->csv->row, (size_t)place);
}

static bool reject(const struct csv_line *it, const char *rule, const char *zh, const char *en)
{
    statement_reject(it->statement, it->number, rule, zh, en);
    return false;
}

/* A row of totals, or of nothing. */
static bool is_total(const struct csv *csv)
{
    for (size_t i = 0; i < csv_row_count(csv->row); i++) {
        const char *text = csv_row_cell(csv->row, i);
        if (*text == '\0')
            continue;
        for (unsigned word = 0; word < csv->format->total_words.count; word++)
            if (strncmp(text, csv->format->total_words.items[word], strlen(csv->format->total_words.items[word])) == 0)
                return true;
        return false;
    }
    return true;
}

static bool check_width(const struct csv_line *it)
{
    for (size_t i = it->csv->columns; i < csv_row_count(it->csv->row); i++)
        if (*csv_row_cell(it->csv->row, i) != '\0')
            return reject(it, "columns", "列数多于表头", "There are more cells than headings");
    if (csv_row_count(it->csv->row) < it->csv->columns)
        return reject(it, "columns", "列数少于表头", "There are fewer cells than headings");
    return true;
}

static bool read_day(const struct csv_line *it, struct statement_line *line)
{
    const char *rest;
    int64_t us;
    if (!cell_date(cell(it, BANK_DATE, 0), &line->day, &rest))
        return reject(it, "date", "日期不存在或格式不符，应如2026-11-21",
                      "There is no such date; write it like 2026-11-21");
    const char *clock = *cell(it, BANK_TIME, 0) != '\0' ? cell(it, BANK_TIME, 0) : rest;
    line->time_us = STATEMENT_UNSAID;
    if (*clock == '\0')
        return true;
    int64_t again;
    if (clock != rest && cell_date(clock, &again, &rest)) /* some write the day once more */
        clock = rest;
    if (!cell_time(clock, &us))
        return reject(it, "time", "时间不存在或格式不符，应如15:04:05",
                      "There is no such time; write it like 15:04:05");
    line->time_us = cell_instant(line->day, us);
    return true;
}

static bool read_amount(const struct csv_line *it, enum bank_column role, int64_t most, int64_t *fen)
{
    const char *text = cell(it, role, 0);
    *fen = 0;
    if (*text == '\0' || strcmp(text, "-") == 0)
        return true;
    if (!cell_amount(text, fen))
        return reject(it, "amount", "金额应为最多两位小数的数字，如1,234.50",
                      "An amount has digits and at most two decimals, like 1,234.50");
    if (*fen > most || *fen < -most)
        return reject(it, "amount_limit", "金额超出范围", "The amount is too large");
    return true;
}

static bool read_sides(const struct csv_line *it, int64_t *movement)
{
    int64_t credit, debit;
    if (!read_amount(it, BANK_CREDIT, CELL_AMOUNT_MAX_FEN, &credit) ||
        !read_amount(it, BANK_DEBIT, CELL_AMOUNT_MAX_FEN, &debit))
        return false;
    if (credit != 0 && debit != 0)
        return reject(it, "amount_both", "借方和贷方不能同时有金额", "Debit and credit cannot both have an amount");
    *movement = credit - debit;
    return true;
}

static bool read_signed(const struct csv_line *it, int64_t *movement)
{
    const struct bank_format *format = it->csv->format;
    const char *direction = cell(it, BANK_DIRECTION, 0);
    bool credit = bank_word_is(&format->credit_words, direction);
    if (!credit && !bank_word_is(&format->debit_words, direction))
        return reject(it, "direction", "借贷标志不明", "It is not said whether it is a debit or a credit");
    if (!read_amount(it, BANK_AMOUNT, CELL_AMOUNT_MAX_FEN, movement))
        return false;
    if (!credit)
        *movement = -*movement;
    return true;
}

/* An amount less than nothing is written in red: it takes another line back. */
static bool is_red(const struct csv_line *it)
{
    return *cell(it, BANK_CREDIT, 0) == '-' || *cell(it, BANK_DEBIT, 0) == '-' || *cell(it, BANK_AMOUNT, 0) == '-';
}

static bool read_movement(const struct csv_line *it, struct statement_line *line)
{
    bool sides = it->csv->format->columns[BANK_CREDIT].count > 0;
    if (!(sides ? read_sides(it, &line->movement_fen) : read_signed(it, &line->movement_fen)))
        return false;
    if (line->movement_fen == 0)
        return reject(it, "amount_missing", "没有发生额", "There is no amount");
    line->kind = is_red(it) ? "reversal" : "ordinary";
    for (size_t i = 0; i < BANK_PER_ROLE; i++) {
        if (bank_word_is(&it->csv->format->reversal_words, cell(it, BANK_MARK, i)))
            line->kind = "reversal";
        else if (line->movement_fen > 0 && bank_word_is(&it->csv->format->returned_words, cell(it, BANK_MARK, i)))
            line->kind = "returned";
    }
    line->balance_fen = STATEMENT_UNSAID;
    if (*cell(it, BANK_BALANCE, 0) == '\0')
        return true;
    return read_amount(it, BANK_BALANCE, CELL_BALANCE_MAX_FEN, &line->balance_fen);
}

static bool read_text(const struct csv_line *it, enum bank_column role, size_t most, const char **out)
{
    const char *text = cell(it, role, 0);
    if (!cell_clean(text))
        return reject(it, "control", "含有控制字符", "There is a control character");
    if (utf8_length(text) > most)
        return reject(it, "text_length", "文字过长", "A text is too long");
    *out = arena_text(it->arena, text);
    return true;
}

/* What several columns say, each once. */
static bool read_remark(const struct csv_line *it, const char **out)
{
    const char *all = "";
    for (size_t i = 0; i < BANK_PER_ROLE; i++) {
        const char *text = cell(it, BANK_REMARK, i);
        if (*text == '\0' || strstr(all, text) != NULL)
            continue;
        if (!cell_clean(text))
            return reject(it, "control", "含有控制字符", "There is a control character");
        all = *all == '\0' ? arena_text(it->arena, text) : arena_format(it->arena, "%s %s", all, text);
    }
    if (utf8_length(all) > REMARK_MAX)
        return reject(it, "text_length", "文字过长", "A text is too long");
    *out = all;
    return true;
}

static bool check_ours(const struct csv_line *it)
{
    static const char *const yuan[] = {"", "人民币", "人民币元", "CNY", "RMB", "156", "01", "001"};
    const char *account = cell(it, BANK_ACCOUNT, 0), *currency = cell(it, BANK_CURRENCY, 0);
    if (*account != '\0' && !statement_is_ours(it->statement, account))
        return reject(it, "account", "此行属于另一个账户", "This line is another account's");
    for (size_t i = 0; i < ARRAY_SIZE(yuan); i++)
        if (strcmp(yuan[i], currency) == 0)
            return true;
    return reject(it, "currency", "只接受人民币", "Only yuan are accepted");
}

static bool read_row(const struct csv_line *it, struct statement_line *line)
{
    *line = (struct statement_line){.place = it->number};
    if (!check_width(it) || !read_day(it, line) || !read_movement(it, line) || !check_ours(it) ||
        !read_text(it, BANK_PAYER_ACCOUNT, ACCOUNT_MAX, &line->payer_account) ||
        !read_text(it, BANK_PAYER_NAME, NAME_MAX, &line->payer_name) ||
        !read_text(it, BANK_PAYER_BANK, NAME_MAX, &line->payer_bank) ||
        !read_text(it, BANK_REF, REF_MAX, &line->bank_ref) || !read_text(it, BANK_REVERSES, REF_MAX, &line->reverses) ||
        !read_remark(it, &line->remark))
        return false;
    line->key = it->csv->format->dated_ref && *line->bank_ref != '\0'
                    ? arena_format(it->arena, "%lld:%s", (long long)line->day, line->bank_ref)
                    : line->bank_ref;
    return true;
}

/* -- rows -------------------------------------------------------------------------------------------------------- */

static void reject_row(struct statement *statement, size_t line, enum csv_fed how)
{
    if (how == CSV_ROW_BROKEN)
        statement_reject(statement, line, "quote", "引号不成对", "A quote stands where none may");
    else if (how == CSV_ROW_WIDE)
        statement_reject(statement, line, "columns", "列数过多", "There are too many cells");
    else
        statement_reject(statement, line, "line_length", "一行过长，或引号没有结束",
                         "A row is too long, or a quote does not end");
}

static enum err csv_next(struct statement *statement, struct arena *arena, struct statement_line *line, bool *taken,
                         bool *more)
{
    struct csv *csv = statement->state;
    enum csv_fed fed = CSV_ROW_OPEN;
    size_t first = 0;
    *taken = *more = false;
    for (const char *text; fed == CSV_ROW_OPEN;) {
        TRY(next_line(statement, &text));
        if (text == NULL && first > 0)
            reject_row(statement, first, CSV_ROW_LONG);
        if (text == NULL)
            return OK;
        if (first == 0 && is_blank(text))
            continue;
        if (first == 0)
            first = statement->place;
        fed = csv_row_feed(csv->row, text);
    }
    *more = true;
    const struct csv_line it = {.statement = statement, .csv = csv, .arena = arena, .number = first};
    if (fed != CSV_ROW)
        reject_row(statement, first, fed);
    else if (!is_total(csv))
        *taken = read_row(&it, line);
    return OK;
}

const struct statement_reader csv_reader = {.next = csv_next, .close = csv_close};
