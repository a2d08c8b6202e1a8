/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/connection.h"

#include "base/clock.h"
#include "base/mem.h"
#include "edge/exchange.h"
#include "edge/framing.h"
#include "edge/message.h"
#include "edge/state.h"
#include "edge/stream_internal.h"
#include "edge/tls.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define BODY_RATE_MIN (64 * 1024) /* bytes a second that an honest client manages */
#define LINGER_MS     2000        /* for the client to read the last reply and hang up */
#define STOP_GRACE_MS 1000        /* when stopping, for a fresh connection to send its first byte */

/* -- phases and deadlines ---------------------------------------------------------------------------------------- */

struct evbuffer *connection_input(const struct connection *connection)
{
    return bufferevent_get_input(connection->bufferevent);
}

size_t connection_unwritten(const struct connection *connection)
{
    return evbuffer_get_length(bufferevent_get_output(connection->bufferevent));
}

/* A body of some megabytes takes its time on an uplink of half a megabit; what may be that large only those admitted
 * send. */
static int64_t body_ms(const struct connection *connection)
{
    const struct request *req = connection->req;
    uint64_t announced = framing_content_length(req);
    uint64_t size = announced > 0 && announced < req->body.limit ? announced : req->body.limit;
    return connection->edge->options.limits.body_ms + (int64_t)(size * 1000 / BODY_RATE_MIN);
}

static int64_t phase_ms(const struct connection *connection)
{
    const struct edge_limits *limits = &connection->edge->options.limits;
    switch (connection->phase) {
    case PHASE_TLS:
        return limits->tls_ms;
    case PHASE_HEAD:
        return limits->headers_ms;
    case PHASE_BODY:
        return body_ms(connection);
    case PHASE_HANDLING:
        return limits->handler_ms;
    case PHASE_LINGERING:
        return LINGER_MS;
    case PHASE_STREAMING:
        return limits->stream_heartbeat_ms;
    case PHASE_IDLE:
        return connection->edge->stopping ? STOP_GRACE_MS : limits->idle_ms;
    case PHASE_FLUSHING:
    case PHASE_CLOSED:
        return limits->idle_ms;
    }
    return 0;
}

void connection_enter(struct connection *connection, enum phase phase)
{
    assert(connection->phase != PHASE_CLOSED);
    connection->phase = phase;
    connection->due_ms = clock_monotonic_ms() + phase_ms(connection);
    bool life_counts = phase == PHASE_IDLE || phase == PHASE_FLUSHING || phase == PHASE_STREAMING;
    if (life_counts && connection->life_ms < connection->due_ms)
        connection->due_ms = connection->life_ms;
}

/* The timer is moved only when it would fire too late; firing early just looks again. So a busy connection costs no
 * timer operation per request. */
void connection_arm(struct connection *connection)
{
    if (connection->phase == PHASE_CLOSED)
        return;
    if (connection->armed_ms != 0 && connection->armed_ms <= connection->due_ms)
        return;
    int64_t after = connection->due_ms - clock_monotonic_ms();
    loop_timer_start(connection->timer, after > 0 ? after : 0);
    connection->armed_ms = connection->due_ms;
}

/* -- ending ------------------------------------------------------------------------------------------------------ */

/* A handler may still hold the request: it is released when it replies, to nobody. */
void connection_let_go(struct connection *connection)
{
    struct request *req = connection->req;
    if (req == NULL)
        return;
    connection->req = NULL;
    req->connection = NULL;
    if (connection->phase != PHASE_HANDLING)
        message_release(req);
}

void connection_close(struct connection *connection)
{
    if (connection->phase == PHASE_CLOSED)
        return;
    struct edge *edge = connection->edge;
    connection_let_go(connection);
    stream_free(connection);
    connection->phase = PHASE_CLOSED;
    bufferevent_disable(connection->bufferevent, EV_READ | EV_WRITE);
    bufferevent_setcb(connection->bufferevent, NULL, NULL, NULL, NULL);
    loop_timer_stop(connection->timer);
    if (connection->previous != NULL)
        connection->previous->next = connection->next;
    else
        edge->connections = connection->next;
    if (connection->next != NULL)
        connection->next->previous = connection->previous;
    connection->next = edge->doomed;
    edge->doomed = connection;
    edge_turn_soon(edge);
}

void connection_free(struct connection *connection)
{
    struct edge *edge = connection->edge;
    assert(connection->phase == PHASE_CLOSED);
    bufferevent_free(connection->bufferevent);
    loop_timer_free(connection->timer);
    if (connection->counted)
        address_counts_give(edge->addresses, &connection->peer);
    edge->counters.connections_now--;
    mem_free(connection);
}

void connection_discard_input(struct connection *connection)
{
    struct evbuffer *input = connection_input(connection);
    evbuffer_drain(input, evbuffer_get_length(input));
}

/* RFC 9112 9.6: closing while the client still sends would reset the connection and lose the reply. */
void connection_finish_writing(struct connection *connection)
{
    if (connection->tls)
        tls_say_goodbye(connection->bufferevent);
    if (connection->read_closed || !connection->linger) {
        connection_close(connection);
        return;
    }
    shutdown(bufferevent_getfd(connection->bufferevent), SHUT_WR);
    connection_discard_input(connection);
    connection_enter(connection, PHASE_LINGERING);
}

/* -- writing ----------------------------------------------------------------------------------------------------- */

bool connection_decide_end(struct connection *connection, const struct request *req)
{
    bool nothing_waits = evbuffer_get_length(connection_input(connection)) == 0;
    connection->closing = !req->keep_alive || clock_monotonic_ms() >= connection->life_ms ||
                          (connection->edge->stopping && nothing_waits);
    return connection->closing;
}

static size_t send_now(struct connection *connection, struct bytes head, struct bytes body)
{
    struct iovec parts[2] = {{(void *)(uintptr_t)head.data, head.size}, {(void *)(uintptr_t)body.data, body.size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = body.size > 0 ? 2 : 1};
    ssize_t sent = sendmsg(bufferevent_getfd(connection->bufferevent), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0)
        return (size_t)sent;
    connection->broken = errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR;
    return 0;
}

static void buffer_rest(struct connection *connection, struct bytes part, size_t sent)
{
    if (sent < part.size)
        bufferevent_write(connection->bufferevent, part.data + sent, part.size - sent);
}

/* Replies nearly always fit the socket's buffer: then a write event and two epoll_ctl calls are saved. */
void connection_write(struct connection *connection, struct bytes head, struct bytes body)
{
    size_t sent = 0;
    if (!connection->tls && connection_unwritten(connection) == 0)
        sent = send_now(connection, head, body);
    if (connection->broken || sent == head.size + body.size)
        return;
    evbuffer_expand(bufferevent_get_output(connection->bufferevent), head.size + body.size - sent);
    buffer_rest(connection, head, sent);
    buffer_rest(connection, body, sent > head.size ? sent - head.size : 0);
}

void connection_limit_silence(struct connection *connection, int64_t silence_ms)
{
    unsigned timeout = (unsigned)silence_ms; /* RFC 5482 */
    setsockopt(bufferevent_getfd(connection->bufferevent), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof(timeout));
}

/* -- what libevent calls ----------------------------------------------------------------------------------------- */

static void on_timer(void *context)
{
    struct connection *connection = context;
    connection->armed_ms = 0;
    if (clock_monotonic_ms() >= connection->due_ms)
        exchange_timed_out(connection);
    connection_arm(connection);
}

static void on_readable(struct bufferevent *bufferevent, void *context)
{
    (void)bufferevent;
    exchange_proceed(context);
}

static void on_written(struct bufferevent *bufferevent, void *context)
{
    (void)bufferevent;
    struct connection *connection = context;
    if (connection->phase == PHASE_FLUSHING)
        exchange_flushed(connection);
    else if (connection->phase == PHASE_STREAMING)
        stream_drained(connection);
}

static void on_event(struct bufferevent *bufferevent, short what, void *context)
{
    (void)bufferevent;
    struct connection *connection = context;
    if ((what & BEV_EVENT_CONNECTED) != 0) {
        connection_enter(connection, PHASE_IDLE);
        connection_arm(connection);
        return;
    }
    if ((what & BEV_EVENT_EOF) == 0) {
        connection_close(connection);
        return;
    }
    connection->read_closed = true; /* it may still read: RFC 9112 9.6 */
    exchange_proceed(connection);
}

/* -- the start --------------------------------------------------------------------------------------------------- */

static struct bufferevent *open_bufferevent(const struct listener *listener, int fd)
{
    struct event_base *base = loop_event_base(listener->edge->options.loop);
    if (listener->tls != NULL)
        return tls_accept(listener->tls, base, fd);
    return bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
}

static void link_connection(struct edge *edge, struct connection *connection)
{
    connection->next = edge->connections;
    if (edge->connections != NULL)
        edge->connections->previous = connection;
    edge->connections = connection;
    edge->counters.connections++;
    edge->counters.connections_now++;
}

/* Pending bytes are bounded by a head and one read. */
static void watch(struct connection *connection)
{
    size_t pending_max = 2 * head_scan_limit(&connection->edge->options.limits);
    bufferevent_setwatermark(connection->bufferevent, EV_READ, 0, pending_max);
    bufferevent_setcb(connection->bufferevent, on_readable, on_written, on_event, connection);
    bufferevent_enable(connection->bufferevent, EV_READ | EV_WRITE);
}

void connection_new(struct listener *listener, int fd, const struct sockaddr *peer)
{
    struct edge *edge = listener->edge;
    struct address address = address_of(peer);
    size_t limit = edge->options.limits.connections_per_address;
    if (limit > 0 && !address_counts_take(edge->addresses, &address, limit)) {
        edge->counters.refused++;
        close(fd);
        return;
    }
    struct connection *connection = mem_alloc(sizeof(*connection));
    *connection = (struct connection){.edge = edge, .listener = listener->kind, .peer = address};
    connection->counted = limit > 0;
    connection->tls = listener->tls != NULL;
    connection->life_ms = clock_monotonic_ms() + edge->options.limits.life_ms;
    connection->bufferevent = open_bufferevent(listener, fd);
    connection->timer = loop_timer_new(edge->options.loop, on_timer, connection);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    link_connection(edge, connection);
    watch(connection);
    connection_enter(connection, connection->tls ? PHASE_TLS : PHASE_IDLE);
    connection_arm(connection);
}

/* -- stopping ---------------------------------------------------------------------------------------------------- */

static bool has_unread_bytes(const struct connection *connection)
{
    char byte;
    return recv(bufferevent_getfd(connection->bufferevent), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void connection_stop(struct connection *connection)
{
    if (connection->phase == PHASE_STREAMING) {
        stream_stop(connection);
        connection_arm(connection);
        return;
    }
    if (connection->phase != PHASE_IDLE)
        return;
    if (connection->served > 0 && !has_unread_bytes(connection)) {
        connection_close(connection);
        return;
    }
    connection_enter(connection, PHASE_IDLE); /* with the deadline of stopping */
    connection_arm(connection);
}
