/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/clock.h"

#include <stdlib.h>
#include <time.h>

#define ROUNDS 20000

static int64_t parsed(const char *text)
{
    int64_t unix_us;
    assert_true(clock_parse_plain(text, &unix_us));
    return unix_us;
}

static void the_epoch_is_eight_in_beijing(void **state)
{
    assert_string_equal(clock_text(*state, 0), "1970-01-01T08:00:00+08:00");
    assert_true(parsed("1970-01-01 08:00:00") == 0);
}

static void the_host_s_time_zone_does_not_matter(void **state)
{
    static const char *const zones[] = {"UTC", "America/New_York", "Asia/Kathmandu", "Asia/Shanghai"};
    for (size_t i = 0; i < ARRAY_SIZE(zones); i++) {
        setenv("TZ", zones[i], 1);
        tzset();
        assert_string_equal(clock_text(*state, 1795237445000000), "2026-11-21T13:04:05+08:00");
        assert_true(parsed("2026-11-21 13:04:05") == 1795237445000000);
    }
    unsetenv("TZ");
    tzset();
}

static void years_end_at_midnight_in_beijing(void **state)
{
    int64_t midnight = parsed("2027-01-01 00:00:00");
    assert_string_equal(clock_text(*state, midnight - 1), "2026-12-31T23:59:59+08:00");
    assert_string_equal(clock_text(*state, midnight), "2027-01-01T00:00:00+08:00");
}

static void leap_years_follow_the_gregorian_rule(void **state)
{
    (void)state;
    int64_t unused;
    assert_true(clock_parse_plain("2028-02-29 00:00:00", &unused));
    assert_true(clock_parse_plain("2000-02-29 00:00:00", &unused));
    assert_false(clock_parse_plain("2026-02-29 00:00:00", &unused));
    assert_false(clock_parse_plain("2100-02-29 00:00:00", &unused));
    assert_int_equal(days_in_month(2028, 2), 29);
    assert_int_equal(days_in_month(1900, 2), 28);
    assert_true(parsed("2028-03-01 00:00:00") - parsed("2028-02-28 00:00:00") == 2 * CLOCK_DAY_US);
}

static void agrees_with_the_c_library_at_random_instants(void **state)
{
    (void)state;
    srandom(20261121);
    for (int i = 0; i < ROUNDS; i++) {
        int64_t seconds = (int64_t)random() * 8 - (INT64_C(1) << 33);
        time_t shifted = (time_t)(seconds + 8 * 3600);
        struct tm expected;
        gmtime_r(&shifted, &expected);
        struct beijing time = beijing_from_us(seconds * CLOCK_SECOND_US + i);
        assert_true(time.year == expected.tm_year + 1900 && time.month == expected.tm_mon + 1 &&
                    time.day == expected.tm_mday && time.hour == expected.tm_hour && time.minute == expected.tm_min &&
                    time.second == expected.tm_sec && time.microsecond == i);
        assert_true(beijing_to_us(time) == seconds * CLOCK_SECOND_US + i);
    }
}

static void instants_before_1970_round_down(void **state)
{
    assert_string_equal(clock_text(*state, -1), "1970-01-01T07:59:59+08:00");
    assert_int_equal(beijing_from_us(-1).microsecond, 999999);
    assert_string_equal(clock_text(*state, -8 * 3600 * CLOCK_SECOND_US - 1), "1969-12-31T23:59:59+08:00");
}

static void the_ends_of_int64_do_not_overflow(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_SIZE];
    assert_int_equal(beijing_from_us(INT64_MAX).year, 294247);
    assert_int_equal(beijing_from_us(INT64_MIN).year, -290308);
    clock_format(INT64_MIN, text);
    clock_format_plain(INT64_MAX, text);
}

static void refuses_everything_but_the_plain_form(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "2026-11-21",
        "2026-11-21T13:04:05",
        "2026-11-21 13:04:05 ",
        " 2026-11-21 13:04:05",
        "2026-11-21 13:04:5",
        "2026-11-21 13:04:60",
        "2026-11-21 13:60:05",
        "2026-11-21 24:00:00",
        "2026-00-21 13:04:05",
        "2026-13-21 13:04:05",
        "2026-11-00 13:04:05",
        "2026-11-31 13:04:05",
        "-026-11-21 13:04:05",
        "2026-11-21 13:04:+5",
        "２026-11-21 13:04:05",
        "2026-11-21 13:04:05.000",
    };
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        int64_t untouched = 4711;
        assert_false(clock_parse_plain(wrong[i], &untouched));
        assert_true(untouched == 4711);
    }
}

static void reads_an_instant_with_any_offset(void **state)
{
    (void)state;
    static const char *const same[] = {"2026-11-21T13:04:05+08:00", "2026-11-21T05:04:05Z", "2026-11-20T21:04:05-08:00",
                                       "2026-11-21T10:34:05+05:30", "2026-11-21T13:04:05.999+08:00"};
    int64_t expected, got;
    assert_true(clock_parse_plain("2026-11-21 13:04:05", &expected));
    for (size_t i = 0; i < ARRAY_SIZE(same); i++) {
        assert_true(clock_parse(same[i], &got));
        assert_true(got == expected);
    }
}

static void refuses_an_instant_without_a_whole_offset(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "2026-11-21T13:04:05",
                                        "2026-11-21T13:04:05 Z",
                                        "2026-11-21T13:04:05+8:00",
                                        "2026-11-21T13:04:05+0800",
                                        "2026-11-21T13:04:05+24:00",
                                        "2026-11-21T13:04:05+08:60",
                                        "2026-11-21T13:04:05+08:00 ",
                                        "2026-11-21T13:04:05.Z",
                                        "2026-11-21T13:04:05ZZ",
                                        "2026-02-30T13:04:05Z",
                                        "2026-11-21 13:04:05Z"};
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        int64_t untouched = 4711;
        assert_false(clock_parse(wrong[i], &untouched));
        assert_true(untouched == 4711);
    }
}

static void the_plain_form_comes_back(void **state)
{
    (void)state;
    static const char *const texts[] = {"2026-11-21 13:04:05", "1999-12-31 23:59:59", "2028-02-29 00:00:00",
                                        "9999-12-31 23:59:59", "0001-01-01 00:00:00"};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        char text[CLOCK_TEXT_SIZE];
        clock_format_plain(parsed(texts[i]), text);
        assert_string_equal(text, texts[i]);
    }
}

static void the_monotonic_clock_does_not_go_back(void **state)
{
    (void)state;
    int64_t before = clock_monotonic_ms();
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_monotonic_ms();
        assert_true(now >= before);
        before = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(the_epoch_is_eight_in_beijing),
        UNIT(the_host_s_time_zone_does_not_matter),
        UNIT(years_end_at_midnight_in_beijing),
        UNIT(leap_years_follow_the_gregorian_rule),
        UNIT(agrees_with_the_c_library_at_random_instants),
        UNIT(instants_before_1970_round_down),
        UNIT(the_ends_of_int64_do_not_overflow),
        UNIT(refuses_everything_but_the_plain_form),
        UNIT(the_plain_form_comes_back),
        UNIT(reads_an_instant_with_any_offset),
        UNIT(refuses_an_instant_without_a_whole_offset),
        UNIT(the_monotonic_clock_does_not_go_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
