/* SPDX-License-Identifier: Apache-2.0 */
#include "statement/cell.h"

#include <string.h>

#define DAY_US       (INT64_C(86400) * 1000000)
#define BEIJING_US   (INT64_C(8) * 3600 * 1000000)
#define YEAR_FIRST   1990
#define YEAR_LAST    2099
#define DIGITS       "0123456789"
#define DECIMALS_MAX 2
#define MICROSECONDS 6

static const char *const blanks[] = {" ", "\t", "\r", "\n", "\u3000", "\u00a0", "\ufeff", "\u200b"};

static size_t begins_with_one(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(text, words[i], strlen(words[i])) == 0)
            return strlen(words[i]);
    return 0;
}

static size_t blank_at(const char *text)
{
    return begins_with_one(text, blanks, sizeof(blanks) / sizeof(blanks[0]));
}

static size_t blank_before(const char *text, size_t size)
{
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        size_t length = strlen(blanks[i]);
        if (size >= length && memcmp(text + size - length, blanks[i], length) == 0)
            return length;
    }
    return 0;
}

static char *trim_blanks(char *text)
{
    for (size_t blank; (blank = blank_at(text)) > 0;)
        text += blank;
    size_t size = strlen(text);
    for (size_t blank; (blank = blank_before(text, size)) > 0;)
        size -= blank;
    text[size] = '\0';
    return text;
}

char *cell_trim(char *text)
{
    text = trim_blanks(text);
    size_t size = strlen(text);
    if (size >= 3 && text[0] == '=' && text[1] == '"' && text[size - 1] == '"') {
        text[size - 1] = '\0';
        return trim_blanks(text + 2);
    }
    return text[0] == '\'' ? trim_blanks(text + 1) : text;
}

char *cell_heading(struct arena *arena, const char *text)
{
    static const char *const dropped[] = {" ",  "\t", "\r", "\n", "\u3000", "\u00a0", "\ufeff", "：", ":",  "(", ")",
                                          "（", "）", "[",  "]",  "【",     "】",     "/",      "／", "元", "'", "\""};
    char *out = arena_alloc(arena, strlen(text) + 1), *to = out;
    while (*text != '\0') {
        size_t drop = begins_with_one(text, dropped, sizeof(dropped) / sizeof(dropped[0]));
        if (drop == 0)
            *to++ = *text++;
        text += drop;
    }
    return out;
}

bool cell_clean(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

/* -- amounts ----------------------------------------------------------------------------------------------------- */

static bool take_sign(const char **text)
{
    bool minus = **text == '-';
    if (**text == '-' || **text == '+')
        ++*text;
    return minus;
}

/* Digits before the point: in groups of three once there is a comma. */
static bool take_whole(const char **text, int64_t *value)
{
    size_t group = strspn(*text, DIGITS);
    bool grouped = (*text)[group] == ',';
    if (group == 0 || (grouped && group > 3))
        return false;
    for (*value = 0; group > 0;) {
        for (; group > 0; group--, ++*text)
            if (*value > CELL_BALANCE_MAX_FEN || (*value = *value * 10 + **text - '0') > CELL_BALANCE_MAX_FEN)
                return false;
        if (grouped && **text == ',') {
            ++*text;
            group = strspn(*text, DIGITS);
            if (group != 3)
                return false;
        }
    }
    return true;
}

static bool take_decimals(const char **text, int64_t *fen)
{
    *fen = 0;
    size_t count = 0;
    if (**text == '.') {
        ++*text;
        count = strspn(*text, DIGITS);
        if (count == 0 || count > DECIMALS_MAX)
            return false;
    }
    for (size_t i = 0; i < DECIMALS_MAX; i++)
        *fen = *fen * 10 + (i < count ? (*text)[i] - '0' : 0);
    *text += count;
    return true;
}

bool cell_amount(const char *text, int64_t *fen)
{
    static const char *const signs[] = {"￥", "¥", "RMB", "CNY"};
    int64_t whole, part;
    bool minus = take_sign(&text);
    size_t currency = begins_with_one(text, signs, sizeof(signs) / sizeof(signs[0]));
    text += currency;
    if (currency > 0 && !minus)
        minus = take_sign(&text);
    if (!take_whole(&text, &whole) || !take_decimals(&text, &part) || *text != '\0' ||
        whole > CELL_BALANCE_MAX_FEN / 100)
        return false;
    *fen = minus ? -(whole * 100 + part) : whole * 100 + part;
    return true;
}

/* -- dates and times --------------------------------------------------------------------------------------------- */

/* Days from the civil calendar, as in domain's term.c; years are few here. */
bool cell_day(int year, int month, int day, int64_t *out)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12 || day < 1 ||
        day > lengths[month - 1] + (month == 2 && leap))
        return false;
    int64_t days = 0;
    for (int y = 1970; y < year; y++)
        days += (y % 4 == 0 && y % 100 != 0) || y % 400 == 0 ? 366 : 365;
    for (int m = 1; m < month; m++)
        days += lengths[m - 1] + (m == 2 && leap);
    *out = days + day - 1;
    return true;
}

int64_t cell_instant(int64_t day, int64_t us_of_day)
{
    return day * DAY_US + us_of_day - BEIJING_US;
}

static bool take_number(const char **text, size_t least, size_t most, int *out)
{
    size_t count = strspn(*text, DIGITS);
    if (count > most)
        count = most;
    if (count < least)
        return false;
    for (*out = 0; count > 0; count--)
        *out = *out * 10 + *(*text)++ - '0';
    return true;
}

static bool take_word(const char **text, const char *word)
{
    if (strncmp(*text, word, strlen(word)) != 0)
        return false;
    *text += strlen(word);
    return true;
}

/* What stands between year, month and day, and after the day; "" for none. */
static bool take_date_with(const char **text, int year, const char *const between[3], int64_t *day)
{
    int month, in_month;
    size_t least = between[0][0] == '\0' ? 2 : 1;
    return take_word(text, between[0]) && take_number(text, least, 2, &month) && take_word(text, between[1]) &&
           take_number(text, least, 2, &in_month) && take_word(text, between[2]) &&
           cell_day(year, month, in_month, day);
}

bool cell_date(const char *text, int64_t *day, const char **rest)
{
    static const char *const styles[][3] = {
        {"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}, {"年", "月", "日"}, {"", "", ""}};
    int year;
    int64_t found;
    if (!take_number(&text, 4, 4, &year))
        return false;
    for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
        const char *at = text;
        if (!take_date_with(&at, year, styles[i], &found))
            continue;
        if (strchr(DIGITS, *at) != NULL && *at != '\0' && styles[i][0][0] != '\0')
            return false; /* 2026-11-211 */
        *day = found;
        *rest = at;
        return true;
    }
    return false;
}

static bool take_fraction(const char **text, int64_t *us)
{
    if (**text != '.')
        return true;
    size_t count = strspn(++*text, DIGITS);
    if (count == 0 || count > MICROSECONDS)
        return false;
    int64_t value = 0;
    for (size_t i = 0; i < MICROSECONDS; i++)
        value = value * 10 + (i < count ? (*text)[i] - '0' : 0);
    *text += count;
    *us += value;
    return true;
}

static bool take_clock(const char **text, const char *between, int64_t *us)
{
    int hour, minute, second = 0;
    if (!take_number(text, *between == '\0' ? 2 : 1, 2, &hour) || !take_word(text, between) ||
        !take_number(text, 2, 2, &minute))
        return false;
    bool seconds = *between == '\0' ? **text != '\0' && strchr(DIGITS, **text) != NULL : **text == *between;
    if (seconds && !(take_word(text, between) && take_number(text, 2, 2, &second)))
        return false;
    *us = ((int64_t)hour * 3600 + minute * 60 + second) * 1000000;
    return hour < 24 && minute < 60 && second < 60;
}

bool cell_time(const char *text, int64_t *us)
{
    static const char *const styles[] = {":", ".", ""};
    while (*text == ' ' || *text == 'T' || *text == '-')
        text++;
    for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
        const char *at = text;
        int64_t found;
        if (take_clock(&at, styles[i], &found) && take_fraction(&at, &found) && *at == '\0') {
            *us = found;
            return true;
        }
    }
    return false;
}
