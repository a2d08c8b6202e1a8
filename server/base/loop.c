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

struct loop {
    struct event_base *base;
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

struct loop *loop_new(void)
{
    struct loop *loop = mem_alloc(sizeof(*loop));
    struct event_config *config = event_config_new();
    event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
    loop->base = event_base_new_with_config(config);
    event_config_free(config);
    assert(loop->base != NULL);
    return loop;
}

void loop_free(struct loop *loop)
{
    if (loop == NULL)
        return;
    for (int i = 0; i < loop->signal_count; i++)
        event_free(loop->signals[i].event);
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

struct deferred {
    loop_handler *handler;
    void *context;
};

static void deferred_fired(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    struct deferred deferred = *(struct deferred *)context;
    mem_free(context);
    deferred.handler(deferred.context);
}

void loop_defer(struct loop *loop, loop_handler *handler, void *context)
{
    struct deferred *deferred = mem_alloc(sizeof(*deferred));
    *deferred = (struct deferred){handler, context};
    static const struct timeval now = {0, 0};
    event_base_once(loop->base, -1, EV_TIMEOUT, deferred_fired, deferred, &now);
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
