/* SPDX-License-Identifier: Apache-2.0 */
/* Time. Instants are int64 microseconds since 1970-01-01T00:00:00Z; what people see is Beijing time (UTC+8, no DST
 * since 1991), whatever the host's TZ is. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

#define CLOCK_SECOND_US INT64_C(1000000)
#define CLOCK_DAY_US    (86400 * CLOCK_SECOND_US)
#define CLOCK_TEXT_SIZE 40

int64_t clock_now_us(void);
/* For deadlines: never jumps. */
int64_t clock_monotonic_ms(void);

/* Proleptic Gregorian, in Beijing time. */
struct beijing {
    int year, month, day, hour, minute, second, microsecond;
};

struct beijing beijing_from_us(int64_t unix_us);
int64_t beijing_to_us(struct beijing time);
int days_in_month(int year, int month);

/* RFC 3339 with +08:00 and whole seconds: 2026-11-21T13:04:05+08:00. */
void clock_format(int64_t unix_us, char text[static CLOCK_TEXT_SIZE]);
char *clock_text(struct arena *arena, int64_t unix_us);
/* "2026-11-21 13:04:05", as Alipay writes times. */
bool clock_parse_plain(const char *text, int64_t *unix_us);
void clock_format_plain(int64_t unix_us, char text[static CLOCK_TEXT_SIZE]);
/* RFC 3339 with any offset; parts of a second are dropped. */
bool clock_parse(const char *text, int64_t *unix_us);
