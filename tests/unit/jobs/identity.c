/* SPDX-License-Identifier: Apache-2.0 */
/* When a check is looked at again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs/identity.h"

static void looks_often_while_somebody_stands_before_it(void **state)
{
    (void)state;
    assert_int_equal(identity_next_look_s(false, 0, 1), 5);
    assert_int_equal(identity_next_look_s(false, 599, 100), 5);
    assert_int_equal(identity_next_look_s(false, 600, 120), 15);
    assert_int_equal(identity_next_look_s(false, 1800, 200), 60);
    assert_int_equal(identity_next_look_s(false, 1000000, 100000), 60);
}

static void leaves_operators_that_are_away_ever_more_time(void **state)
{
    (void)state;
    int64_t before = 0;
    for (int64_t looks = 1; looks < 8; looks++) {
        int64_t after = identity_next_look_s(true, 0, looks);
        assert_true(after > before);
        before = after;
    }
    assert_int_equal(identity_next_look_s(true, 0, 1), 15);
    assert_int_equal(identity_next_look_s(true, 0, 50), 3600);
    assert_int_equal(identity_next_look_s(true, 0, INT64_MAX), 3600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_often_while_somebody_stands_before_it),
        cmocka_unit_test(leaves_operators_that_are_away_ever_more_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
