/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a cell: texts padded against spreadsheets, dates, times, exact amounts. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

#define CELL_AMOUNT_MAX_FEN  INT64_C(100000000000)    /* one billion yuan: what the ledger books at once */
#define CELL_BALANCE_MAX_FEN INT64_C(999999999999999) /* 13 digits and two decimals */

/* Spaces of any width, tabs and a leading ' or = with quotes are padding. Shortens in place. */
char *cell_trim(char *text);
/* Without white space, colons, brackets, slashes, and 元: how headings are compared. */
char *cell_heading(struct arena *arena, const char *text);
/* No control characters. */
bool cell_clean(const char *text);

/* "1,234.50", "￥-3.1", "20000": digits, groups of three if any, at most two decimals; a sign before or after ￥. */
bool cell_amount(const char *text, int64_t *fen);
/* 2026-11-21, 2026/11/21, 2026.11.21, 20261121, 2026年11月21日, alone or before a time; days since 1970. rest: what
 * follows it. */
bool cell_date(const char *text, int64_t *day, const char **rest);
/* 15:04:05, 150405, 15:04, 15.04.05.123456, with what may stand before it (space, T, -); "" is no time. Microseconds of
 * the day. */
bool cell_time(const char *text, int64_t *us);
/* A day that there is. */
bool cell_day(int year, int month, int day, int64_t *out);
/* Beijing time. */
int64_t cell_instant(int64_t day, int64_t us_of_day);
