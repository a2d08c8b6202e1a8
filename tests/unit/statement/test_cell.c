/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/statement/reading.h"

#include "base/compiler.h"
#include "statement/cell.h"

static void reads_amounts_exactly(void **state)
{
    static const struct {
        const char *text;
        int64_t fen;
    } good[] = {{"0", 0},
                {"0.01", 1},
                {"200", 20000},
                {"200.5", 20050},
                {"1,234.50", 123450},
                {"-3.10", -310},
                {"￥1,000", 100000},
                {"¥-0.01", -1},
                {"-￥0.01", -1},
                {"+5", 500},
                {"007", 700},
                {"12,345,678.90", 1234567890},
                {"9999999999999.99", 999999999999999}};
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
        int64_t fen = 42;
        assert_true(cell_amount(good[i].text, &fen));
        assert_int_equal(fen, good[i].fen);
    }
}

static void refuses_what_is_no_amount(void **state)
{
    static const char *const bad[] = {"",
                                      "-",
                                      "1e3",
                                      "--5",
                                      "-+5",
                                      "1.234",
                                      "1.",
                                      ".5",
                                      "NaN",
                                      "inf",
                                      "0x10",
                                      "1,5",
                                      "1,2345",
                                      "12,34.00",
                                      ",100",
                                      "1,",
                                      "1,,000",
                                      "1 000",
                                      "１００",
                                      "1.5.5",
                                      "10000000000000.00",
                                      "99999999999999999999",
                                      "5-",
                                      "1,000,00"};
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        int64_t fen = 42;
        assert_false(cell_amount(bad[i], &fen));
        assert_int_equal(fen, 42);
    }
}

static void reads_days_that_there_are(void **state)
{
    static const char *const good[] = {"2026-11-21",     "2026/11/21",          "2026.11.21",     "20261121",
                                       "2026年11月21日", "2026-11-21 10:00:00", "20261121100000", "2026/11/21T1"};
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
        int64_t day = 0;
        const char *rest = "";
        assert_true(cell_date(good[i], &day, &rest));
        assert_int_equal(day, 20778);
    }
    int64_t day;
    const char *rest;
    assert_true(cell_date("2024-2-29", &day, &rest));
    assert_int_equal(day, 19782);
}

static void refuses_days_that_there_are_not(void **state)
{
    static const char *const bad[] = {"",           "2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31",
                                      "2026-11-00", "26-11-21",   "2026-11",    "2026/11-21", "2026-11-211",
                                      "1889-01-01", "abcd-ef-gh", "2026112",    "11/21/2026"};
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        int64_t day = 42;
        const char *rest = "untouched";
        assert_false(cell_date(bad[i], &day, &rest));
        assert_int_equal(day, 42);
    }
}

static void reads_times(void **state)
{
    static const struct {
        const char *text;
        int64_t us;
    } good[] = {{"15:04:05", 54245000000},         {" 15:04", 54240000000},
                {"150405", 54245000000},           {"T15:04:05.25", 54245250000},
                {"-15.04.05.123456", 54245123456}, {"1504", 54240000000},
                {"9:04:05", 32645000000},          {"000000", 0}};
    static const char *const bad[] = {"",   "24:00:00", "15:60:00", "15:04:60",
                                      "15", "15:0405",  "150405x",  "15:04:05.1234567"};
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
        int64_t us = 42;
        assert_true(cell_time(good[i].text, &us));
        assert_int_equal(us, good[i].us);
    }
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        int64_t us = 42;
        assert_false(cell_time(bad[i], &us));
        assert_int_equal(us, 42);
    }
}

static void takes_padding_off(void **state)
{
    assert_string_equal(cell_trim(arena_text(*state, "\t 6222 \t")), "6222");
    assert_string_equal(cell_trim(arena_text(*state, "'0012")), "0012");
    assert_string_equal(cell_trim(arena_text(*state, "=\"0012 \"")), "0012");
    assert_string_equal(cell_trim(arena_text(*state, "　某公司　")), "某公司");
    assert_string_equal(cell_trim(arena_text(*state, " \t")), "");
}

static void compares_headings_without_their_dress(void **state)
{
    assert_string_equal(cell_heading(*state, "借方发生额/元(支取)"), cell_heading(*state, " 借方发生额／元（支取）："));
    assert_string_equal(cell_heading(*state, "[余额]（元）"), "余额");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(reads_amounts_exactly),
        UNIT(refuses_what_is_no_amount),
        UNIT(reads_days_that_there_are),
        UNIT(refuses_days_that_there_are_not),
        UNIT(reads_times),
        UNIT(takes_padding_off),
        UNIT(compares_headings_without_their_dress),
    };
    return cmocka_run_group_tests_name("statement cell", tests, NULL, NULL);
}
