/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/breaker.h"

const char *breaker_text(enum breaker_state state)
{
    static const char *const texts[] = {
        [BREAKER_CLOSED] = "closed", [BREAKER_OPEN] = "open", [BREAKER_HALF_OPEN] = "half_open"};
    return texts[state];
}

static bool enter(struct breaker *breaker, enum breaker_state state, int64_t now_ms)
{
    *breaker = (struct breaker){.state = state, .since_ms = now_ms};
    return true;
}

/* Half open and undecided: as many probes again, or it might wait for good for those that never ended. */
bool breaker_tick(struct breaker *breaker, const struct breaker_limits *limits, int64_t now_ms)
{
    if (breaker->state == BREAKER_CLOSED || now_ms - breaker->since_ms < limits->open_ms)
        return false;
    if (breaker->state == BREAKER_OPEN)
        return enter(breaker, BREAKER_HALF_OPEN, now_ms);
    breaker->probes_begun = 0;
    breaker->since_ms = now_ms;
    return false;
}

/* While open it says nothing: what is asked there goes on, but nothing is begun before its time. */
bool breaker_succeeded(struct breaker *breaker, const struct breaker_limits *limits, int64_t now_ms)
{
    breaker->failures -= breaker->failures > 0;
    if (breaker->state != BREAKER_HALF_OPEN || ++breaker->successes < limits->probes)
        return false;
    return enter(breaker, BREAKER_CLOSED, now_ms);
}

bool breaker_failed(struct breaker *breaker, const struct breaker_limits *limits, int64_t now_ms)
{
    breaker->failures++;
    if (breaker->state == BREAKER_OPEN || (breaker->state == BREAKER_CLOSED && breaker->failures < limits->failures))
        return false;
    return enter(breaker, BREAKER_OPEN, now_ms);
}

bool breaker_admits(struct breaker *breaker, const struct breaker_limits *limits)
{
    if (breaker->state == BREAKER_CLOSED)
        return true;
    return breaker->state == BREAKER_HALF_OPEN && breaker->probes_begun++ < limits->probes;
}
