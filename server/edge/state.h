/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the edge: what struct edge holds. Objects that end during a callback are parked here and freed at the end of
 * the loop turn, so that nothing disappears under a caller. */
#pragma once

#include "edge/address.h"
#include "edge/edge.h"
#include "edge/routing.h"
#include "edge/scratch.h"

#include <stdbool.h>

#define EDGE_LISTENERS_MAX 8
#define EDGE_DATE_SIZE     32

struct connection;
struct evconnlistener;
struct tls;

struct listener {
    struct edge *edge;
    enum listener_kind kind;
    int port;
    struct evconnlistener *socket; /* NULL once stopped */
    struct tls *tls;               /* NULL: plain HTTP */
};

struct edge {
    struct edge_options options;
    struct routing *routing[LISTENER_ADMIN + 1];
    const struct files *files[LISTENER_ADMIN + 1]; /* NULL: none */
    bool has_trusted_proxy;
    struct address trusted_proxy;

    struct listener listeners[EDGE_LISTENERS_MAX];
    size_t listener_count;
    bool accepting;                  /* false at the connection limit */
    struct loop_timer *accept_again; /* after the process ran out of descriptors */
    struct address_counts *addresses;

    struct connection *connections;
    struct connection *doomed; /* closed, freed at the end of the turn */
    struct request *requests;  /* live ones */
    struct request *finished;  /* answered outside of the connection's own turn */
    struct request *spares;
    size_t spare_count;
    struct loop_timer *turn; /* the end of the loop turn */
    bool turn_due;

    struct scratch scratch; /* reply heads are built here */
    int64_t date_second;
    char date[EDGE_DATE_SIZE];
    uint64_t id_seed;
    struct edge_counters counters;
    struct route_figures *figures; /* one for each route, and one more */

    bool stopping, stopped;
    struct loop_timer *stop_deadline;
    loop_handler *stop_done;
    void *stop_context;
};

/* Asks for edge_turn at the end of this loop turn. */
void edge_turn_soon(struct edge *edge);
/* Calls what edge_stop was given, once everything has ended. In stop.c. */
void edge_check_stopped(struct edge *edge);
