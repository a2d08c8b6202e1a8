/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits for whom between the signatures and the records, and when the next round may begin. */
#include "issuer/round.h"
#include "unit/base/unit.h"

#define ITEMS 4

static struct bench {
    struct loop *loop;
    struct loop_timer *timer;
    struct rounds *rounds;
    struct round *leaving; /* left by each member that goes on */
    struct waiting items[ITEMS];
    size_t gone, rooms;
    const struct waiting *order[ITEMS];
} bench;

static void room(void *context)
{
    assert_ptr_equal(context, &bench);
    bench.rooms++;
}

static void go_on(struct waiting *item)
{
    bench.order[bench.gone++] = item;
    if (bench.leaving != NULL)
        round_leave(bench.leaving);
}

static void stop(void *loop)
{
    loop_stop(loop);
}

static void pass(int64_t ms)
{
    loop_timer_start(bench.timer, ms);
    loop_run(bench.loop);
}

static int open_bench(void **state)
{
    (void)state;
    bench = (struct bench){.loop = loop_new()};
    bench.timer = loop_timer_new(bench.loop, stop, bench.loop);
    bench.rounds = rounds_new(bench.loop, room, &bench, go_on);
    return 0;
}

static int close_bench(void **state)
{
    (void)state;
    rounds_free(bench.rounds);
    loop_timer_free(bench.timer);
    loop_free(bench.loop);
    return 0;
}

static struct round *signing(size_t members)
{
    struct round *round = round_begin(bench.rounds, members);
    for (size_t i = 0; i < members; i++)
        round_signing(round);
    return round;
}

static void expect_gone(size_t count)
{
    assert_int_equal(bench.gone, count);
    for (size_t i = 0; i < count; i++)
        assert_ptr_equal(bench.order[i], &bench.items[i]);
}

static void one_alone_goes_on_at_once(void **state)
{
    (void)state;
    struct round *round = signing(1);
    round_signed(round, &bench.items[0]);
    expect_gone(1);
    round_leave(round);
}

static void those_signed_first_wait_for_the_last_and_go_on_in_order(void **state)
{
    (void)state;
    struct round *round = signing(3);
    round_signed(round, &bench.items[0]);
    round_signed(round, &bench.items[1]);
    expect_gone(0);
    bench.leaving = round; /* the last of them ends the round */
    round_signed(round, &bench.items[2]);
    expect_gone(3);
    assert_int_equal(bench.rooms, 1);
}

static void a_signature_that_failed_holds_nobody(void **state)
{
    (void)state;
    struct round *round = signing(2);
    round_signed(round, &bench.items[0]);
    round_not_signed(round);
    expect_gone(1);
    round_leave(round);
    round_leave(round);
}

static void a_member_whose_signature_was_never_asked_for_holds_nobody(void **state)
{
    (void)state;
    struct round *round = round_begin(bench.rounds, 2);
    round_leave(round); /* refused before */
    round_signing(round);
    round_signed(round, &bench.items[0]);
    expect_gone(1);
    round_leave(round);
}

static void the_next_round_begins_when_one_of_those_under_way_has_ended(void **state)
{
    (void)state;
    struct round *rounds[ROUNDS_AT_ONCE];
    for (size_t i = 0; i < ROUNDS_AT_ONCE; i++) {
        assert_false(rounds_hold(bench.rounds, ITEMS));
        rounds[i] = round_begin(bench.rounds, 2);
    }
    assert_true(rounds_hold(bench.rounds, ITEMS));
    round_leave(rounds[1]);
    assert_true(rounds_hold(bench.rounds, ITEMS));
    round_leave(rounds[1]);
    assert_false(rounds_hold(bench.rounds, ITEMS));
    assert_int_equal(bench.rooms, 1);
}

static void a_slow_token_makes_neither_the_signed_nor_the_next_round_wait(void **state)
{
    (void)state;
    struct round *slow = signing(3);
    for (size_t i = 1; i < ROUNDS_AT_ONCE; i++)
        (void)round_begin(bench.rounds, 1);
    round_signed(slow, &bench.items[0]);
    assert_true(rounds_hold(bench.rounds, ITEMS));
    pass(500);
    expect_gone(1);
    assert_false(rounds_hold(bench.rounds, ITEMS));
    round_signed(slow, &bench.items[1]); /* at once by now */
    expect_gone(2);
    round_signed(slow, &bench.items[2]);
    expect_gone(3);
    for (int i = 0; i < 3; i++)
        round_leave(slow);
    assert_false(rounds_hold(bench.rounds, ITEMS));
}

static void a_round_waits_until_it_is_half_of_those_under_way(void **state)
{
    (void)state;
    assert_false(rounds_hold(bench.rounds, 1));
    struct round *round = signing(2);
    assert_false(rounds_hold(bench.rounds, 1));
    (void)round_begin(bench.rounds, 1);
    assert_true(rounds_hold(bench.rounds, 1));
    assert_false(rounds_hold(bench.rounds, 2));
    round_leave(round);
    assert_false(rounds_hold(bench.rounds, 1));
}

static void a_round_waits_for_no_company_beside_a_slow_token(void **state)
{
    (void)state;
    struct round *slow = signing(4);
    assert_true(rounds_hold(bench.rounds, 1));
    pass(500);
    assert_int_equal(bench.rooms, 1);
    assert_false(rounds_hold(bench.rounds, 1));
    for (int i = 0; i < 4; i++)
        round_leave(slow);
    assert_false(rounds_hold(bench.rounds, 1));
}

static void rounds_may_end_while_some_are_under_way(void **state)
{
    (void)state;
    struct round *round = signing(2);
    (void)signing(1);
    round_signed(round, &bench.items[0]);
    expect_gone(0); /* what is left is freed with the rounds */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_alone_goes_on_at_once, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(those_signed_first_wait_for_the_last_and_go_on_in_order, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(a_signature_that_failed_holds_nobody, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(a_member_whose_signature_was_never_asked_for_holds_nobody, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(the_next_round_begins_when_one_of_those_under_way_has_ended, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(a_slow_token_makes_neither_the_signed_nor_the_next_round_wait, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(a_round_waits_until_it_is_half_of_those_under_way, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(a_round_waits_for_no_company_beside_a_slow_token, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(rounds_may_end_while_some_are_under_way, open_bench, close_bench),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
