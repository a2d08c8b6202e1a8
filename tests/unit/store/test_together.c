/* SPDX-License-Identifier: Apache-2.0 */
/* Which of those that wait go into which call, and who is answered what. What the procedures answer for several is told
 * by tests/sql/issuance_together.sql; here every call fails, since a failure needs no rows. */
#include "store/together.h"
#include "unit/base/unit.h"

#define ITEMS 80

struct item {
    struct waiting waiting; /* first */
    enum err answer;
    int answers;
};

struct call {
    int64_t fence;
    size_t count;
    struct waiting *first;
};

static struct bench {
    struct loop *loop;
    struct loop_timer *timer;
    struct together *together;
    struct item items[ITEMS];
    struct call calls[ITEMS];
    size_t call_count;
    enum err refusal; /* of starting a call */
    bool held;
    size_t least; /* smaller calls are held */
    db_done *done;
    void *context;
} bench;

static enum err send(void *server, int64_t fence, struct waiting *const *items, size_t count, db_done *done,
                     void *context)
{
    assert_ptr_equal(server, &bench);
    for (size_t i = 0; i < count; i++)
        assert_true(items[i]->fence == fence);
    bench.calls[bench.call_count++] = (struct call){fence, count, items[0]};
    bench.done = done;
    bench.context = context;
    return bench.refusal;
}

static void answer(struct waiting *item, enum err err, const struct row *rows, size_t row)
{
    (void)row;
    struct item *answered = (struct item *)(void *)item;
    assert_null(rows);
    answered->answer = err;
    answered->answers++;
}

static bool hold(const void *server, size_t count)
{
    assert_ptr_equal(server, &bench);
    return bench.held || count < bench.least;
}

static void stop(void *loop)
{
    loop_stop(loop);
}

static void turn(void)
{
    loop_timer_start(bench.timer, 1);
    loop_run(bench.loop);
}

static void add(size_t first, size_t count, int64_t fence)
{
    for (size_t i = first; i < first + count; i++)
        together_add(bench.together, &bench.items[i].waiting, fence);
}

static void end_call(enum err err)
{
    bench.done(bench.context, err, NULL);
    turn();
}

static int open_bench(void **state)
{
    static const struct together_kind kind = {send, answer, hold};
    (void)state;
    bench = (struct bench){.loop = loop_new()};
    bench.timer = loop_timer_new(bench.loop, stop, bench.loop);
    bench.together = together_new(&kind, bench.loop, &bench);
    return 0;
}

static int close_bench(void **state)
{
    (void)state;
    together_free(bench.together);
    loop_timer_free(bench.timer);
    loop_free(bench.loop);
    return 0;
}

static void expect_call(size_t which, size_t first, size_t count)
{
    assert_true(which < bench.call_count);
    assert_ptr_equal(bench.calls[which].first, &bench.items[first].waiting);
    assert_int_equal(bench.calls[which].count, count);
}

static void expect_answers(size_t first, size_t count, enum err err)
{
    for (size_t i = first; i < first + count; i++) {
        assert_int_equal(bench.items[i].answers, 1);
        assert_int_equal(bench.items[i].answer, err);
    }
}

static void one_alone_goes_at_the_end_of_the_turn(void **state)
{
    (void)state;
    add(0, 1, 7);
    assert_int_equal(bench.call_count, 0);
    turn();
    expect_call(0, 0, 1);
    assert_true(bench.calls[0].fence == 7);
    end_call(ERR_DB_UNKNOWN);
    expect_answers(0, 1, ERR_DB_UNKNOWN);
    assert_int_equal(bench.call_count, 1);
}

static void those_of_one_turn_go_in_one_call_and_each_is_answered_once(void **state)
{
    (void)state;
    add(0, 5, 7);
    turn();
    expect_call(0, 0, 5);
    end_call(ERR_DB_UNKNOWN);
    expect_answers(0, 5, ERR_DB_UNKNOWN);
}

static void what_arrives_while_a_call_is_under_way_makes_up_the_next(void **state)
{
    (void)state;
    add(0, 1, 7);
    turn();
    add(1, 3, 7);
    turn();
    add(4, 2, 7);
    turn();
    assert_int_equal(bench.call_count, 1);
    end_call(ERR_DB_UNKNOWN);
    expect_call(1, 1, 5);
    end_call(ERR_DB_UNAVAILABLE);
    expect_answers(0, 1, ERR_DB_UNKNOWN);
    expect_answers(1, 5, ERR_DB_UNAVAILABLE);
    assert_int_equal(bench.call_count, 2);
}

static void a_call_has_a_limit_and_the_rest_follows_in_order(void **state)
{
    (void)state;
    add(0, ITEMS, 7);
    turn();
    expect_call(0, 0, TOGETHER_MAX);
    end_call(ERR_DB_UNKNOWN);
    expect_call(1, TOGETHER_MAX, ITEMS - TOGETHER_MAX);
    end_call(ERR_DB_UNKNOWN);
    expect_answers(0, ITEMS, ERR_DB_UNKNOWN);
}

static void different_fences_are_not_mixed(void **state)
{
    (void)state;
    add(0, 2, 7);
    add(2, 2, 8);
    turn();
    expect_call(0, 0, 2);
    end_call(ERR_DB_UNKNOWN);
    expect_call(1, 2, 2);
    assert_true(bench.calls[1].fence == 8);
    end_call(ERR_DB_UNKNOWN);
    expect_answers(0, 4, ERR_DB_UNKNOWN);
}

static void a_refused_call_is_tried_again_one_by_one(enum err refusal)
{
    add(0, 3, 7);
    turn();
    add(3, 2, 7);
    end_call(refusal);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(bench.items[i].answers, 0);
        expect_call(1 + i, i, 1);
        end_call(i == 1 ? refusal : ERR_DB_UNKNOWN);
        expect_answers(i, 1, i == 1 ? refusal : ERR_DB_UNKNOWN);
    }
    expect_call(4, 3, 2); /* the others together again */
    end_call(ERR_DB_UNKNOWN);
    expect_answers(3, 2, ERR_DB_UNKNOWN);
    assert_int_equal(bench.call_count, 5);
}

static void when_one_makes_the_call_raise_each_is_tried_alone(void **state)
{
    (void)state;
    a_refused_call_is_tried_again_one_by_one(ERR_DB_REFUSED);
}

static void when_the_call_was_chosen_to_end_a_deadlock_each_is_tried_alone(void **state)
{
    (void)state;
    a_refused_call_is_tried_again_one_by_one(ERR_BUSY);
}

static void what_may_have_happened_is_not_tried_again(void **state)
{
    (void)state;
    add(0, 3, 7);
    turn();
    end_call(ERR_DB_UNKNOWN);
    expect_answers(0, 3, ERR_DB_UNKNOWN);
    assert_int_equal(bench.call_count, 1);
}

static void a_call_that_cannot_be_started_answers_each(void **state)
{
    (void)state;
    bench.refusal = ERR_DB_UNAVAILABLE;
    add(0, 3, 7);
    turn();
    expect_answers(0, 3, ERR_DB_UNAVAILABLE);
    bench.refusal = OK;
    add(3, 1, 7);
    turn();
    expect_call(1, 3, 1);
    end_call(ERR_DB_UNKNOWN);
}

static void what_is_held_goes_together_when_it_is_resumed(void **state)
{
    (void)state;
    bench.held = true;
    add(0, 1, 7);
    turn();
    add(1, 2, 7);
    turn();
    assert_int_equal(bench.call_count, 0);
    bench.held = false;
    together_resume(bench.together);
    turn();
    expect_call(0, 0, 3);
    end_call(ERR_DB_UNKNOWN);
    expect_answers(0, 3, ERR_DB_UNKNOWN);
}

static void a_call_that_is_held_for_its_size_goes_when_enough_wait(void **state)
{
    (void)state;
    bench.least = 3;
    add(0, 2, 7);
    turn();
    assert_int_equal(bench.call_count, 0);
    add(2, 1, 7);
    turn();
    expect_call(0, 0, 3);
    end_call(ERR_DB_REFUSED); /* each goes alone now, whatever the least is */
    for (size_t i = 0; i < 3; i++) {
        expect_call(1 + i, i, 1);
        end_call(ERR_DB_UNKNOWN);
    }
    expect_answers(0, 3, ERR_DB_UNKNOWN);
}

static void resuming_sends_nothing_when_nothing_waits_or_a_call_is_under_way(void **state)
{
    (void)state;
    together_resume(bench.together);
    turn();
    assert_int_equal(bench.call_count, 0);
    add(0, 1, 7);
    turn();
    add(1, 1, 7);
    together_resume(bench.together);
    turn();
    assert_int_equal(bench.call_count, 1);
    end_call(ERR_DB_UNKNOWN);
    end_call(ERR_DB_UNKNOWN);
    expect_answers(0, 2, ERR_DB_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_alone_goes_at_the_end_of_the_turn, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(those_of_one_turn_go_in_one_call_and_each_is_answered_once, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(what_arrives_while_a_call_is_under_way_makes_up_the_next, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(a_call_has_a_limit_and_the_rest_follows_in_order, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(different_fences_are_not_mixed, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(when_one_makes_the_call_raise_each_is_tried_alone, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(when_the_call_was_chosen_to_end_a_deadlock_each_is_tried_alone, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(what_may_have_happened_is_not_tried_again, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(a_call_that_cannot_be_started_answers_each, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(what_is_held_goes_together_when_it_is_resumed, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(a_call_that_is_held_for_its_size_goes_when_enough_wait, open_bench,
                                        close_bench),
        cmocka_unit_test_setup_teardown(resuming_sends_nothing_when_nothing_waits_or_a_call_is_under_way, open_bench,
                                        close_bench),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
