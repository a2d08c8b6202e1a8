/* SPDX-License-Identifier: Apache-2.0 */
#include "base/offload.h"

#include "base/mem.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#define BEHIND 10 /* nice(2): a tenth of what others get */

struct work {
    struct work *next;
    offload_function *perform, *apply;
    void *context;
};

struct queue {
    struct work *first, **last;
    size_t length;
};

struct offload {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct queue waiting, finished; /* both under lock */
    bool stopping;                  /* under lock */
    size_t limit;
    bool behind;
    unsigned thread_count;
    pthread_t *threads;
    int wake_fd;
    struct loop_watch *wake;
};

struct thread_start {
    struct offload *offload;
    unsigned index;
};

static _Thread_local unsigned thread_index;

static void queue_init(struct queue *queue)
{
    *queue = (struct queue){.last = &queue->first};
}

static void queue_put(struct queue *queue, struct work *work)
{
    work->next = NULL;
    *queue->last = work;
    queue->last = &work->next;
    queue->length++;
}

static struct work *queue_take(struct queue *queue)
{
    struct work *work = queue->first;
    if (work == NULL)
        return NULL;
    queue->first = work->next;
    if (queue->first == NULL)
        queue->last = &queue->first;
    queue->length--;
    return work;
}

/* -- threads ----------------------------------------------------------------------------------------------------- */

static struct work *next_work(struct offload *offload)
{
    pthread_mutex_lock(&offload->lock);
    while (!offload->stopping && offload->waiting.first == NULL)
        pthread_cond_wait(&offload->arrived, &offload->lock);
    struct work *work = offload->stopping ? NULL : queue_take(&offload->waiting);
    pthread_mutex_unlock(&offload->lock);
    return work;
}

static void report(struct offload *offload, struct work *work)
{
    pthread_mutex_lock(&offload->lock);
    bool awake = offload->finished.first != NULL; /* it takes all that it finds */
    queue_put(&offload->finished, work);
    pthread_mutex_unlock(&offload->lock);
    if (awake)
        return;
    uint64_t one = 1;
    ssize_t written = write(offload->wake_fd, &one, sizeof(one));
    (void)written; /* a full counter wakes the loop as well */
}

/* On Linux a thread has a priority of its own (setpriority(2)), which only grows worse without privileges. */
static void step_behind(void)
{
    if (getpriority(PRIO_PROCESS, 0) < BEHIND)
        (void)setpriority(PRIO_PROCESS, 0, BEHIND);
}

static void *thread_main(void *context)
{
    struct thread_start start = *(struct thread_start *)context;
    mem_free(context);
    thread_index = start.index;
    if (start.offload->behind)
        step_behind();
    struct work *work;
    while ((work = next_work(start.offload)) != NULL) {
        work->perform(work->context);
        report(start.offload, work);
    }
    return NULL;
}

static void start_thread(struct offload *offload, unsigned index)
{
    struct thread_start *start = mem_alloc(sizeof(*start));
    *start = (struct thread_start){offload, index};
    sigset_t all, old; /* signals belong to the loop's thread */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int failed = pthread_create(&offload->threads[index], NULL, thread_main, start);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    assert(!failed);
}

/* -- the loop's side --------------------------------------------------------------------------------------------- */

static void apply_finished(void *context, bool readable, bool writable)
{
    (void)readable, (void)writable;
    struct offload *offload = context;
    uint64_t count;
    ssize_t got = read(offload->wake_fd, &count, sizeof(count));
    (void)got;
    for (;;) {
        pthread_mutex_lock(&offload->lock);
        struct work *work = queue_take(&offload->finished);
        pthread_mutex_unlock(&offload->lock);
        if (work == NULL)
            return;
        work->apply(work->context);
        mem_free(work);
    }
}

static struct offload *new_pool(struct loop *loop, unsigned threads, size_t queue_limit, bool behind)
{
    struct offload *offload = mem_alloc(sizeof(*offload));
    pthread_mutex_init(&offload->lock, NULL);
    pthread_cond_init(&offload->arrived, NULL);
    queue_init(&offload->waiting);
    queue_init(&offload->finished);
    offload->limit = queue_limit;
    offload->behind = behind;
    offload->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    assert(offload->wake_fd >= 0);
    offload->wake = loop_watch_new(loop, offload->wake_fd, apply_finished, offload);
    loop_watch_set(offload->wake, true, false);
    offload->thread_count = threads;
    offload->threads = mem_alloc(threads * sizeof(pthread_t));
    for (unsigned i = 0; i < threads; i++)
        start_thread(offload, i);
    return offload;
}

struct offload *offload_new(struct loop *loop, unsigned threads, size_t queue_limit)
{
    return new_pool(loop, threads, queue_limit, false);
}

struct offload *offload_new_behind(struct loop *loop, unsigned threads, size_t queue_limit)
{
    return new_pool(loop, threads, queue_limit, true);
}

static void free_queue(struct queue *queue)
{
    struct work *work;
    while ((work = queue_take(queue)) != NULL)
        mem_free(work);
}

void offload_free(struct offload *offload)
{
    if (offload == NULL)
        return;
    pthread_mutex_lock(&offload->lock);
    offload->stopping = true;
    pthread_cond_broadcast(&offload->arrived);
    pthread_mutex_unlock(&offload->lock);
    for (unsigned i = 0; i < offload->thread_count; i++)
        pthread_join(offload->threads[i], NULL);
    free_queue(&offload->waiting);
    free_queue(&offload->finished);
    loop_watch_free(offload->wake);
    close(offload->wake_fd);
    pthread_cond_destroy(&offload->arrived);
    pthread_mutex_destroy(&offload->lock);
    mem_free(offload->threads);
    mem_free(offload);
}

enum err offload_submit(struct offload *offload, offload_function *perform, offload_function *apply, void *context)
{
    pthread_mutex_lock(&offload->lock);
    bool full = offload->waiting.length >= offload->limit;
    if (!full) {
        struct work *work = mem_alloc(sizeof(*work));
        *work = (struct work){.perform = perform, .apply = apply, .context = context};
        queue_put(&offload->waiting, work);
        pthread_cond_signal(&offload->arrived);
    }
    pthread_mutex_unlock(&offload->lock);
    return full ? ERR_BUSY : OK;
}

size_t offload_waiting(const struct offload *offload)
{
    struct offload *unlocked = (struct offload *)(uintptr_t)offload;
    pthread_mutex_lock(&unlocked->lock);
    size_t length = offload->waiting.length;
    pthread_mutex_unlock(&unlocked->lock);
    return length;
}

unsigned offload_thread(void)
{
    return thread_index;
}
