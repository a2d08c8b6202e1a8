/* SPDX-License-Identifier: Apache-2.0 */
/* The error table: every row complete, every code its own. */
#include "unit.h"

#include "base/err.h"
#include "base/text.h"

#define CODE_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_"

static void every_row_is_complete(void **state)
{
    (void)state;
    for (int e = OK + 1; e < ERR_COUNT; e++) {
        const struct err_info *info = err_info((enum err)e);
        const char *const texts[] = {info->code, info->zh, info->en, info->fix_zh, info->fix_en};
        for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
            assert_non_null(texts[i]);
            assert_true(texts[i][0] != '\0');
            assert_true(utf8_valid(texts[i], strlen(texts[i])));
        }
    }
}

static void every_code_is_snake_case_and_unique(void **state)
{
    (void)state;
    for (int e = OK + 1; e < ERR_COUNT; e++) {
        const char *code = err_code((enum err)e);
        assert_int_equal(strspn(code, CODE_CHARACTERS), strlen(code));
        assert_string_not_equal(code, "ok");
        for (int other = e + 1; other < ERR_COUNT; other++)
            assert_string_not_equal(code, err_code((enum err)other));
    }
}

static void every_code_leads_back_to_its_error(void **state)
{
    (void)state;
    for (int e = OK + 1; e < ERR_COUNT; e++)
        assert_int_equal(err_from_code(err_code((enum err)e)), e);
    assert_int_equal(err_from_code("no_such_code"), ERR_COUNT);
    assert_int_equal(err_from_code(""), ERR_COUNT);
    assert_string_equal(err_code(OK), "ok");
}

static void the_status_says_whose_fault_it_is(void **state)
{
    (void)state;
    for (int e = OK + 1; e < ERR_COUNT; e++) {
        const struct err_info *info = err_info((enum err)e);
        bool caller = info->category == ERR_CALLER;
        assert_in_range(info->status, 400, 599);
        if (caller != (info->status < 500) && info->status != 429)
            fail_msg("%s: status %d does not fit its category", info->code, info->status);
    }
}

static void chinese_and_english_are_in_their_places(void **state)
{
    (void)state;
    for (int e = OK + 1; e < ERR_COUNT; e++) {
        const struct err_info *info = err_info((enum err)e);
        assert_true(utf8_length(info->zh) < strlen(info->zh) && utf8_length(info->fix_zh) < strlen(info->fix_zh));
        assert_true(utf8_length(info->en) == strlen(info->en) && utf8_length(info->fix_en) == strlen(info->fix_en));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_complete),
        cmocka_unit_test(every_code_is_snake_case_and_unique),
        cmocka_unit_test(every_code_leads_back_to_its_error),
        cmocka_unit_test(the_status_says_whose_fault_it_is),
        cmocka_unit_test(chinese_and_english_are_in_their_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
