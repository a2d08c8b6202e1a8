/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define BEIJING_OFFSET_US (8 * 3600 * CLOCK_SECOND_US)

int64_t clock_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * CLOCK_SECOND_US + now.tv_nsec / 1000;
}

int64_t clock_monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days since 1970-01-01 of a civil date and back: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int64_t days, struct beijing *out)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    out->day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    out->month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    out->year = (int)(year_of_era + era * 400 + (out->month <= 2));
}

struct beijing beijing_from_us(int64_t unix_us)
{
    /* the offset is added to the rest: instants at the ends of int64 (the database's infinities) must not overflow */
    int64_t days = unix_us / CLOCK_DAY_US, rest = unix_us % CLOCK_DAY_US + BEIJING_OFFSET_US;
    if (rest < 0 || rest >= CLOCK_DAY_US) {
        int64_t carry = rest < 0 ? -1 : 1;
        days += carry;
        rest -= carry * CLOCK_DAY_US;
    }
    int64_t seconds = rest / CLOCK_SECOND_US;
    struct beijing time = {.hour = (int)(seconds / 3600),
                           .minute = (int)(seconds / 60 % 60),
                           .second = (int)(seconds % 60),
                           .microsecond = (int)(rest % CLOCK_SECOND_US)};
    civil_from_days(days, &time);
    return time;
}

int64_t beijing_to_us(struct beijing time)
{
    int64_t days = days_from_civil(time.year, time.month, time.day);
    int64_t seconds = days * 86400 + time.hour * 3600 + time.minute * 60 + time.second;
    return seconds * CLOCK_SECOND_US + time.microsecond - BEIJING_OFFSET_US;
}

void clock_format(int64_t unix_us, char text[static CLOCK_TEXT_SIZE])
{
    struct beijing t = beijing_from_us(unix_us);
    snprintf(text, CLOCK_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d+08:00", t.year, t.month, t.day, t.hour, t.minute,
             t.second);
}

char *clock_text(struct arena *arena, int64_t unix_us)
{
    char text[CLOCK_TEXT_SIZE];
    clock_format(unix_us, text);
    return arena_text(arena, text);
}

void clock_format_plain(int64_t unix_us, char text[static CLOCK_TEXT_SIZE])
{
    struct beijing t = beijing_from_us(unix_us);
    snprintf(text, CLOCK_TEXT_SIZE, "%04d-%02d-%02d %02d:%02d:%02d", t.year, t.month, t.day, t.hour, t.minute,
             t.second);
}

/* d: a digit; anything else stands for itself. */
static bool has_shape(const char *text, const char *shape)
{
    for (; *shape != '\0'; text++, shape++) {
        bool digit = *text >= '0' && *text <= '9';
        if (*shape == 'd' ? !digit : *text != *shape)
            return false;
    }
    return true;
}

static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

/* yyyy-mm-dd?hh:mm:ss, whose shape has been checked, as if it were Beijing time. */
static bool read_civil(const char *text, int64_t *unix_us)
{
    struct beijing t = {.year = digits(text, 4),
                        .month = digits(text + 5, 2),
                        .day = digits(text + 8, 2),
                        .hour = digits(text + 11, 2),
                        .minute = digits(text + 14, 2),
                        .second = digits(text + 17, 2)};
    if (t.month < 1 || t.month > 12 || t.day < 1 || t.day > days_in_month(t.year, t.month) || t.hour > 23 ||
        t.minute > 59 || t.second > 59)
        return false;
    *unix_us = beijing_to_us(t);
    return true;
}

bool clock_parse_plain(const char *text, int64_t *unix_us)
{
    return strlen(text) == 19 && has_shape(text, "dddd-dd-dd dd:dd:dd") && read_civil(text, unix_us);
}

/* Z, or +hh:mm, and nothing after it. */
static bool read_offset(const char *text, int64_t *offset_us)
{
    if (strcmp(text, "Z") == 0) {
        *offset_us = 0;
        return true;
    }
    if ((text[0] != '+' && text[0] != '-') || !has_shape(text + 1, "dd:dd") || text[6] != '\0')
        return false;
    int hours = digits(text + 1, 2), minutes = digits(text + 4, 2);
    *offset_us = (hours * 60 + minutes) * 60 * CLOCK_SECOND_US * (text[0] == '-' ? -1 : 1);
    return hours <= 23 && minutes <= 59;
}

bool clock_parse(const char *text, int64_t *unix_us)
{
    int64_t civil_us, offset_us;
    if (!has_shape(text, "dddd-dd-ddTdd:dd:dd") || !read_civil(text, &civil_us))
        return false;
    const char *rest = text + 19;
    if (*rest == '.' && rest[1] >= '0' && rest[1] <= '9')
        rest += 1 + strspn(rest + 1, "0123456789");
    if (!read_offset(rest, &offset_us))
        return false;
    *unix_us = civil_us + BEIJING_OFFSET_US - offset_us;
    return true;
}
