/* SPDX-License-Identifier: Apache-2.0 */
/* The pool: run under ThreadSanitizer too. */
#include "unit.h"

#include "base/loop.h"
#include "base/offload.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/resource.h>

#define MANY        200
#define PATIENCE_MS 20000

struct shared {
    struct loop *loop;
    struct offload *offload;
    sem_t gate, started; /* perform waits at the gate */
    pthread_t loop_thread;
    int applied, wanted;
    int order[MANY];
};

struct task {
    struct shared *shared;
    int number;
    bool performed, on_loop_thread;
    unsigned thread;
    int nice;
};

static void open_shared(struct shared *shared, unsigned threads, size_t limit)
{
    *shared = (struct shared){.loop = loop_new(), .loop_thread = pthread_self()};
    shared->offload = offload_new(shared->loop, threads, limit);
    sem_init(&shared->gate, 0, 0);
    sem_init(&shared->started, 0, 0);
}

static void close_shared(struct shared *shared)
{
    offload_free(shared->offload);
    loop_free(shared->loop);
    sem_destroy(&shared->gate);
    sem_destroy(&shared->started);
}

static void stop(void *context)
{
    loop_stop(context);
}

static void wait_for(struct shared *shared, int applied)
{
    struct loop_timer *timer = loop_timer_new(shared->loop, stop, shared->loop);
    loop_timer_start(timer, PATIENCE_MS);
    shared->wanted = applied;
    if (shared->applied < applied)
        loop_run(shared->loop);
    loop_timer_free(timer);
    assert_int_equal(shared->applied, applied);
}

static void perform(void *context)
{
    struct task *task = context;
    task->performed = true;
    task->thread = offload_thread();
    task->nice = getpriority(PRIO_PROCESS, 0);
    task->on_loop_thread = pthread_equal(pthread_self(), task->shared->loop_thread);
}

static void perform_at_the_gate(void *context)
{
    struct task *task = context;
    sem_post(&task->shared->started);
    sem_wait(&task->shared->gate);
    perform(task);
}

static void apply(void *context)
{
    struct task *task = context;
    struct shared *shared = task->shared;
    assert_true(pthread_equal(pthread_self(), shared->loop_thread));
    shared->order[shared->applied++] = task->number;
    if (shared->applied == shared->wanted)
        loop_stop(shared->loop);
}

static void work_is_performed_elsewhere_and_applied_on_the_loop(void **state)
{
    (void)state;
    struct shared shared;
    open_shared(&shared, 2, MANY);
    static struct task tasks[MANY];
    for (int i = 0; i < MANY; i++) {
        tasks[i] = (struct task){.shared = &shared, .number = i};
        assert_int_equal(offload_submit(shared.offload, perform, apply, &tasks[i]), OK);
    }
    wait_for(&shared, MANY);
    for (int i = 0; i < MANY; i++) {
        assert_true(tasks[i].performed);
        assert_false(tasks[i].on_loop_thread);
        assert_in_range(tasks[i].thread, 0, 1);
    }
    assert_int_equal(offload_waiting(shared.offload), 0);
    close_shared(&shared);
}

static void one_thread_keeps_the_order(void **state)
{
    (void)state;
    struct shared shared;
    open_shared(&shared, 1, MANY);
    static struct task tasks[MANY];
    for (int i = 0; i < MANY; i++) {
        tasks[i] = (struct task){.shared = &shared, .number = i};
        assert_int_equal(offload_submit(shared.offload, perform, apply, &tasks[i]), OK);
    }
    wait_for(&shared, MANY);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(shared.order[i], i);
    close_shared(&shared);
}

static void a_full_queue_is_told_at_once_and_takes_work_again_later(void **state)
{
    (void)state;
    struct shared shared;
    open_shared(&shared, 1, 2);
    struct task tasks[5];
    for (int i = 0; i < 5; i++)
        tasks[i] = (struct task){.shared = &shared, .number = i};
    assert_int_equal(offload_submit(shared.offload, perform_at_the_gate, apply, &tasks[0]), OK);
    sem_wait(&shared.started); /* it runs: the queue is empty */
    assert_int_equal(offload_submit(shared.offload, perform, apply, &tasks[1]), OK);
    assert_int_equal(offload_submit(shared.offload, perform, apply, &tasks[2]), OK);
    assert_int_equal(offload_waiting(shared.offload), 2);
    assert_int_equal(offload_submit(shared.offload, perform, apply, &tasks[3]), ERR_BUSY);
    sem_post(&shared.gate);
    wait_for(&shared, 3);
    assert_int_equal(offload_submit(shared.offload, perform, apply, &tasks[4]), OK);
    wait_for(&shared, 4);
    assert_false(tasks[3].performed);
    assert_true(tasks[4].performed);
    close_shared(&shared);
}

static void *open_gate_later(void *context)
{
    usleep(50000);
    sem_post(context);
    return NULL;
}

static void freeing_finishes_what_runs_and_drops_what_waits(void **state)
{
    (void)state;
    struct shared shared;
    pthread_t opener;
    open_shared(&shared, 1, 10);
    struct task running = {.shared = &shared}, waiting = {.shared = &shared};
    assert_int_equal(offload_submit(shared.offload, perform_at_the_gate, apply, &running), OK);
    sem_wait(&shared.started);
    assert_int_equal(offload_submit(shared.offload, perform, apply, &waiting), OK);
    pthread_create(&opener, NULL, open_gate_later, &shared.gate);
    close_shared(&shared);
    pthread_join(opener, NULL);
    assert_true(running.performed);
    assert_false(waiting.performed);
    assert_int_equal(shared.applied, 0);
}

static void freeing_with_finished_work_does_not_apply_it(void **state)
{
    (void)state;
    struct shared shared;
    open_shared(&shared, 2, MANY);
    static struct task tasks[MANY];
    for (int i = 0; i < MANY; i++) {
        tasks[i] = (struct task){.shared = &shared};
        assert_int_equal(offload_submit(shared.offload, perform, apply, &tasks[i]), OK);
    }
    close_shared(&shared);
    assert_int_equal(shared.applied, 0);
    offload_free(NULL);
}

struct chain {
    struct task task;
    int left;
};

static void submit_again(void *context)
{
    struct chain *chain = context;
    struct shared *shared = chain->task.shared;
    if (chain->left-- == 0)
        apply(&chain->task);
    else
        assert_int_equal(offload_submit(shared->offload, perform, submit_again, chain), OK);
}

static void apply_may_submit_more(void **state)
{
    (void)state;
    struct shared shared;
    open_shared(&shared, 2, 4);
    struct chain chains[4];
    for (int i = 0; i < 4; i++) {
        chains[i] = (struct chain){.task = {.shared = &shared}, .left = 25};
        assert_int_equal(offload_submit(shared.offload, perform, submit_again, &chains[i]), OK);
    }
    wait_for(&shared, 4);
    close_shared(&shared);
}

static void work_that_nobody_waits_for_stands_behind(void **state)
{
    (void)state;
    struct shared shared = {.loop = loop_new(), .loop_thread = pthread_self()};
    struct task behind = {.shared = &shared}, before = {.shared = &shared};
    int ours = getpriority(PRIO_PROCESS, 0);
    shared.offload = offload_new_behind(shared.loop, 1, 1);
    struct offload *other = offload_new(shared.loop, 1, 1);
    assert_int_equal(offload_submit(shared.offload, perform, apply, &behind), OK);
    assert_int_equal(offload_submit(other, perform, apply, &before), OK);
    wait_for(&shared, 2);
    assert_int_equal(behind.nice, ours > 10 ? ours : 10);
    assert_int_equal(before.nice, ours);
    assert_int_equal(getpriority(PRIO_PROCESS, 0), ours); /* the thread's own, not the process's */
    offload_free(other);
    offload_free(shared.offload);
    loop_free(shared.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_is_performed_elsewhere_and_applied_on_the_loop),
        cmocka_unit_test(one_thread_keeps_the_order),
        cmocka_unit_test(a_full_queue_is_told_at_once_and_takes_work_again_later),
        cmocka_unit_test(freeing_finishes_what_runs_and_drops_what_waits),
        cmocka_unit_test(freeing_with_finished_work_does_not_apply_it),
        cmocka_unit_test(apply_may_submit_more),
        cmocka_unit_test(work_that_nobody_waits_for_stands_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
