/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/platform.h"
#include "domain/term.h"
#include "unit/domain/unit.h"

#include <time.h>

static const char *plus(const char *from, int64_t months)
{
    static char text[CLOCK_TEXT_SIZE];
    clock_format_plain(term_add_months(at(from), months), text);
    return text;
}

static void adds_calendar_months_and_keeps_the_time_of_day(void **state)
{
    (void)state;
    assert_string_equal(plus("2017-10-21 14:45:04", 24), "2019-10-21 14:45:04");
    assert_string_equal(plus("2026-11-21 23:59:59", 1), "2026-12-21 23:59:59");
    assert_string_equal(plus("2026-12-31 00:00:00", 12), "2027-12-31 00:00:00");
}

static void clamps_to_the_end_of_the_month(void **state)
{
    (void)state;
    assert_string_equal(plus("2026-01-31 10:00:00", 1), "2026-02-28 10:00:00");
    assert_string_equal(plus("2024-01-31 10:00:00", 1), "2024-02-29 10:00:00");
    assert_string_equal(plus("2024-02-29 10:00:00", 12), "2025-02-28 10:00:00");
    assert_string_equal(plus("2024-02-29 10:00:00", 48), "2028-02-29 10:00:00");
    assert_string_equal(plus("2026-08-31 10:00:00", 1), "2026-09-30 10:00:00");
    assert_string_equal(plus("1999-02-28 10:00:00", 1200), "2099-02-28 10:00:00");
    assert_string_equal(plus("2096-02-29 10:00:00", 48), "2100-02-28 10:00:00");
}

static void reckons_in_beijing_whatever_the_host_does(void **state)
{
    (void)state;
    /* 00:30 in Beijing is the day before in London: the month must be Beijing's */
    setenv("TZ", "America/New_York", 1);
    tzset();
    assert_string_equal(plus("2026-03-01 00:30:00", 12), "2027-03-01 00:30:00");
    assert_string_equal(plus("2026-03-31 00:30:00", 1), "2026-04-30 00:30:00");
    unsetenv("TZ");
    tzset();
}

static const char *renewed(const char *old_not_after, const char *now, int64_t months)
{
    static char text[CLOCK_TEXT_SIZE];
    clock_format_plain(term_new_not_after(at(old_not_after), at(now), months), text);
    return text;
}

static void extends_from_the_old_end_while_it_is_valid(void **state)
{
    (void)state;
    assert_string_equal(renewed("2017-10-21 14:45:04", "2017-09-21 14:49:48", 24), "2019-10-21 14:45:04");
    assert_string_equal(renewed("2017-10-21 14:45:04", "2017-10-21 14:45:04", 12), "2018-10-21 14:45:04");
}

static void extends_from_now_once_it_has_expired(void **state)
{
    (void)state;
    assert_string_equal(renewed("2017-10-21 14:45:04", "2017-10-21 14:45:05", 12), "2018-10-21 14:45:05");
    int64_t now = at("2026-11-21 10:00:00") + 999999;
    assert_int_equal(term_new_not_after(at("2020-01-01 00:00:00"), now, 12), at("2027-11-21 10:00:00"));
}

/* -- window ------------------------------------------------------------------------------------------------------ */

static const struct platform before_expiry = {
    .window = {
        .unexpired = true, .opens_days_before = 90, .elsewhere_zh = "请到营业厅办理", .elsewhere_en = "Visit us"}};
static const struct platform expired_only = {.window = {.expired = true, .closes_days_after = 30}};
static const struct platform any_time = {
    .window = {.unexpired = true, .expired = true, .opens_days_before = -1, .closes_days_after = -1}};

static struct fault fault;

static enum err checked(const struct platform *platform, const char *not_after, const char *now)
{
    fault_init(&fault, arena);
    enum err err = window_check(platform, at("2015-01-01 00:00:00"), at(not_after), at(now), &fault);
    assert_int_equal(window_check(platform, at("2015-01-01 00:00:00"), at(not_after), at(now), NULL), err);
    return err;
}

#define END "2026-12-31 14:45:04"

static void opens_ninety_days_before_to_the_second(void **state)
{
    (void)state;
    assert_int_equal(checked(&before_expiry, END, "2026-10-02 14:45:03"), ERR_WINDOW_NOT_OPEN);
    assert_non_null(strstr(fault.detail_zh, "2026-10-02 14:45:04"));
    assert_non_null(strstr(fault.detail_en, "2026-10-02 14:45:04"));
    assert_int_equal(checked(&before_expiry, END, "2026-10-02 14:45:04"), OK);
}

static void closes_at_expiry_to_the_second(void **state)
{
    (void)state;
    assert_int_equal(checked(&before_expiry, END, END), OK);
    assert_int_equal(checked(&before_expiry, END, "2026-12-31 14:45:05"), ERR_CERTIFICATE_EXPIRED);
    assert_non_null(strstr(fault.detail_zh, "请到营业厅办理"));
    assert_non_null(strstr(fault.detail_en, "Visit us"));
}

static void takes_only_expired_ones_where_the_platform_says_so(void **state)
{
    (void)state;
    assert_int_equal(checked(&expired_only, END, END), ERR_WINDOW_NOT_OPEN);
    assert_non_null(strstr(fault.detail_zh, END));
    assert_int_equal(checked(&expired_only, END, "2026-12-31 14:45:05"), OK);
    assert_int_equal(checked(&expired_only, END, "2027-01-30 14:45:04"), OK);
    assert_int_equal(checked(&expired_only, END, "2027-01-30 14:45:05"), ERR_WINDOW_CLOSED);
}

static void takes_any_time_where_the_platform_says_so(void **state)
{
    (void)state;
    assert_int_equal(checked(&any_time, END, "2015-01-01 00:00:00"), OK);
    assert_int_equal(checked(&any_time, END, "2099-01-01 00:00:00"), OK);
}

static void bounds(const struct platform *platform, int64_t *opens_us, int64_t *closes_us)
{
    window_bounds(platform, at(END), opens_us, closes_us);
}

static void says_from_when_to_when(void **state)
{
    (void)state;
    int64_t opens_us, closes_us;
    bounds(&before_expiry, &opens_us, &closes_us);
    assert_int_equal(opens_us, at("2026-10-02 14:45:04"));
    assert_int_equal(closes_us, at(END));
    bounds(&expired_only, &opens_us, &closes_us);
    assert_int_equal(opens_us, at(END) + 1);
    assert_int_equal(closes_us, at("2027-01-30 14:45:04"));
    bounds(&any_time, &opens_us, &closes_us);
    assert_int_equal(opens_us, 0);
    assert_int_equal(closes_us, 0);
}

static void refuses_certificates_of_the_future(void **state)
{
    (void)state;
    assert_int_equal(checked(&any_time, END, "2014-12-31 23:59:59"), ERR_CERTIFICATE_NOT_YET_VALID);
}

/* -- client version ---------------------------------------------------------------------------------------------- */

static enum err version(const char *minimum, const char *minimum_expired, const char *has, bool expired)
{
    struct platform platform = {.client = {.minimum_version = minimum, .minimum_version_expired = minimum_expired}};
    fault_init(&fault, arena);
    enum err err = client_version_check(&platform, has, expired, &fault);
    assert_int_equal(client_version_check(&platform, has, expired, NULL), err);
    return err;
}

static void compares_versions_number_by_number(void **state)
{
    (void)state;
    static const char *const enough[] = {"4.2.0", "V4.2.0", "v4.2", "4.2", "4.2.0.0", "4.2.1", "4.10.0", "5", "10.0.0"};
    for (size_t i = 0; i < ARRAY_SIZE(enough); i++)
        assert_int_equal(version("4.2.0", "", enough[i], false), OK);
    static const char *const too_old[] = {"4.1.9", "4.1.99", "3.0.0", "4", "0"};
    for (size_t i = 0; i < ARRAY_SIZE(too_old); i++)
        assert_int_equal(version("4.2.0", "", too_old[i], false), ERR_CLIENT_TOO_OLD);
    assert_non_null(strstr(fault.detail_zh, "4.2.0"));
}

static void asks_more_of_the_client_for_expired_certificates(void **state)
{
    (void)state;
    assert_int_equal(version("", "4.7.6", "3.0.0", false), OK);
    assert_int_equal(version("", "4.7.6", "4.7.5", true), ERR_CLIENT_TOO_OLD);
    assert_non_null(strstr(fault.detail_zh, "4.7.6"));
    assert_int_equal(version("", "4.7.6", "4.7.6", true), OK);
    assert_int_equal(version("4.2.0", "", "4.1.0", true), ERR_CLIENT_TOO_OLD);
}

static void refuses_versions_it_cannot_read(void **state)
{
    (void)state;
    static const char *const bad[] = {"",         ".",    "4.",   ".4", "4..2",   "4.2.0.0.0",
                                      "4.2-beta", "-4.2", " 4.2", "V",  "latest", "99999999999999999999",
                                      "4.2.0\n",  "４.２"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        assert_int_equal(version("4.2.0", "", bad[i], false), ERR_CLIENT_TOO_OLD);
        assert_false(client_version_valid(bad[i]));
    }
    assert_int_equal(version("", "", "anything", false), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(adds_calendar_months_and_keeps_the_time_of_day),
        TEST(clamps_to_the_end_of_the_month),
        TEST(reckons_in_beijing_whatever_the_host_does),
        TEST(extends_from_the_old_end_while_it_is_valid),
        TEST(extends_from_now_once_it_has_expired),
        TEST(opens_ninety_days_before_to_the_second),
        TEST(closes_at_expiry_to_the_second),
        TEST(takes_only_expired_ones_where_the_platform_says_so),
        TEST(takes_any_time_where_the_platform_says_so),
        TEST(says_from_when_to_when),
        TEST(refuses_certificates_of_the_future),
        TEST(compares_versions_number_by_number),
        TEST(asks_more_of_the_client_for_expired_certificates),
        TEST(refuses_versions_it_cannot_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
