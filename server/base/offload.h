/* SPDX-License-Identifier: Apache-2.0 */
/* A small bounded thread pool for work that blocks: C_Sign, argon2id. perform runs on any thread and touches nothing
 * that belongs to the loop; apply runs on the loop afterwards. When the queue is full the caller is told at once; the
 * loop never waits. */
#pragma once

#include "base/err.h"
#include "base/loop.h"

#include <stddef.h>

struct offload;

typedef void offload_function(void *context);

/* thread_index (0..threads-1) is readable inside perform through offload_thread(). */
struct offload *offload_new(struct loop *loop, unsigned threads, size_t queue_limit);
/* For work that nobody waits for: its threads leave the cores to whoever wants them, but for a tenth. */
struct offload *offload_new_behind(struct loop *loop, unsigned threads, size_t queue_limit);
/* Finishes what runs, drops what waits (its apply is never called), joins the threads. NULL is fine. */
void offload_free(struct offload *offload);

/* ERR_BUSY when the queue is full; then neither function is called. */
enum err offload_submit(struct offload *offload, offload_function *perform, offload_function *apply,
                        void *context) MUST_CHECK;
size_t offload_waiting(const struct offload *offload);
/* The index of the calling pool thread. */
unsigned offload_thread(void);
