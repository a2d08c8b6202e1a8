/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/figures.h"

#include "base/clock.h"

const int64_t edge_bucket_us[EDGE_BUCKETS] = {500,   1000,   2500,   5000,    10000,   25000,
                                              50000, 100000, 500000, 2500000, 10000000};

static void count_status(struct route_figures *figures, int status)
{
    size_t i = 0;
    while (i < EDGE_STATUSES_MAX - 1 && figures->statuses[i].status != status && figures->statuses[i].status != 0)
        i++;
    if (figures->statuses[i].status == 0)
        figures->statuses[i].status = status;
    figures->statuses[i].count++;
}

/* What met no route, and the pages, whose route is not of the table, have one place together. */
static size_t index_of(const struct edge *edge, const struct route *route)
{
    const struct route *table = edge->options.routes;
    size_t count = edge->options.route_count;
    return route >= table && route < table + count ? (size_t)(route - table) : count;
}

void figures_count(struct edge *edge, const struct request *req, int status)
{
    struct route_figures *figures = &edge->figures[index_of(edge, req->route)];
    int64_t took_us = clock_now_us() - req->started_us;
    size_t bucket = 0;
    while (bucket < EDGE_BUCKETS && took_us > edge_bucket_us[bucket])
        bucket++;
    count_status(figures, status);
    figures->buckets[bucket]++;
    figures->sum_us += took_us > 0 ? (uint64_t)took_us : 0;
}

const struct route *edge_routes(const struct edge *edge, size_t *count)
{
    *count = edge->options.route_count;
    return edge->options.routes;
}

const struct route_figures *edge_route_figures(const struct edge *edge, size_t index)
{
    return &edge->figures[index];
}
