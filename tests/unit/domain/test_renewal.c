/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/renewal.h"
#include "unit/domain/unit.h"

#include "base/file.h"

#include <glob.h>
#include <stdio.h>

/* design: the life of a renewal, written down a second time. */
static const char *const allowed[][2] = {
    {"draft", "awaiting_payment"},
    {"draft", "cancelled"},
    {"draft", "closed"},
    {"awaiting_payment", "awaiting_review"},
    {"awaiting_payment", "cancelled"},
    {"awaiting_payment", "closed"},
    {"awaiting_review", "awaiting_install"},
    {"awaiting_review", "awaiting_account"},
    {"awaiting_review", "returned"},
    {"awaiting_review", "rejected"},
    {"awaiting_review", "cancelled"},
    {"returned", "awaiting_review"},
    {"returned", "cancelled"},
    {"awaiting_account", "awaiting_install"},
    {"awaiting_account", "cancelled"},
    {"awaiting_install", "awaiting_account"},
    {"awaiting_install", "issued"},
    {"awaiting_install", "cancelled"},
    {"issued", "completed"},
};

static bool is_allowed(enum renewal_state from, enum renewal_state to)
{
    for (size_t i = 0; i < ARRAY_SIZE(allowed); i++)
        if (strcmp(allowed[i][0], renewal_state_name(from)) == 0 && strcmp(allowed[i][1], renewal_state_name(to)) == 0)
            return true;
    return false;
}

static void moves_only_along_the_table(void **state)
{
    (void)state;
    for (int from = 0; from < RENEWAL_STATE_COUNT; from++)
        for (int to = 0; to < RENEWAL_STATE_COUNT; to++)
            assert_int_equal(renewal_may_move((enum renewal_state)from, (enum renewal_state)to),
                             is_allowed((enum renewal_state)from, (enum renewal_state)to));
    assert_false(renewal_may_move(RENEWAL_STATE_COUNT, RENEWAL_draft));
}

static void never_leaves_an_end(void **state)
{
    (void)state;
    static const enum renewal_state ends[] = {RENEWAL_completed, RENEWAL_rejected, RENEWAL_cancelled, RENEWAL_closed};
    for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
        for (int to = 0; to < RENEWAL_STATE_COUNT; to++)
            assert_false(renewal_may_move(ends[i], (enum renewal_state)to));
}

/* The rows ('from', 'to', …) of a migration that fills xuqi.renewal_transition. */
static size_t moves_in(const char *path)
{
    struct bytes sql;
    size_t rows = 0;
    assert_int_equal(file_read(arena, path, 1 << 20, &sql), OK);
    const char *at_row = strstr((const char *)sql.data, "insert into xuqi.renewal_transition");
    if (at_row == NULL)
        return 0;
    const char *end = strchr(at_row, ';');
    while ((at_row = strchr(at_row, '\'')) != NULL && at_row < end) {
        char from[32], to[32];
        assert_int_equal(sscanf(at_row, "'%31[a-z_]' , '%31[a-z_]'", from, to), 2);
        assert_true(renewal_may_move(renewal_state_from_name(from), renewal_state_from_name(to)));
        rows++;
        at_row = strchr(at_row, '\n');
    }
    return rows;
}

static void agrees_with_the_table_in_sql(void **state)
{
    (void)state;
    const char *source = getenv("XUQI_SOURCE");
    size_t rows = 0;
    glob_t found;
    assert_non_null(source);
    assert_int_equal(glob(arena_format(arena, "%s/sql/migrations/*.sql", source), 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        rows += moves_in(found.gl_pathv[i]);
    globfree(&found);
    assert_int_equal(rows, ARRAY_SIZE(allowed));
}

static void names_states_as_sql_does(void **state)
{
    (void)state;
    for (int i = 0; i < RENEWAL_STATE_COUNT; i++)
        assert_int_equal(renewal_state_from_name(renewal_state_name((enum renewal_state)i)), i);
    assert_int_equal(renewal_state_from_name("paid"), RENEWAL_STATE_COUNT);
    assert_int_equal(renewal_state_from_name(""), RENEWAL_STATE_COUNT);
    assert_string_equal(renewal_state_name(RENEWAL_STATE_COUNT), "");
}

static void shows_the_five_steps_of_the_client(void **state)
{
    (void)state;
    assert_string_equal(renewal_stage_zh(RENEWAL_draft), "用户申请");
    assert_string_equal(renewal_stage_zh(RENEWAL_awaiting_payment), "用户缴费");
    assert_string_equal(renewal_stage_zh(RENEWAL_awaiting_review), "管理员审核");
    assert_string_equal(renewal_stage_zh(RENEWAL_awaiting_install), "安装新证书");
    assert_string_equal(renewal_stage_zh(RENEWAL_completed), "完成");
    assert_string_equal(renewal_stage_zh(RENEWAL_closed), "");
    assert_int_equal(renewal_stage(RENEWAL_issued), 3);
    assert_int_equal(renewal_stage(RENEWAL_rejected), -1);
    assert_int_equal(renewal_stage(RENEWAL_STATE_COUNT), -1);
}

static void says_each_state_in_chinese(void **state)
{
    (void)state;
    for (int i = 0; i < RENEWAL_STATE_COUNT; i++)
        assert_string_not_equal(renewal_state_zh((enum renewal_state)i), "");
    assert_string_equal(renewal_state_zh(RENEWAL_awaiting_payment), "已录入");
    assert_string_equal(renewal_state_zh(RENEWAL_awaiting_install), "待下载");
    assert_string_equal(renewal_state_zh(RENEWAL_STATE_COUNT), "");
}

static void knows_the_numbers_of_the_guides(void **state)
{
    (void)state;
    assert_true(renewal_no_valid("01201709210000846"));
    assert_true(renewal_no_valid("01201702140000436"));
    assert_true(renewal_no_valid("012019022000004608"));
    static const char *const bad[] = {"",
                                      "01",
                                      "02201709210000846",
                                      "0120170921000084",
                                      "0120170921000084611",
                                      "01201713210000846",
                                      "01201702290000846",
                                      "01201700210000846",
                                      "01201709210000a46",
                                      "01201709210000846 ",
                                      "01201709210000846'",
                                      "０1201709210000846"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(renewal_no_valid(bad[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(moves_only_along_the_table),         TEST(never_leaves_an_end),
        TEST(agrees_with_the_table_in_sql),       TEST(names_states_as_sql_does),
        TEST(shows_the_five_steps_of_the_client), TEST(says_each_state_in_chinese),
        TEST(knows_the_numbers_of_the_guides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
