/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "domain/calendar_file.h"
#include "domain/review_check.h"
#include "unit/domain/unit.h"

#include <stdio.h>

static char told[4096];
static struct calendar_list list;

static void report(void *context, size_t line, const char *fault)
{
    (void)context;
    size_t size = strlen(told);
    if (size < sizeof(told) - 200)
        snprintf(told + size, sizeof(told) - size, "%zu: %s\n", line, fault);
}

static enum err read_bytes(const void *data, size_t size)
{
    told[0] = '\0';
    list = (struct calendar_list){0};
    return calendar_file_read(arena, (struct bytes){data, size}, report, NULL, &list);
}

static void refused(const char *text, const char *expected)
{
    assert_int_equal(read_bytes(text, strlen(text)), ERR_FIELDS_INVALID);
    if (strstr(told, expected) == NULL)
        fail_msg("expected %s in %s", expected, told);
    assert_int_equal(list.count, 0);
}

#define HEAD "# 通知\n日期,安排,名称\n"

static void reads_holidays_and_shifted_working_days(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf" HEAD
                               "2026-10-01,放假,国庆节\r\n\n2026-10-10, 上班 ,国庆节\n2025-12-31,off,元旦\n";
    assert_int_equal(read_bytes(text, strlen(text)), OK);
    assert_int_equal(list.count, 3);
    assert_int_equal(list.year, 2026);
    assert_string_equal(list.source, "通知");
    assert_string_equal(list.days[1], "2026-10-10");
    assert_int_equal(list.working[0], 0);
    assert_int_equal(list.working[1], 1);
    assert_string_equal(list.names[2], "元旦");
}

static void reads_the_files_that_are_shipped(void **state)
{
    (void)state;
    static const struct {
        const char *year;
        size_t count;
    } files[] = {{"2025", 33}, {"2026", 39}};
    for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
        struct bytes file;
        const char *path = arena_format(arena, "%s/config/calendar/%s.csv", getenv("XUQI_SOURCE"), files[i].year);
        assert_int_equal(file_read(arena, path, CALENDAR_FILE_SIZE_MAX, &file), OK);
        if (read_bytes(file.data, file.size) != OK)
            fail_msg("%s: %s", path, told);
        assert_int_equal(list.count, files[i].count);
    }
}

static void refuses_days_that_are_none(void **state)
{
    (void)state;
    refused(HEAD "2026-02-30,放假,春节\n", "3: 日期");
    refused(HEAD "2026-2-3,放假,春节\n", "3: 日期");
    refused(HEAD "2026-10-01,休息,国庆节\n", "3: 安排");
    refused(HEAD "2026-10-01,放假,\n", "3: 名称");
    refused(HEAD "2026-10-01,放假\n", "3: 应有三列");
    refused(HEAD "2026-10-01,放假,国庆节,多\n", "3: 应有三列");
    refused(HEAD "2026-10-01,放假,国庆节\n2026-10-01,放假,国庆节\n", "4: 日期重复");
}

static void refuses_a_weekday_that_is_said_to_be_worked(void **state)
{
    (void)state;
    refused(HEAD "2026-10-09,上班,国庆节\n", "3: 星期一至星期五");
}

static void refuses_days_of_two_years(void **state)
{
    (void)state;
    refused(HEAD "2025-10-01,放假,国庆节\n2026-10-01,放假,国庆节\n", "2025-10-01 不属于2026年");
    refused(HEAD, "没有任何日期");
}

static void wants_to_know_where_it_comes_from(void **state)
{
    (void)state;
    refused("日期,安排,名称\n2026-10-01,放假,国庆节\n", "缺少来源");
    refused("# 通知\n2026-10-01,放假,国庆节\n", "缺少表头");
}

static void refuses_what_is_no_text(void **state)
{
    (void)state;
    refused("", "UTF-8");
    refused("\xff\xfe", "UTF-8");
}

static void says_what_a_check_found_in_a_sentence(void **state)
{
    (void)state;
    assert_string_equal(review_check_find("payment")->en, "Payment and its match");
    assert_null(review_check_find("weather"));
    assert_string_equal(review_finding("surplus").en, "More was paid for this order than is owed");
    assert_string_equal(review_finding("agent.mobile:virtual_operator").name, "agent.mobile:virtual_operator");
    assert_non_null(strstr(review_finding("agent.mobile:virtual_operator").en, "virtual operator"));
    assert_non_null(strstr(review_finding("corrected:invoice.tax_id").en, "corrected"));
    assert_string_equal(review_finding("unheard_of").en, "unheard_of");
    assert_string_equal(review_finding("field:unheard_of").en, "field:unheard_of");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(reads_holidays_and_shifted_working_days),
        TEST(reads_the_files_that_are_shipped),
        TEST(refuses_days_that_are_none),
        TEST(refuses_a_weekday_that_is_said_to_be_worked),
        TEST(refuses_days_of_two_years),
        TEST(wants_to_know_where_it_comes_from),
        TEST(refuses_what_is_no_text),
        TEST(says_what_a_check_found_in_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
