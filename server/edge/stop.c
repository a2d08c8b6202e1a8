/* SPDX-License-Identifier: Apache-2.0 */
/* Graceful stop: everything accepted is answered, or cut at the deadline. */
#include "edge/connection.h"
#include "edge/listener.h"
#include "edge/message.h"
#include "edge/state.h"

static void report(struct edge *edge)
{
    if (edge->stopped)
        return;
    edge->stopped = true;
    loop_timer_stop(edge->stop_deadline);
    edge->stop_done(edge->stop_context);
}

/* Requests whose client has gone are waited for too: their handlers still use what the caller frees next. */
void edge_check_stopped(struct edge *edge)
{
    if (edge->stopping && edge->counters.connections_now == 0 && edge->requests == NULL)
        report(edge);
}

static void cut(void *context)
{
    struct edge *edge = context;
    while (edge->connections != NULL)
        connection_close(edge->connections);
    report(edge);
}

void edge_stop(struct edge *edge, int64_t deadline_ms, loop_handler *done, void *context)
{
    if (edge->stopping)
        return;
    edge->stopping = true;
    edge->stop_done = done;
    edge->stop_context = context;
    edge->stop_deadline = loop_timer_new(edge->options.loop, cut, edge);
    loop_timer_start(edge->stop_deadline, deadline_ms);
    listener_stop_all(edge);
    for (struct connection *connection = edge->connections, *next; connection != NULL; connection = next) {
        next = connection->next;
        connection_stop(connection);
    }
    edge_turn_soon(edge);
}
