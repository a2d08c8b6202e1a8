/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/breaker.h"
#include "unit/domain/unit.h"

static const struct breaker_limits limits = {.failures = 3, .open_ms = 1000, .probes = 2};

static struct breaker opened(void)
{
    struct breaker breaker = {0};
    assert_false(breaker_failed(&breaker, &limits, 10));
    assert_false(breaker_failed(&breaker, &limits, 11));
    assert_true(breaker_failed(&breaker, &limits, 12));
    assert_int_equal(breaker.state, BREAKER_OPEN);
    return breaker;
}

static struct breaker half_opened(void)
{
    struct breaker breaker = opened();
    assert_true(breaker_tick(&breaker, &limits, 1012));
    assert_int_equal(breaker.state, BREAKER_HALF_OPEN);
    return breaker;
}

static void lets_everything_through_while_it_is_closed(void **state)
{
    (void)state;
    struct breaker breaker = {0};
    for (int i = 0; i < 100; i++)
        assert_true(breaker_admits(&breaker, &limits));
    assert_false(breaker_tick(&breaker, &limits, 1000000));
    assert_string_equal(breaker_text(breaker.state), "closed");
}

static void opens_at_the_limit_of_failures_and_lets_nothing_through(void **state)
{
    (void)state;
    struct breaker breaker = opened();
    assert_false(breaker_admits(&breaker, &limits));
    assert_false(breaker_failed(&breaker, &limits, 13));
    assert_string_equal(breaker_text(breaker.state), "open");
}

static void each_success_takes_one_failure_back(void **state)
{
    (void)state;
    struct breaker breaker = {0};
    for (int i = 0; i < 100; i++) {
        assert_false(breaker_failed(&breaker, &limits, i));
        assert_false(breaker_failed(&breaker, &limits, i));
        assert_false(breaker_succeeded(&breaker, &limits, i));
        assert_false(breaker_succeeded(&breaker, &limits, i));
    }
    assert_false(breaker_failed(&breaker, &limits, 100));
    assert_false(breaker_failed(&breaker, &limits, 100));
    assert_false(breaker_succeeded(&breaker, &limits, 100));
    assert_false(breaker_failed(&breaker, &limits, 100));
    assert_true(breaker_failed(&breaker, &limits, 100));
}

static void successes_before_any_failure_are_not_saved_up(void **state)
{
    (void)state;
    struct breaker breaker = {0};
    for (int i = 0; i < 10; i++)
        assert_false(breaker_succeeded(&breaker, &limits, i));
    assert_false(breaker_failed(&breaker, &limits, 11));
    assert_false(breaker_failed(&breaker, &limits, 11));
    assert_true(breaker_failed(&breaker, &limits, 11));
}

static void a_success_while_it_is_open_opens_nothing_before_its_time(void **state)
{
    (void)state;
    struct breaker breaker = opened();
    assert_false(breaker_succeeded(&breaker, &limits, 500));
    assert_false(breaker_tick(&breaker, &limits, 1011));
    assert_int_equal(breaker.state, BREAKER_OPEN);
    assert_true(breaker_tick(&breaker, &limits, 1012));
    assert_string_equal(breaker_text(breaker.state), "half_open");
}

static void lets_as_many_probes_through_as_it_may_and_again_after_its_time(void **state)
{
    (void)state;
    struct breaker breaker = half_opened();
    assert_true(breaker_admits(&breaker, &limits));
    assert_true(breaker_admits(&breaker, &limits));
    assert_false(breaker_admits(&breaker, &limits));
    assert_false(breaker_tick(&breaker, &limits, 2012));
    assert_true(breaker_admits(&breaker, &limits));
}

static void closes_after_as_many_successes(void **state)
{
    (void)state;
    struct breaker breaker = half_opened();
    assert_false(breaker_succeeded(&breaker, &limits, 1013));
    assert_true(breaker_succeeded(&breaker, &limits, 1014));
    assert_int_equal(breaker.state, BREAKER_CLOSED);
    assert_false(breaker_failed(&breaker, &limits, 1015));
}

static void one_failure_while_it_is_tried_opens_it_for_the_whole_time_again(void **state)
{
    (void)state;
    struct breaker breaker = half_opened();
    assert_false(breaker_succeeded(&breaker, &limits, 1013));
    assert_true(breaker_failed(&breaker, &limits, 1014));
    assert_false(breaker_tick(&breaker, &limits, 2013));
    assert_true(breaker_tick(&breaker, &limits, 2014));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lets_everything_through_while_it_is_closed),
        TEST(opens_at_the_limit_of_failures_and_lets_nothing_through),
        TEST(each_success_takes_one_failure_back),
        TEST(successes_before_any_failure_are_not_saved_up),
        TEST(a_success_while_it_is_open_opens_nothing_before_its_time),
        TEST(lets_as_many_probes_through_as_it_may_and_again_after_its_time),
        TEST(closes_after_as_many_successes),
        TEST(one_failure_while_it_is_tried_opens_it_for_the_whole_time_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
