/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a renewed certificate for every day of ten years, every term and every hour's edges in Beijing, against
 * another reckoning: the C library's calendar (timegm, gmtime) and a day clamped by trying. */
#include "domain/term.h"
#include "unit/domain/unit.h"

#include <time.h>

#define YEARS 10
#define EDGES 48 /* :00:00 and :59:59 of each hour */

/* Those on offer, and others that land in shorter months and on leap days. */
static const int64_t terms[] = {12, 24, 36, 60, 1, 6, 13, 48};

static int64_t us(time_t seconds)
{
    return (int64_t)seconds * CLOCK_SECOND_US;
}

/* Beijing's clock read as if it were UTC's; timegm turns the 31st of a shorter month into the next month, which is seen
 * and taken back day by day. */
static time_t oracle(time_t from, int64_t months)
{
    time_t shown = from + 8 * 3600;
    struct tm start;
    gmtime_r(&shown, &start);
    int wanted = (int)(((int64_t)start.tm_mon + months) % 12);
    for (int back = 0; back < 4; back++) {
        struct tm end = start;
        end.tm_mon += (int)months;
        end.tm_mday -= back;
        time_t answer = timegm(&end);
        if (end.tm_mon == wanted)
            return answer - 8 * 3600;
    }
    fail_msg("no month is shorter than 28 days");
    return 0;
}

static time_t midnight_in_beijing(int year)
{
    struct tm day = {.tm_year = year - 1900, .tm_mday = 1};
    return timegm(&day) - 8 * 3600;
}

static time_t edge_of(time_t midnight, int edge)
{
    return midnight + edge / 2 * 3600 + (edge % 2 != 0 ? 3599 : 0);
}

/* From 2023 on: two leap years, and a five-year term over 2028 and 2032. */
static const int first_year = 2023;

static void a_valid_certificate_is_extended_from_its_end(void **state)
{
    (void)state;
    time_t last = midnight_in_beijing(first_year + YEARS);
    size_t days = 0;
    for (time_t midnight = midnight_in_beijing(first_year); midnight < last; midnight += 86400, days++)
        for (int edge = 0; edge < EDGES; edge++) {
            time_t end = edge_of(midnight, edge);
            for (size_t i = 0; i < ARRAY_SIZE(terms); i++)
                if (term_new_not_after(us(end), us(end), terms[i]) != us(oracle(end, terms[i])))
                    fail_msg("%lld and %d months", (long long)end, (int)terms[i]);
        }
    assert_int_equal(days, 3653);
}

static void an_expired_one_is_extended_from_now_in_whole_seconds(void **state)
{
    (void)state;
    time_t last = midnight_in_beijing(first_year + YEARS);
    for (time_t midnight = midnight_in_beijing(first_year); midnight < last; midnight += 86400)
        for (int edge = 0; edge < EDGES; edge += 5) {
            time_t now = edge_of(midnight, edge);
            for (size_t i = 0; i < ARRAY_SIZE(terms); i++) {
                int64_t expected = us(oracle(now, terms[i]));
                assert_true(term_new_not_after(us(now) - 1, us(now), terms[i]) == expected);
                assert_true(term_new_not_after(us(now - 400 * 86400), us(now) + 999999, terms[i]) == expected);
            }
        }
}

/* The last moment of validity and the first after it, on every day: the base changes exactly there. */
static void the_base_changes_right_after_the_end(void **state)
{
    (void)state;
    time_t last = midnight_in_beijing(first_year + YEARS);
    for (time_t end = midnight_in_beijing(first_year) + 43200; end < last; end += 86400)
        for (size_t i = 0; i < ARRAY_SIZE(terms); i++) {
            int64_t old = us(oracle(end, terms[i])), later = us(oracle(end + 1, terms[i]));
            assert_true(term_new_not_after(us(end), us(end) - CLOCK_DAY_US, terms[i]) == old);
            assert_true(term_new_not_after(us(end), us(end), terms[i]) == old);
            assert_true(term_new_not_after(us(end), us(end) + 1, terms[i]) == old); /* the same second */
            assert_true(term_new_not_after(us(end), us(end + 1), terms[i]) == later);
        }
}

static void a_month_end_stays_one_and_leap_days_do_not_drift(void **state)
{
    (void)state;
    for (int year = first_year; year < first_year + YEARS; year++)
        for (int month = 1; month <= 12; month++) {
            struct beijing end = {year, month, days_in_month(year, month), 23, 59, 59, 0};
            for (size_t i = 0; i < ARRAY_SIZE(terms); i++) {
                struct beijing renewed = beijing_from_us(term_add_months(beijing_to_us(end), terms[i]));
                int length = days_in_month(renewed.year, renewed.month);
                assert_int_equal(renewed.year * 12 + renewed.month, year * 12 + month + terms[i]);
                assert_int_equal(renewed.day, end.day < length ? end.day : length);
                assert_int_equal(renewed.hour * 3600 + renewed.minute * 60 + renewed.second, 86399);
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_valid_certificate_is_extended_from_its_end),
        TEST(an_expired_one_is_extended_from_now_in_whole_seconds),
        TEST(the_base_changes_right_after_the_end),
        TEST(a_month_end_stays_one_and_leap_days_do_not_drift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
