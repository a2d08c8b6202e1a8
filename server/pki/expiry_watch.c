/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/expiry_watch.h"

#include "base/clock.h"
#include "base/mem.h"

#define DAY_MS (24 * 60 * 60 * 1000)

struct expiry_watch {
    struct loop_timer *timer;
    int64_t warn_days;
    bool says;
    expiry_gather *gather;
    void *context;
    struct expiries list;
};

static void look(void *context)
{
    expiry_watch_look(context);
}

void expiry_watch_gather(struct expiry_watch *watch)
{
    struct arena *before = watch->list.arena;
    watch->list = (struct expiries){.arena = arena_new()};
    watch->gather(watch->context, &watch->list);
    arena_free(before);
}

void expiry_watch_look(struct expiry_watch *watch)
{
    expiry_watch_gather(watch);
    if (watch->says)
        expiries_log(&watch->list, watch->warn_days, clock_now_us());
    loop_timer_start(watch->timer, DAY_MS);
}

struct expiry_watch *expiry_watch_new(struct loop *loop, int64_t warn_days, bool says, expiry_gather *gather,
                                      void *context)
{
    struct expiry_watch *watch = mem_alloc(sizeof(*watch));
    *watch = (struct expiry_watch){.warn_days = warn_days, .says = says, .gather = gather, .context = context};
    watch->timer = loop_timer_new(loop, look, watch);
    expiry_watch_look(watch);
    return watch;
}

const struct expiries *expiry_watch_list(const struct expiry_watch *watch)
{
    return &watch->list;
}

void expiry_watch_free(struct expiry_watch *watch)
{
    if (watch == NULL)
        return;
    loop_timer_free(watch->timer);
    arena_free(watch->list.arena);
    mem_free(watch);
}
