/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#define CAPACITY_FIRST 65536

void figures_add(struct figures *figures, int64_t latency_us, bool accepted)
{
    if (figures->count == figures->capacity) {
        figures->capacity = figures->capacity == 0 ? CAPACITY_FIRST : 2 * figures->capacity;
        figures->latencies_us = reallocarray(figures->latencies_us, figures->capacity, sizeof(uint32_t));
        if (figures->latencies_us == NULL)
            err(2, "latencies");
    }
    figures->latencies_us[figures->count++] = (uint32_t)latency_us;
    figures->refused += !accepted;
}

static int compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static double percentile_ms(const struct figures *figures, size_t percent)
{
    return figures->count == 0 ? 0 : figures->latencies_us[(figures->count - 1) * percent / 100] / 1000.0;
}

void figures_print(struct figures *figures, double seconds)
{
    if (figures->count > 0)
        qsort(figures->latencies_us, figures->count, sizeof(uint32_t), compare);
    printf("replies=%zu refused=%zu seconds=%.3f per_second=%.1f p50_ms=%.2f p99_ms=%.2f\n", figures->count,
           figures->refused, seconds, (double)figures->count / seconds, percentile_ms(figures, 50),
           percentile_ms(figures, 99));
}
