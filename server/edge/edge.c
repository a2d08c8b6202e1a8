/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/edge.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "edge/connection.h"
#include "edge/exchange.h"
#include "edge/listener.h"
#include "edge/message.h"
#include "edge/state.h"

#include <assert.h>

/* -- the end of a loop turn -------------------------------------------------------------------------------------- */

static void continue_answered(struct edge *edge)
{
    while (edge->finished != NULL) {
        struct request *req = edge->finished;
        edge->finished = req->next_finished;
        if (req->connection != NULL)
            exchange_answered(req->connection);
        else
            message_release(req);
    }
}

static void free_doomed(struct edge *edge)
{
    while (edge->doomed != NULL) {
        struct connection *connection = edge->doomed;
        edge->doomed = connection->next;
        connection_free(connection);
    }
}

static void edge_turn(void *context)
{
    struct edge *edge = context;
    edge->turn_due = false;
    continue_answered(edge);
    free_doomed(edge);
    listener_resume(edge);
    edge_check_stopped(edge);
}

void edge_turn_soon(struct edge *edge)
{
    if (edge->turn_due)
        return;
    edge->turn_due = true;
    loop_timer_start(edge->turn, 0);
}

/* -- life -------------------------------------------------------------------------------------------------------- */

static void trust_proxy(struct edge *edge)
{
    const char *proxy = edge->options.trusted_proxy;
    if (proxy == NULL || proxy[0] == '\0')
        return;
    edge->has_trusted_proxy = address_parse(proxy, &edge->trusted_proxy);
    if (!edge->has_trusted_proxy)
        log_error("edge", "trusted proxy \"%s\" is not an IP address; no forwarded header is believed", proxy);
}

struct edge *edge_new(const struct edge_options *options)
{
    const struct edge_limits *limits = &options->limits;
    assert(limits->connections > 0 && limits->header_count > 0 && limits->header_bytes > 0 && limits->target_bytes > 0);
    struct edge *edge = mem_alloc(sizeof(*edge));
    edge->options = *options;
    edge->accepting = true;
    edge->addresses = address_counts_new();
    edge->turn = loop_timer_new(options->loop, edge_turn, edge);
    for (enum listener_kind kind = LISTENER_PUBLIC; kind <= LISTENER_ADMIN; kind++)
        edge->routing[kind] = routing_new(options->routes, options->route_count, kind);
    edge->figures = mem_alloc((options->route_count + 1) * sizeof(*edge->figures));
    random_bytes(&edge->id_seed, sizeof(edge->id_seed));
    trust_proxy(edge);
    return edge;
}

void edge_serve_files(struct edge *edge, enum listener_kind kind, const struct files *files)
{
    edge->files[kind] = files;
}

static void orphan_requests(struct edge *edge)
{
    continue_answered(edge);
    while (edge->requests != NULL) {
        struct request *req = edge->requests;
        edge->requests = req->next;
        req->edge = NULL; /* its handler still holds it; the reply frees it */
    }
}

void edge_free(struct edge *edge)
{
    if (edge == NULL)
        return;
    listener_free_all(edge);
    while (edge->connections != NULL)
        connection_close(edge->connections);
    orphan_requests(edge);
    free_doomed(edge);
    message_free_spares(edge);
    for (enum listener_kind kind = LISTENER_PUBLIC; kind <= LISTENER_ADMIN; kind++)
        routing_free(edge->routing[kind]);
    address_counts_free(edge->addresses);
    loop_timer_free(edge->turn);
    loop_timer_free(edge->stop_deadline);
    mem_free(edge->scratch.data);
    mem_free(edge->figures);
    mem_free(edge);
}

struct edge_counters edge_counters(const struct edge *edge)
{
    return edge->counters;
}
