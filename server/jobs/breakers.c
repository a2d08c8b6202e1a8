/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/breakers.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "domain/breaker.h"
#include "store/rail.h"

#include <inttypes.h>
#include <string.h>

#define TICK_MS 500

struct rail {
    struct breakers *breakers;
    const char *name;
    struct breaker breaker;
    const char *why;    /* of the last failure */
    int64_t success_us; /* when it last answered; 0: not since our start */
    bool told, asking;  /* the database knows; is being told */
};

struct breakers {
    struct jobs *jobs;
    struct loop_timer *timer;
    struct breaker_limits limits;
    struct rail rails[GATEWAY_RAILS_MAX];
    size_t count;
};

/* -- telling ------------------------------------------------------------------------------------------------------- */

static void noted(void *context, enum err err, const struct row *rows)
{
    struct rail *rail = context;
    struct arena *arena = arena_new();
    rail->asking = false;
    if (err == OK)
        err = store_note_rail_read(rows, arena);
    if (err != OK) { /* the next tick tells it */
        log_warn("payment", "that %s is %s was not recorded: %s", rail->name, breaker_text(rail->breaker.state),
                 err_code(err));
        rail->told = false;
    }
    arena_free(arena);
}

static void tell(struct rail *rail)
{
    const struct jobs *jobs = rail->breakers->jobs;
    if (rail->told || rail->asking)
        return;
    rail->told = rail->asking = store_note_rail(jobs->db, rail->name, breaker_text(rail->breaker.state), rail->why,
                                                jobs->settings->database_call_ms, noted, rail) == OK;
}

static void changed(struct rail *rail, bool did)
{
    const struct breaker_limits *limits = &rail->breakers->limits;
    if (!did)
        return;
    rail->told = false;
    if (rail->breaker.state == BREAKER_OPEN)
        log_error("payment",
                  "%s does not answer (%s): no payment is begun there for %" PRId64
                  " s, others are offered; questions go on",
                  rail->name, rail->why, limits->open_ms / 1000);
    else if (rail->breaker.state == BREAKER_HALF_OPEN)
        log_warn("payment", "%s: trying again with %" PRId64 " payments", rail->name, limits->probes);
    else
        log_info("payment", "%s answers again", rail->name);
    tell(rail);
}

static void tick(void *context)
{
    struct breakers *breakers = context;
    for (size_t i = 0; i < breakers->count; i++) {
        struct rail *rail = &breakers->rails[i];
        changed(rail, breaker_tick(&rail->breaker, &breakers->limits, clock_monotonic_ms()));
        tell(rail);
    }
    loop_timer_start(breakers->timer, TICK_MS);
}

/* -- life ---------------------------------------------------------------------------------------------------------- */

struct breakers *breakers_new(struct jobs *jobs)
{
    const struct settings *settings = jobs->settings;
    struct breakers *breakers = mem_alloc(sizeof(*breakers));
    const char *names[GATEWAY_RAILS_MAX];
    *breakers = (struct breakers){
        .jobs = jobs,
        .limits = {settings->breaker_failures, settings->breaker_open_s * 1000, settings->breaker_probes}};
    breakers->count = gateway_rails(names);
    for (size_t i = 0; i < breakers->count; i++)
        breakers->rails[i] = (struct rail){.breakers = breakers, .name = names[i], .why = ""};
    breakers->timer = loop_timer_new(jobs->loop, tick, breakers);
    tick(breakers); /* what a process that was before us said last is over */
    return breakers;
}

void breakers_free(struct breakers *breakers)
{
    if (breakers == NULL)
        return;
    loop_timer_free(breakers->timer);
    mem_free(breakers);
}

/* -- calls --------------------------------------------------------------------------------------------------------- */

static struct rail *find(struct breakers *breakers, const char *name)
{
    for (size_t i = 0; i < breakers->count; i++)
        if (strcmp(breakers->rails[i].name, name) == 0)
            return &breakers->rails[i];
    return NULL;
}

enum err breakers_admit(struct breakers *breakers, const char *name)
{
    struct rail *rail = find(breakers, name);
    ENSURE(rail == NULL || breaker_admits(&rail->breaker, &breakers->limits), ERR_RAIL_PAUSED);
    return OK;
}

void breakers_answered(struct breakers *breakers, const char *name)
{
    struct rail *rail = find(breakers, name);
    if (rail == NULL)
        return;
    rail->success_us = clock_now_us();
    if (rail->breaker.state == BREAKER_HALF_OPEN)
        rail->why = "";
    changed(rail, breaker_succeeded(&rail->breaker, &breakers->limits, clock_monotonic_ms()));
}

void breakers_failed(struct breakers *breakers, const char *name, const char *why)
{
    struct rail *rail = find(breakers, name);
    if (rail == NULL)
        return;
    rail->why = why;
    changed(rail, breaker_failed(&rail->breaker, &breakers->limits, clock_monotonic_ms()));
}

struct json *breakers_json(const struct breakers *breakers)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < breakers->count; i++) {
        const struct rail *rail = &breakers->rails[i];
        struct json *row = json_new_object();
        json_put_text(row, "rail", rail->name);
        json_put_text(row, "state", breaker_text(rail->breaker.state));
        json_put_integer(row, "failures", rail->breaker.failures);
        json_put_integer(row, "success_s", rail->success_us / CLOCK_SECOND_US);
        json_append(list, row);
    }
    return list;
}
