/* SPDX-License-Identifier: Apache-2.0 */
#include "issuer/lease.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/issuance.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

struct lease {
    struct db *db;
    struct loop_timer *timer;
    int64_t seconds, call_ms;
    char holder[128]; /* unique to this run */
    bool held;
    int64_t fence;
    int64_t asked_ms, held_until_ms; /* monotonic; counted from when we asked, so never too long */
    loop_handler *released;
    void *released_context;
};

static void ask(void *context);

static void name_holder(struct lease *lease)
{
    char host[64] = "";
    gethostname(host, sizeof(host) - 1);
    uint64_t run;
    random_bytes(&run, sizeof(run));
    snprintf(lease->holder, sizeof(lease->holder), "%s:%d:%016" PRIx64, host, (int)getpid(), run);
}

static void took(struct lease *lease, const struct issuer_lease *answer)
{
    if (answer->held && !lease->held)
        log_info("issuer", "active with fence %" PRId64, answer->fence);
    if (!answer->held && (lease->held || lease->asked_ms == 0))
        log_warn("issuer", "another issuer is active; standing by");
    lease->held = answer->held;
    lease->fence = answer->fence;
    if (answer->held)
        lease->held_until_ms = lease->asked_ms + lease->seconds * 1000;
}

static void answered(void *context, enum err err, const struct row *rows)
{
    struct lease *lease = context;
    struct arena *arena = arena_new();
    struct issuer_lease answer;
    if (err == OK)
        err = store_take_issuer_lease_read(rows, arena, &answer);
    if (err == OK && lease->released == NULL)
        took(lease, &answer);
    arena_free(arena);
    if (lease->released != NULL)
        lease->released(lease->released_context);
    else
        loop_timer_start(lease->timer, lease->held ? lease->seconds * 1000 / 4 : 500);
}

static void ask(void *context)
{
    struct lease *lease = context;
    lease->asked_ms = clock_monotonic_ms();
    if (store_take_issuer_lease(lease->db, lease->holder, lease->seconds, lease->call_ms, answered, lease) != OK)
        loop_timer_start(lease->timer, 500);
}

struct lease *lease_new(struct loop *loop, struct db *db, int64_t seconds, int64_t call_ms)
{
    struct lease *lease = mem_alloc(sizeof(*lease));
    *lease = (struct lease){.db = db, .seconds = seconds, .call_ms = call_ms};
    name_holder(lease);
    lease->timer = loop_timer_new(loop, ask, lease);
    ask(lease);
    return lease;
}

bool lease_held(const struct lease *lease, int64_t *fence)
{
    if (!lease->held || clock_monotonic_ms() >= lease->held_until_ms)
        return false;
    *fence = lease->fence;
    return true;
}

void lease_release(struct lease *lease, loop_handler *done, void *context)
{
    loop_timer_stop(lease->timer);
    lease->released = done;
    lease->released_context = context;
    if (!lease->held || store_take_issuer_lease(lease->db, lease->holder, 0, lease->call_ms, answered, lease) != OK)
        done(context);
    lease->held = false;
}

void lease_free(struct lease *lease)
{
    if (lease == NULL)
        return;
    loop_timer_free(lease->timer);
    mem_free(lease);
}
