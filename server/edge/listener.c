/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/listener.h"

#include "base/log.h"
#include "edge/connection.h"
#include "edge/state.h"
#include "edge/tls.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <string.h>

#define BACKLOG         1024
#define ACCEPT_AGAIN_MS 100 /* after accept failed, for want of descriptors usually */

/* -- accepting and pausing --------------------------------------------------------------------------------------- */

static bool full(const struct edge *edge)
{
    return edge->counters.connections_now >= edge->options.limits.connections;
}

static void pause_all(struct edge *edge)
{
    edge->accepting = false;
    for (size_t i = 0; i < edge->listener_count; i++)
        if (edge->listeners[i].socket != NULL)
            evconnlistener_disable(edge->listeners[i].socket);
}

void listener_resume(struct edge *edge)
{
    if (edge->accepting || edge->stopping || full(edge))
        return;
    edge->accepting = true;
    for (size_t i = 0; i < edge->listener_count; i++)
        if (edge->listeners[i].socket != NULL)
            evconnlistener_enable(edge->listeners[i].socket);
}

static void accept_again(void *context)
{
    listener_resume(context);
}

static void on_accept(struct evconnlistener *socket, evutil_socket_t fd, struct sockaddr *peer, int size, void *context)
{
    (void)socket, (void)size;
    struct listener *listener = context;
    connection_new(listener, (int)fd, peer);
    if (full(listener->edge))
        pause_all(listener->edge);
}

static void on_accept_error(struct evconnlistener *socket, void *context)
{
    (void)socket;
    struct listener *listener = context;
    struct edge *edge = listener->edge;
    log_warn("edge", "cannot accept a connection: %s", strerror(errno));
    pause_all(edge);
    if (edge->accept_again == NULL)
        edge->accept_again = loop_timer_new(edge->options.loop, accept_again, edge);
    loop_timer_start(edge->accept_again, ACCEPT_AGAIN_MS);
}

/* -- opening ----------------------------------------------------------------------------------------------------- */

union any_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static enum err socket_address(const char *address, int port, union any_address *out, int *size)
{
    union any_address made = {0};
    if (inet_pton(AF_INET, address, &made.v4.sin_addr) == 1) {
        made.v4.sin_family = AF_INET;
        made.v4.sin_port = htons((uint16_t)port);
        *size = sizeof(made.v4);
    } else if (inet_pton(AF_INET6, address, &made.v6.sin6_addr) == 1) {
        made.v6.sin6_family = AF_INET6;
        made.v6.sin6_port = htons((uint16_t)port);
        *size = sizeof(made.v6);
    } else {
        log_error("edge", "cannot listen: \"%s\" is not an IP address", address);
        return ERR_SETTINGS_INVALID;
    }
    *out = made;
    return OK;
}

static int bound_port(struct evconnlistener *socket)
{
    union any_address bound = {0};
    socklen_t size = sizeof(bound);
    getsockname(evconnlistener_get_fd(socket), &bound.any, &size);
    return ntohs(bound.any.sa_family == AF_INET6 ? bound.v6.sin6_port : bound.v4.sin_port);
}

static enum err open_socket(struct edge *edge, struct listener *listener, const char *address, int port)
{
    union any_address where;
    int size;
    TRY(socket_address(address, port, &where, &size));
    unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE | LEV_OPT_REUSEABLE_PORT;
    listener->socket = evconnlistener_new_bind(loop_event_base(edge->options.loop), on_accept, listener, flags, BACKLOG,
                                               &where.any, size);
    if (listener->socket == NULL) {
        log_error("edge", "cannot listen on %s port %d: %s", address, port, strerror(errno));
        return ERR_SETTINGS_INVALID;
    }
    evconnlistener_set_error_cb(listener->socket, on_accept_error);
    listener->port = bound_port(listener->socket);
    return OK;
}

enum err edge_listen(struct edge *edge, enum listener_kind kind, const char *address, int port,
                     const struct edge_tls *options)
{
    assert(edge->listener_count < EDGE_LISTENERS_MAX && edge->accepting);
    struct tls *tls = NULL;
    if (options != NULL)
        TRY(tls_new(options, &tls));
    struct listener *listener = &edge->listeners[edge->listener_count];
    *listener = (struct listener){.edge = edge, .kind = kind, .tls = tls};
    enum err err = open_socket(edge, listener, address, port);
    if (err != OK)
        tls_free(tls);
    else
        edge->listener_count++;
    return err;
}

int edge_port(const struct edge *edge, enum listener_kind kind)
{
    for (size_t i = 0; i < edge->listener_count; i++)
        if (edge->listeners[i].kind == kind)
            return edge->listeners[i].port;
    return 0;
}

/* -- closing ----------------------------------------------------------------------------------------------------- */

/* Their three-way handshake is done: to the client they are connected. */
static void accept_backlog(struct listener *listener)
{
    union any_address peer;
    socklen_t size = sizeof(peer);
    int fd;
    while (!full(listener->edge) && (fd = accept4(evconnlistener_get_fd(listener->socket), &peer.any, &size,
                                                  SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        connection_new(listener, fd, &peer.any);
        size = sizeof(peer);
    }
}

void listener_stop_all(struct edge *edge)
{
    for (size_t i = 0; i < edge->listener_count; i++) {
        struct listener *listener = &edge->listeners[i];
        if (listener->socket == NULL)
            continue;
        accept_backlog(listener);
        evconnlistener_free(listener->socket);
        listener->socket = NULL;
    }
}

void listener_free_all(struct edge *edge)
{
    for (size_t i = 0; i < edge->listener_count; i++) {
        if (edge->listeners[i].socket != NULL)
            evconnlistener_free(edge->listeners[i].socket);
        tls_free(edge->listeners[i].tls);
    }
    loop_timer_free(edge->accept_again);
}
