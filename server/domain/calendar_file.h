/* SPDX-License-Identifier: Apache-2.0 */
/* A year's holidays and shifted working days as a file: CSV in UTF-8, a first line "# …" that names the notice it comes
 * from, the heading 日期,安排,名称 (date,kind,name), then the days that are not what their weekday says. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#define CALENDAR_FILE_SIZE_MAX (64 * 1024)
#define CALENDAR_DAYS_MAX      120

/* Told for every line that is wrong; line 0: the file as a whole. */
typedef void calendar_report(void *context, size_t line, const char *fault);

struct calendar_list {
    int64_t year;
    const char *source;                  /* the notice */
    const char *days[CALENDAR_DAYS_MAX]; /* yyyy-mm-dd */
    int64_t working[CALENDAR_DAYS_MAX];  /* 1: worked though it is a weekend; 0: a holiday */
    const char *names[CALENDAR_DAYS_MAX];
    size_t count;
};

/* All days, or ERR_FIELDS_INVALID after every bad line was told. */
enum err calendar_file_read(struct arena *arena, struct bytes file, calendar_report *report, void *context,
                            struct calendar_list *out) MUST_CHECK;
