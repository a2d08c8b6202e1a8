/* SPDX-License-Identifier: Apache-2.0 */
#include "base/loop.h"

#include "base/mem.h"

#include <assert.h>
#include <event2/event.h>

#define LOOP_SIGNALS_MAX 8

struct loop_signal {
    struct event *event;
    loop_signal_handler *handler;
    void *context;
};

struct deferred {
    struct deferred *next;
    loop_handler *handler;
    void *context;
};

struct loop {
    struct event_base *base;
    struct event *deferral; /* active while deferred is not empty */
    struct deferred *deferred, **deferred_last;
    struct loop_signal signals[LOOP_SIGNALS_MAX];
    int signal_count;
};

struct loop_timer {
    struct event *event;
    loop_handler *handler;
    void *context;
};

struct loop_watch {
    struct loop *loop;
    struct event *event;
    int fd;
    short watched;
    loop_watch_handler *handler;
    void *context;
};

static struct deferred *take_deferred(struct loop *loop)
{
    struct deferred *deferred = loop->deferred;
    if (deferred == NULL)
        return NULL;
    loop->deferred = deferred->next;
    if (loop->deferred == NULL)
        loop->deferred_last = &loop->deferred;
    return deferred;
}

static void run_deferred(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    struct deferred *next;
    while ((next = take_deferred(context)) != NULL) {
        struct deferred deferred = *next;
        mem_free(next);
        deferred.handler(deferred.context);
    }
}

struct loop *loop_new(void)
{
    struct loop *loop = mem_alloc(sizeof(*loop));
    struct event_config *config = event_config_new();
    event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
    loop->base = event_base_new_with_config(config);
    event_config_free(config);
    assert(loop->base != NULL);
    loop->deferred_last = &loop->deferred;
    loop->deferral = event_new(loop->base, -1, 0, run_deferred, loop);
    assert(loop->deferral != NULL);
    return loop;
}

void loop_free(struct loop *loop)
{
    if (loop == NULL)
        return;
    for (int i = 0; i < loop->signal_count; i++)
        event_free(loop->signals[i].event);
    struct deferred *deferred;
    while ((deferred = take_deferred(loop)) != NULL)
        mem_free(deferred); /* never run: what they belong to may be gone */
    event_free(loop->deferral);
    event_base_free(loop->base);
    mem_free(loop);
}

void loop_run(struct loop *loop)
{
    event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
}

void loop_stop(struct loop *loop)
{
    event_base_loopbreak(loop->base);
}

struct event_base *loop_event_base(struct loop *loop)
{
    return loop->base;
}

/* -- timers ------------------------------------------------------------------------------------------------------ */

static void timer_fired(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    struct loop_timer *timer = context;
    timer->handler(timer->context);
}

struct loop_timer *loop_timer_new(struct loop *loop, loop_handler *handler, void *context)
{
    struct loop_timer *timer = mem_alloc(sizeof(*timer));
    *timer = (struct loop_timer){.handler = handler, .context = context};
    timer->event = evtimer_new(loop->base, timer_fired, timer);
    assert(timer->event != NULL);
    return timer;
}

void loop_timer_start(struct loop_timer *timer, int64_t after_ms)
{
    if (after_ms < 0)
        after_ms = 0; /* overdue already */
    struct timeval after = {.tv_sec = after_ms / 1000, .tv_usec = after_ms % 1000 * 1000};
    evtimer_add(timer->event, &after);
}

void loop_timer_stop(struct loop_timer *timer)
{
    evtimer_del(timer->event);
}

void loop_timer_free(struct loop_timer *timer)
{
    if (timer == NULL)
        return;
    event_free(timer->event);
    mem_free(timer);
}

/* -- descriptors ------------------------------------------------------------------------------------------------- */

static void watch_fired(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    struct loop_watch *watch = context;
    watch->handler(watch->context, (what & EV_READ) != 0, (what & EV_WRITE) != 0);
}

struct loop_watch *loop_watch_new(struct loop *loop, int fd, loop_watch_handler *handler, void *context)
{
    struct loop_watch *watch = mem_alloc(sizeof(*watch));
    *watch = (struct loop_watch){.loop = loop, .fd = fd, .handler = handler, .context = context};
    watch->event = event_new(loop->base, fd, EV_PERSIST, watch_fired, watch);
    assert(watch->event != NULL);
    return watch;
}

void loop_watch_set(struct loop_watch *watch, bool readable, bool writable)
{
    short wanted = (short)((readable ? EV_READ : 0) | (writable ? EV_WRITE : 0));
    if (wanted == watch->watched)
        return;
    event_del(watch->event);
    event_assign(watch->event, watch->loop->base, watch->fd, (short)(wanted | EV_PERSIST), watch_fired, watch);
    if (wanted != 0)
        event_add(watch->event, NULL);
    watch->watched = wanted;
}

void loop_watch_free(struct loop_watch *watch)
{
    if (watch == NULL)
        return;
    event_free(watch->event);
    mem_free(watch);
}

/* -- the end of this turn ---------------------------------------------------------------------------------------- */

void loop_defer(struct loop *loop, loop_handler *handler, void *context)
{
    struct deferred *deferred = mem_alloc(sizeof(*deferred));
    *deferred = (struct deferred){.handler = handler, .context = context};
    *loop->deferred_last = deferred;
    loop->deferred_last = &deferred->next;
    event_active(loop->deferral, EV_TIMEOUT, 0);
}

/* -- signals ----------------------------------------------------------------------------------------------------- */

static void signal_fired(evutil_socket_t number, short what, void *context)
{
    (void)what;
    struct loop_signal *signal = context;
    signal->handler(signal->context, (int)number);
}

void loop_on_signal(struct loop *loop, int number, loop_signal_handler *handler, void *context)
{
    assert(loop->signal_count < LOOP_SIGNALS_MAX);
    struct loop_signal *signal = &loop->signals[loop->signal_count++];
    *signal = (struct loop_signal){.handler = handler, .context = context};
    signal->event = evsignal_new(loop->base, number, signal_fired, signal);
    assert(signal->event != NULL);
    evsignal_add(signal->event, NULL);
}
