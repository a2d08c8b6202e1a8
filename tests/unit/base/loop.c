/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/clock.h"
#include "base/loop.h"

#include <signal.h>

struct story {
    struct loop *loop;
    struct loop_timer *timer;
    char told[32];
    int fired, number;
};

static void tell(struct story *story, char what)
{
    size_t length = strlen(story->told);
    assert_true(length < sizeof(story->told) - 1);
    story->told[length] = what;
}

static void stop(void *context)
{
    struct story *story = context;
    loop_stop(story->loop);
}

static void tell_b(void *context)
{
    tell(context, 'b');
}

static void tell_c_and_stop(void *context)
{
    tell(context, 'c');
    stop(context);
}

static void tell_a_and_defer(void *context)
{
    struct story *story = context;
    loop_defer(story->loop, tell_b, story);
    loop_defer(story->loop, tell_c_and_stop, story);
    tell(story, 'a');
}

static void deferred_work_runs_after_the_handler_in_order(void **state)
{
    (void)state;
    struct story story = {.loop = loop_new()};
    story.timer = loop_timer_new(story.loop, tell_a_and_defer, &story);
    loop_timer_start(story.timer, 0);
    loop_run(story.loop);
    assert_string_equal(story.told, "abc");
    loop_timer_free(story.timer);
    loop_free(story.loop);
}

static void deferred_work_of_a_freed_loop_is_dropped(void **state)
{
    (void)state;
    struct story story = {.loop = loop_new()};
    loop_defer(story.loop, tell_b, &story);
    loop_free(story.loop);
    assert_string_equal(story.told, "");
}

static void a_timer_fires_once_per_start_and_not_before_its_time(void **state)
{
    (void)state;
    struct story story = {.loop = loop_new()};
    story.timer = loop_timer_new(story.loop, tell_c_and_stop, &story);
    int64_t before = clock_monotonic_ms();
    loop_timer_start(story.timer, 1000);
    loop_timer_start(story.timer, 30); /* starting again moves it */
    loop_run(story.loop);
    int64_t passed = clock_monotonic_ms() - before;
    assert_in_range(passed, 29, 900);
    loop_timer_start(story.timer, -5); /* overdue */
    loop_run(story.loop);
    assert_string_equal(story.told, "cc");
    loop_timer_free(story.timer);
    loop_free(story.loop);
}

static void a_stopped_timer_does_not_fire(void **state)
{
    (void)state;
    struct story story = {.loop = loop_new()};
    struct loop_timer *stopped = loop_timer_new(story.loop, tell_b, &story);
    story.timer = loop_timer_new(story.loop, stop, &story);
    loop_timer_start(stopped, 1);
    loop_timer_stop(stopped);
    loop_timer_start(story.timer, 20);
    loop_run(story.loop);
    assert_string_equal(story.told, "");
    loop_timer_free(stopped);
    loop_timer_free(story.timer);
    loop_free(story.loop);
}

static void watched(void *context, bool readable, bool writable)
{
    tell(context, readable && writable ? 'x' : readable ? 'r' : 'w');
    stop(context);
}

static void a_watch_tells_what_it_was_asked_for(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct story story = {.loop = loop_new()};
    struct loop_watch *reader = loop_watch_new(story.loop, ends[0], watched, &story);
    struct loop_watch *writer = loop_watch_new(story.loop, ends[1], watched, &story);
    loop_watch_set(reader, true, false);
    loop_watch_set(writer, false, true);
    loop_run(story.loop);
    assert_string_equal(story.told, "w");
    loop_watch_set(writer, false, false);
    assert_int_equal(write(ends[1], "x", 1), 1);
    loop_run(story.loop);
    assert_string_equal(story.told, "wr");
    loop_watch_free(reader);
    loop_watch_free(writer);
    loop_free(story.loop);
    close(ends[0]);
    close(ends[1]);
}

static void signalled(void *context, int number)
{
    struct story *story = context;
    story->number = number;
    loop_stop(story->loop);
}

static void signals_arrive_on_the_loop(void **state)
{
    (void)state;
    struct story story = {.loop = loop_new()};
    loop_on_signal(story.loop, SIGUSR1, signalled, &story);
    raise(SIGUSR1);
    loop_run(story.loop);
    assert_int_equal(story.number, SIGUSR1);
    loop_free(story.loop);
}

static void freeing_nothing_is_fine(void **state)
{
    (void)state;
    loop_free(NULL);
    loop_timer_free(NULL);
    loop_watch_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deferred_work_runs_after_the_handler_in_order),
        cmocka_unit_test(deferred_work_of_a_freed_loop_is_dropped),
        cmocka_unit_test(a_timer_fires_once_per_start_and_not_before_its_time),
        cmocka_unit_test(a_stopped_timer_does_not_fire),
        cmocka_unit_test(a_watch_tells_what_it_was_asked_for),
        cmocka_unit_test(signals_arrive_on_the_loop),
        cmocka_unit_test(freeing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
