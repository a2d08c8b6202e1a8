/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/calendar_file.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_LENGTH 40
#define SOURCE_MAX      200
#define COLUMNS         3
#define DAY_US          86400000000
#define BEIJING_US      28800000000
#define FIRST_WEEKDAY   3 /* 1970-01-01 was a Thursday; 0 is Monday */
#define YEAR_MIN        2000
#define YEAR_MAX        2100

struct reading {
    struct arena *arena;
    calendar_report *report;
    void *context;
    size_t line, faults;
    bool headed;
    struct calendar_list *out;
};

static void refuse(struct reading *reading, size_t line, const char *fault)
{
    reading->faults++;
    reading->report(reading->context, line, fault);
}

/* -- one day ------------------------------------------------------------------------------------------------------- */

/* Days since 1970 of a date; false when it is none. */
static bool day_number(const char *text, int64_t *days)
{
    char midnight[CLOCK_TEXT_SIZE];
    int64_t unix_us;
    if (strlen(text) != strlen("2026-01-01"))
        return false;
    snprintf(midnight, sizeof(midnight), "%s 00:00:00", text);
    if (!clock_parse_plain(midnight, &unix_us) || unix_us < 0)
        return false;
    *days = (unix_us + BEIJING_US) / DAY_US;
    return true;
}

static bool working_of(const char *word, int64_t *working)
{
    static const char *const words[][2] = {{"放假", "off"}, {"上班", "work"}};
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (strcmp(word, words[i][0]) == 0 || strcmp(word, words[i][1]) == 0) {
            *working = (int64_t)i;
            return true;
        }
    return false;
}

static const char *fault_of(const struct calendar_list *list, const char *const columns[COLUMNS], int64_t *working)
{
    int64_t days = 0;
    if (!day_number(columns[0], &days))
        return "日期应如2026-01-01 (the date must be like 2026-01-01)";
    if (!working_of(columns[1], working))
        return "安排应为放假或上班 (the kind must be 放假 or 上班)";
    if (*working == 1 && (days + FIRST_WEEKDAY) % 7 < 5)
        return "星期一至星期五本来就上班，不用列出 (a weekday is worked anyway; leave it out)";
    if (columns[2][0] == '\0' || utf8_length(columns[2]) > NAME_MAX_LENGTH)
        return "名称应为1至40个字 (the name must have 1 to 40 characters)";
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->days[i], columns[0]) == 0)
            return "日期重复 (the date is there twice)";
    return list->count == CALENDAR_DAYS_MAX ? "天数过多 (too many days)" : NULL;
}

static void take_day(struct reading *reading, const char *const columns[COLUMNS])
{
    struct calendar_list *list = reading->out;
    int64_t working = 0;
    const char *fault = fault_of(list, columns, &working);
    if (fault != NULL) {
        refuse(reading, reading->line, fault);
        return;
    }
    list->days[list->count] = columns[0];
    list->working[list->count] = working;
    list->names[list->count++] = columns[2];
}

/* -- lines --------------------------------------------------------------------------------------------------------- */

/* Exactly three values between commas. */
static bool split(struct arena *arena, const char *line, const char *columns[COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++) {
        size_t size = strcspn(line, ",");
        columns[i] = text_trimmed(arena, line, size);
        if ((line[size] == ',') != (i + 1 < COLUMNS))
            return false;
        line += size + 1;
    }
    return true;
}

static void take_line(struct reading *reading, const char *line)
{
    const char *columns[COLUMNS];
    if (line[0] == '\0')
        return;
    if (line[0] == '#') {
        if (reading->out->source == NULL)
            reading->out->source = text_trimmed(reading->arena, line + 1, strlen(line + 1));
    } else if (!split(reading->arena, line, columns)) {
        refuse(reading, reading->line, "应有三列：日期,安排,名称 (three columns: date,kind,name)");
    } else if (!reading->headed) {
        reading->headed = true;
        if (strcmp(columns[0], "日期") != 0 && strcmp(columns[0], "date") != 0)
            refuse(reading, reading->line, "缺少表头：日期,安排,名称 (the heading is missing: date,kind,name)");
    } else {
        take_day(reading, columns);
    }
}

/* The notice's year is that of its last day; of the year before only December is in it. */
static void check_year(struct reading *reading)
{
    struct calendar_list *list = reading->out;
    for (size_t i = 0; i < list->count; i++) {
        int64_t year = strtol(list->days[i], NULL, 10);
        list->year = year > list->year ? year : list->year;
    }
    for (size_t i = 0; i < list->count; i++) {
        int64_t year = strtol(list->days[i], NULL, 10);
        if (year != list->year && (year != list->year - 1 || strncmp(list->days[i] + 4, "-12-", 4) != 0))
            refuse(reading, 0,
                   arena_format(reading->arena, "%s 不属于%d年 (is not of that year): 每个文件一年", list->days[i],
                                (int)list->year));
    }
    if (list->year < YEAR_MIN || list->year > YEAR_MAX)
        refuse(reading, 0, "没有任何日期，或年份有误 (no days, or a wrong year)");
}

enum err calendar_file_read(struct arena *arena, struct bytes file, calendar_report *report, void *context,
                            struct calendar_list *out)
{
    struct calendar_list list = {0};
    struct reading reading = {.arena = arena, .report = report, .context = context, .out = &list};
    const char *text = (const char *)file.data;
    if (file.size == 0 || !utf8_valid(text, file.size)) {
        refuse(&reading, 0, "应为UTF-8编码的文本 (must be a text in UTF-8)");
        return ERR_FIELDS_INVALID;
    }
    const char *at = arena_text_n(arena, text, file.size);
    at += strncmp(at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    for (size_t size; *at != '\0'; at += size + (at[size] == '\n')) {
        size = strcspn(at, "\n");
        reading.line++;
        take_line(&reading, text_trimmed(arena, at, size));
    }
    if (list.source == NULL || list.source[0] == '\0' || utf8_length(list.source) > SOURCE_MAX)
        refuse(&reading, 0, "缺少来源：第一行应为“# 通知名称（文号）” (the first line must name the notice: # …)");
    check_year(&reading);
    ENSURE(reading.faults == 0, ERR_FIELDS_INVALID);
    *out = list;
    return OK;
}
