/* SPDX-License-Identifier: Apache-2.0 */
/* A circuit breaker: who fails again and again is left alone for a while, then tried a little, then trusted again.
 * Pure: time comes from the caller. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum breaker_state {
    BREAKER_CLOSED,    /* all goes through */
    BREAKER_OPEN,      /* nothing is begun */
    BREAKER_HALF_OPEN, /* a few are, to see */
};

struct breaker_limits {
    int64_t failures; /* beyond the successes meanwhile, that open it */
    int64_t open_ms;
    int64_t probes; /* begun in open_ms while half open; and successes that close it */
};

struct breaker {
    enum breaker_state state;
    int64_t failures;     /* less those that succeeded since */
    int64_t successes;    /* while half open */
    int64_t probes_begun; /* in this period */
    int64_t since_ms;     /* of this state; of this period while half open */
};

/* "closed", "open", "half_open". */
const char *breaker_text(enum breaker_state state);
/* Each may change the state; true: it did. Time passes: */
bool breaker_tick(struct breaker *breaker, const struct breaker_limits *limits, int64_t now_ms);
/* Something ended, begun here or elsewhere. */
bool breaker_succeeded(struct breaker *breaker, const struct breaker_limits *limits, int64_t now_ms);
bool breaker_failed(struct breaker *breaker, const struct breaker_limits *limits, int64_t now_ms);
/* May something be begun? Counts it. */
bool breaker_admits(struct breaker *breaker, const struct breaker_limits *limits);
