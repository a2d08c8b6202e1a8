/* SPDX-License-Identifier: Apache-2.0 */
/* When the bank is asked again what became of a payout. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs/payout.h"

static int64_t after(const char *looks, int64_t asked, bool expect_last)
{
    bool last = !expect_last;
    int64_t after_s = payout_look_after_s(looks, asked, &last);
    assert_int_equal(last, expect_last);
    return after_s;
}

static void follows_the_list_and_stays_with_its_last_number(void **state)
{
    (void)state;
    const char *looks = "30 60 120 300 900 3600";
    assert_int_equal(after(looks, 0, false), 30);
    assert_int_equal(after(looks, 1, false), 60);
    assert_int_equal(after(looks, 4, false), 900);
    assert_int_equal(after(looks, 5, true), 3600);
    assert_int_equal(after(looks, 50, true), 3600);
}

static void a_list_of_one_is_over_at_once(void **state)
{
    (void)state;
    assert_int_equal(after("7", 0, true), 7);
    assert_int_equal(after(" 7 ", 3, true), 7);
}

static void what_is_no_list_is_none(void **state)
{
    (void)state;
    assert_int_equal(after("", 0, true), 0);
    assert_int_equal(after("soon", 2, true), 0);
    assert_int_equal(after("-5 3", 0, true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_the_list_and_stays_with_its_last_number),
        cmocka_unit_test(a_list_of_one_is_over_at_once),
        cmocka_unit_test(what_is_no_list_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
