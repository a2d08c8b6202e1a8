/* SPDX-License-Identifier: Apache-2.0 */
/* SWIFT MT940, bare or in its blocks {1:}{2:}{4: … -}: each statement held against its balances. */
#include "base/text.h"
#include "statement/cell.h"
#include "statement/internal.h"
#include "statement/text_lines.h"

#include <string.h>

#define DIGITS        "0123456789"
#define LETTERS       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define TAG_MAX       4
#define FIELD_MAX     1024 /* bytes of a field: :86: has six lines of 65 characters */
#define REF_MAX       16
#define ACCOUNT_MAX   64
#define NAME_MAX      200
#define CENTURY       2000
#define SUBFIELD_SIZE 3 /* ?20 */

/* In this order; each says what may follow. */
enum step { OUTSIDE, REFERENCE, RELATED, ACCOUNT, NUMBER, OPENING, LINE, DETAILS, CLOSING, AVAILABLE, LAST };

struct mt940 {
    bool blocks; /* the message came in blocks */
    bool in_text;
    enum step step;
    char tag[TAG_MAX + 1];
    char field[FIELD_MAX + 1];
    size_t field_line, field_size;
    bool has_line;
    struct statement_line line;
    int64_t opening_fen, movements_fen;
    bool ended;
};

static void mt940_close(void *state)
{
    (void)state;
}

static enum err refuse(struct statement *statement, const char *rule, const char *zh, const char *en)
{
    struct mt940 *mt940 = statement->state;
    return statement_refuse(statement, mt940->field_line, rule, zh, en);
}

/* -- values ------------------------------------------------------------------------------------------------------ */

static bool take_digits(const char **text, size_t count, int *out)
{
    if (strspn(*text, DIGITS) < count)
        return false;
    for (*out = 0; count > 0; count--)
        *out = *out * 10 + *(*text)++ - '0';
    return true;
}

/* 15d: a comma before the decimals, which may be missing. Written as cell_amount reads it. */
static bool take_amount(const char **text, int64_t most, int64_t *fen)
{
    char plain[20];
    size_t size = strspn(*text, DIGITS ","), whole = strspn(*text, DIGITS);
    if (size == 0 || size > 15 || (*text)[whole] != ',' || strspn(*text + whole + 1, DIGITS) != size - whole - 1)
        return false;
    memcpy(plain, *text, size);
    plain[size] = '\0';
    plain[whole] = size == whole + 1 ? '\0' : '.';
    *text += size;
    return cell_amount(plain, fen) && *fen <= most;
}

static bool take_day(const char **text, int *year, int64_t *day)
{
    int month, in_month;
    if (!take_digits(text, 2, year) || !take_digits(text, 2, &month) || !take_digits(text, 2, &in_month))
        return false;
    *year += CENTURY;
    return cell_day(*year, month, in_month, day);
}

/* The entry's day has no year: the one nearest to the value date. */
static bool take_entry_day(const char **text, int year, int64_t value_day, int64_t *day)
{
    int month, in_month;
    bool found = false;
    if (!take_digits(text, 2, &month) || !take_digits(text, 2, &in_month))
        return false;
    for (int y = year - 1; y <= year + 1; y++) {
        int64_t candidate, apart, best;
        if (!cell_day(y, month, in_month, &candidate))
            continue;
        apart = candidate > value_day ? candidate - value_day : value_day - candidate;
        best = *day > value_day ? *day - value_day : value_day - *day;
        if (!found || apart < best)
            *day = candidate;
        found = true;
    }
    return found;
}

/* -- fields ------------------------------------------------------------------------------------------------------ */

/* 1!a6!n3!a15d */
static enum err read_balance(struct statement *statement, int64_t *fen)
{
    struct mt940 *mt940 = statement->state;
    const char *at = mt940->field;
    int year;
    int64_t day;
    bool debit = *at == 'D';
    if (*at != 'C' && *at != 'D')
        return refuse(statement, "balance", "余额应以C或D开头", "A balance begins with C or D");
    at++;
    if (!take_day(&at, &year, &day))
        return refuse(statement, "date", "日期不存在", "There is no such date");
    if (strncmp(at, "CNY", 3) != 0)
        return refuse(statement, "currency", "只接受人民币", "Only yuan are accepted");
    at += 3;
    if (!take_amount(&at, CELL_BALANCE_MAX_FEN, fen) || *at != '\0')
        return refuse(statement, "amount", "金额应为数字、逗号和最多两位小数",
                      "An amount has digits, a comma and at most two decimals");
    if (debit)
        *fen = -*fen;
    return OK;
}

/* C, D, RC (takes a credit back: money leaves), RD. */
static bool take_mark(const char **text, bool *credit, bool *reversal)
{
    *reversal = **text == 'R';
    *text += *reversal;
    if (**text != 'C' && **text != 'D')
        return false;
    *credit = (**text == 'C') != *reversal;
    ++*text;
    if (**text >= 'A' && **text <= 'Z') /* funds code */
        ++*text;
    return true;
}

/* N, F or S and three more; the customer's reference; // and the bank's; on a further line what it adds. */
static enum err read_references(struct statement *statement, struct arena *arena, const char *at)
{
    struct mt940 *mt940 = statement->state;
    struct statement_line *line = &mt940->line;
    if (strlen(at) < 4 || strchr("NFS", *at) == NULL || strspn(at + 1, LETTERS DIGITS) < 3)
        return refuse(statement, "type", "交易类型应为N、F或S加三位", "The type is N, F or S and three more");
    size_t size = strcspn(at + 4, "\n");
    const char *own = at + 4, *bank = memmem(own, size, "//", 2);
    size_t own_size = bank == NULL ? size : (size_t)(bank - own), bank_size = bank == NULL ? 0 : size - own_size - 2;
    if (own_size > REF_MAX || bank_size > REF_MAX)
        return refuse(statement, "text_length", "参考号超过16位", "A reference has more than 16 characters");
    line->bank_ref = bank_size > 0 ? arena_text_n(arena, bank + 2, bank_size) : arena_text_n(arena, own, own_size);
    line->remark = own[size] == '\n' ? arena_text(arena, own + size + 1) : "";
    bool numbered = bank_size > 0 && strcmp(line->bank_ref, "NONREF") != 0;
    line->key = numbered ? arena_format(arena, "%lld:%s", (long long)line->day, line->bank_ref) : "";
    return OK;
}

static enum err read_line(struct statement *statement, struct arena *arena)
{
    struct mt940 *mt940 = statement->state;
    const char *at = mt940->field;
    int year;
    bool credit, reversal;
    int64_t value_day, fen;
    if (!take_day(&at, &year, &value_day))
        return refuse(statement, "date", "日期不存在", "There is no such date");
    mt940->line = (struct statement_line){.place = mt940->field_line,
                                          .day = value_day,
                                          .time_us = STATEMENT_UNSAID,
                                          .balance_fen = STATEMENT_UNSAID,
                                          .payer_account = "",
                                          .payer_name = "",
                                          .payer_bank = "",
                                          .reverses = ""};
    if (strchr(DIGITS, *at) != NULL && *at != '\0' && !take_entry_day(&at, year, value_day, &mt940->line.day))
        return refuse(statement, "date", "日期不存在", "There is no such date");
    if (!take_mark(&at, &credit, &reversal))
        return refuse(statement, "direction", "借贷标志应为C、D、RC或RD", "The mark is C, D, RC or RD");
    if (!take_amount(&at, CELL_AMOUNT_MAX_FEN, &fen))
        return refuse(statement, "amount", "金额应为数字、逗号和最多两位小数",
                      "An amount has digits, a comma and at most two decimals");
    if (fen == 0)
        return refuse(statement, "amount_missing", "没有发生额", "There is no amount");
    mt940->line.movement_fen = credit ? fen : -fen;
    mt940->line.kind = reversal ? "reversal" : "ordinary";
    mt940->movements_fen += mt940->line.movement_fen;
    mt940->has_line = true;
    return read_references(statement, arena, at);
}

/* ?20 to ?29 and ?60 to ?63 are the remark, ?31 the account, ?32 and ?33 the name. */
static void take_subfield(struct arena *arena, struct statement_line *line, const char *code, const char *text)
{
    if (strcmp(code, "31") == 0)
        line->payer_account = text;
    else if (strcmp(code, "32") == 0 || strcmp(code, "33") == 0)
        line->payer_name = arena_format(arena, "%s%s", line->payer_name, text);
    else if (*code == '2' || (*code == '6' && code[1] <= '3'))
        line->remark = arena_format(arena, "%s%s", line->remark, text);
}

static enum err read_details(struct statement *statement, struct arena *arena)
{
    struct mt940 *mt940 = statement->state;
    struct statement_line *line = &mt940->line;
    char *all = arena_text(arena, mt940->field), *to = all;
    for (const char *from = all; *from != '\0'; from++) /* lines of 65 characters are one text */
        if (*from != '\n')
            *to++ = *from;
    *to = '\0';
    char *at = strchr(all, '?');
    if (at == NULL || strspn(at + 1, DIGITS) < 2) {
        line->remark = *line->remark == '\0' ? all : arena_format(arena, "%s %s", line->remark, all);
        return utf8_length(line->remark) <= FIELD_MAX
                   ? OK
                   : refuse(statement, "text_length", "文字过长", "A text is too long");
    }
    while (at != NULL) {
        char code[3] = {at[1], at[2], '\0'};
        char *text = at + SUBFIELD_SIZE, *next = strchr(text, '?');
        if (next != NULL)
            *next = '\0';
        take_subfield(arena, line, code, text);
        if (next != NULL)
            *next = '?';
        at = next != NULL && strspn(next + 1, DIGITS) >= 2 ? next : NULL;
        if (next != NULL)
            *next = '\0';
    }
    if (utf8_length(line->payer_account) > ACCOUNT_MAX || utf8_length(line->payer_name) > NAME_MAX)
        return refuse(statement, "text_length", "文字过长", "A text is too long");
    return OK;
}

static enum err close_statement(struct statement *statement)
{
    struct mt940 *mt940 = statement->state;
    int64_t closing = 0;
    TRY(read_balance(statement, &closing));
    if (mt940->tag[2] == 'M') /* more pages of the day follow, here or in another file */
        statement->complete = false;
    return statement_declare(statement, mt940->field_line, mt940->opening_fen, mt940->movements_fen, closing);
}

static enum err take_account(struct statement *statement)
{
    const struct mt940 *mt940 = statement->state;
    const char *slash = strrchr(mt940->field, '/'); /* bank/account */
    return statement_is_ours(statement, slash == NULL ? mt940->field : slash + 1) ||
                   statement_is_ours(statement, mt940->field)
               ? OK
               : refuse(statement, "account", "文件是另一个账户的对账单", "It is another account's statement");
}

static enum err open_statement(struct statement *statement)
{
    struct mt940 *mt940 = statement->state;
    mt940->movements_fen = 0;
    if (mt940->tag[2] == 'M' && !statement->declared)
        statement->complete = false;
    return read_balance(statement, &mt940->opening_fen);
}

/* THE table of fields: what each may follow, and what is done with it. */
static const struct rule {
    const char *tag;
    enum step step;
    unsigned after; /* bits of steps */
} rules[] = {
    {"20", REFERENCE, 1U << OUTSIDE | 1U << CLOSING | 1U << AVAILABLE | 1U << LAST},
    {"21", RELATED, 1U << REFERENCE},
    {"25", ACCOUNT, 1U << REFERENCE | 1U << RELATED},
    {"25P", ACCOUNT, 1U << REFERENCE | 1U << RELATED},
    {"28C", NUMBER, 1U << ACCOUNT},
    {"28", NUMBER, 1U << ACCOUNT},
    {"60F", OPENING, 1U << NUMBER},
    {"60M", OPENING, 1U << NUMBER},
    {"61", LINE, 1U << OPENING | 1U << LINE | 1U << DETAILS},
    {"86", DETAILS, 1U << LINE},
    {"62F", CLOSING, 1U << OPENING | 1U << LINE | 1U << DETAILS},
    {"62M", CLOSING, 1U << OPENING | 1U << LINE | 1U << DETAILS},
    {"64", AVAILABLE, 1U << CLOSING},
    {"65", AVAILABLE, 1U << CLOSING | 1U << AVAILABLE},
    {"86", LAST, 1U << CLOSING | 1U << AVAILABLE},
};

static enum err take_field(struct statement *statement, struct arena *arena)
{
    struct mt940 *mt940 = statement->state;
    const struct rule *rule = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(rules) && rule == NULL; i++)
        if (strcmp(rules[i].tag, mt940->tag) == 0 && (rules[i].after & 1U << mt940->step) != 0)
            rule = &rules[i];
    if (rule == NULL)
        return refuse(statement, "order", "此处不应有这个字段", "This field may not stand here");
    mt940->step = rule->step;
    switch (rule->step) {
    case ACCOUNT:
        return take_account(statement);
    case OPENING:
        return open_statement(statement);
    case LINE:
        return read_line(statement, arena);
    case DETAILS:
        return read_details(statement, arena);
    case CLOSING:
        return close_statement(statement);
    default:
        return OK;
    }
}

/* -- lines of text ----------------------------------------------------------------------------------------------- */

/* :61: and what follows it on the line; false for a line that goes on with the field before. */
static bool begins_field(const char *text, size_t *tag_size)
{
    *tag_size = 0;
    if (*text != ':')
        return false;
    size_t digits = strspn(text + 1, DIGITS);
    *tag_size = digits + (text[1 + digits] >= 'A' && text[1 + digits] <= 'Z');
    return digits == 2 && text[1 + *tag_size] == ':';
}

static enum err append(struct statement *statement, const char *text)
{
    struct mt940 *mt940 = statement->state;
    size_t size = strlen(text);
    if (mt940->field_size + size + 1 > FIELD_MAX)
        return refuse(statement, "text_length", "字段过长", "A field is too long");
    if (mt940->field_size > 0)
        mt940->field[mt940->field_size++] = '\n';
    memcpy(mt940->field + mt940->field_size, text, size + 1);
    mt940->field_size += size;
    return OK;
}

static enum err broken_block(struct statement *statement)
{
    return statement_refuse(statement, text_lines_number(statement->lines), "block", "报文块不完整",
                            "A block of the message is broken");
}

/* {1:…}{2:…}{4: and -}{5:…}: whole blocks on one line, the text block's beginning at its end. *rest: a field behind it.
 */
static enum err take_blocks(struct statement *statement, const char *text, const char **rest)
{
    struct mt940 *mt940 = statement->state;
    *rest = "";
    for (; *text == '{'; text++) {
        if (strchr("1235", text[1]) == NULL || text[1] == '\0' || text[2] != ':') {
            if (strncmp(text, "{4:", 3) != 0 || mt940->in_text)
                return broken_block(statement);
            mt940->in_text = true;
            *rest = text + 3;
            return OK;
        }
        size_t open = 1;
        for (text++; *text != '\0' && open > 0; text++)
            open = *text == '{' ? open + 1 : *text == '}' ? open - 1 : open;
        if (open > 0)
            return broken_block(statement);
        text--;
    }
    return *text == '\0' ? OK : broken_block(statement);
}

/* What the text is: *text "" when it was a block's end or beginning and nothing else. */
static enum err unwrap(struct statement *statement, const char **text)
{
    struct mt940 *mt940 = statement->state;
    if (!cell_clean(*text))
        return statement_refuse(statement, text_lines_number(statement->lines), "control", "含有控制字符",
                                "There is a control character");
    if (**text == '{') {
        mt940->blocks = true;
        if (mt940->in_text)
            return broken_block(statement);
        return take_blocks(statement, *text, text);
    }
    if (strncmp(*text, "-}", 2) == 0) {
        if (!mt940->in_text)
            return broken_block(statement);
        mt940->in_text = false;
        const char *rest;
        TRY(take_blocks(statement, *text + 2, &rest));
        *text = "";
        return *rest == '\0' ? OK : broken_block(statement);
    }
    if (strcmp(*text, "-") == 0)
        *text = "";
    else if (mt940->blocks && !mt940->in_text && **text != '\0')
        return broken_block(statement);
    return OK;
}

static enum err read_text(struct statement *statement, const char **text)
{
    const char *rule;
    enum err err = text_lines_next(statement->lines, text, &rule);
    statement->place = text_lines_number(statement->lines);
    if (err == ERR_STATEMENT_REFUSED)
        return statement_refuse(statement, statement->place, rule, "行过长、编码有误或含有空字符",
                                "A line is too long, not in its encoding or has a NUL");
    TRY(err);
    return *text == NULL ? OK : unwrap(statement, text);
}

static enum err begin_field(struct statement *statement, const char *text, size_t tag_size)
{
    struct mt940 *mt940 = statement->state;
    memcpy(mt940->tag, text + 1, tag_size);
    mt940->tag[tag_size] = '\0';
    mt940->field_line = statement->place;
    mt940->field_size = 0;
    mt940->field[0] = '\0';
    return append(statement, text + tag_size + 2);
}

static enum err end_of_text(struct statement *statement)
{
    struct mt940 *mt940 = statement->state;
    mt940->ended = true;
    if (mt940->in_text)
        return broken_block(statement);
    if (mt940->step != CLOSING && mt940->step != AVAILABLE && mt940->step != LAST)
        return statement_refuse(statement, statement->place, "balance_missing", "缺少期末余额（:62F:）",
                                "The closing balance (:62F:) is missing");
    return OK;
}

/* The field that is complete now is taken; a line is told once the field after it shows that it is complete. */
static enum err next_field(struct statement *statement, struct arena *arena, bool *line_ready)
{
    struct mt940 *mt940 = statement->state;
    const char *text;
    size_t tag_size = 0;
    for (;;) {
        TRY(read_text(statement, &text));
        bool begins = text != NULL && begins_field(text, &tag_size);
        if (text != NULL && !begins) {
            if (*text == '\0')
                continue;
            if (mt940->tag[0] == '\0')
                return statement_refuse(statement, statement->place, "order",
                                        "此处应为字段，如:20:", "A field like :20: must stand here");
            TRY(append(statement, text));
            continue;
        }
        if (mt940->tag[0] != '\0')
            TRY(take_field(statement, arena));
        mt940->tag[0] = '\0';
        if (begins)
            TRY(begin_field(statement, text, tag_size));
        else
            TRY(end_of_text(statement));
        *line_ready = mt940->has_line && !(begins && mt940->step == LINE && strcmp(mt940->tag, "86") == 0);
        return OK;
    }
}

static enum err mt940_next(struct statement *statement, struct arena *arena, struct statement_line *line, bool *taken,
                           bool *more)
{
    struct mt940 *mt940 = statement->state;
    *taken = false;
    while (!*taken && !mt940->ended)
        TRY(next_field(statement, arena, taken));
    if (*taken) {
        *line = mt940->line;
        mt940->has_line = false;
    }
    *more = !mt940->ended;
    return OK;
}

const struct statement_reader mt940_reader = {.next = mt940_next, .close = mt940_close};

enum err mt940_open(struct statement *statement)
{
    statement->reader = &mt940_reader;
    statement->state = ARENA_NEW(statement->arena, struct mt940);
    statement->format = "mt940";
    statement->complete = true;
    return OK;
}
