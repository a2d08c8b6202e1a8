/* SPDX-License-Identifier: Apache-2.0 */
/* The event loop of a process (libevent underneath): timers, descriptors, signals. One thread owns it. */
#pragma once

#include "base/compiler.h"

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_timer;
struct loop_watch;
struct event_base;

typedef void loop_handler(void *context);
typedef void loop_watch_handler(void *context, bool readable, bool writable);
typedef void loop_signal_handler(void *context, int signal);

struct loop *loop_new(void);
void loop_free(struct loop *loop);
/* Returns after loop_stop. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);
/* For edge/ only, whose bufferevents need it. */
struct event_base *loop_event_base(struct loop *loop);

/* One-shot: fires once after each loop_timer_start; starting again moves it. */
struct loop_timer *loop_timer_new(struct loop *loop, loop_handler *handler, void *context);
void loop_timer_start(struct loop_timer *timer, int64_t after_ms);
void loop_timer_stop(struct loop_timer *timer);
void loop_timer_free(struct loop_timer *timer);

/* Watches fd, which stays the caller's. */
struct loop_watch *loop_watch_new(struct loop *loop, int fd, loop_watch_handler *handler, void *context);
void loop_watch_set(struct loop_watch *watch, bool readable, bool writable);
void loop_watch_free(struct loop_watch *watch);

/* Runs handler on the loop at the end of this turn, once; used to batch what one turn produced. */
void loop_defer(struct loop *loop, loop_handler *handler, void *context);

void loop_on_signal(struct loop *loop, int signal, loop_signal_handler *handler, void *context);
