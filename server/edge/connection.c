/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/connection.h"

#include "base/clock.h"
#include "base/mem.h"
#include "edge/dispatch.h"
#include "edge/framing.h"
#include "edge/head.h"
#include "edge/message.h"
#include "edge/problem.h"
#include "edge/state.h"
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

#define LINGER_MS     2000 /* for the client to read the last reply and hang up */
#define STOP_GRACE_MS 1000 /* when stopping, for a fresh connection to send its first byte */

/* -- phases and deadlines ---------------------------------------------------------------------------------------- */

static struct evbuffer *input_of(const struct connection *connection)
{
    return bufferevent_get_input(connection->bufferevent);
}

static size_t unwritten(const struct connection *connection)
{
    return evbuffer_get_length(bufferevent_get_output(connection->bufferevent));
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
        return limits->body_ms;
    case PHASE_HANDLING:
        return limits->handler_ms;
    case PHASE_LINGERING:
        return LINGER_MS;
    case PHASE_IDLE:
        return connection->edge->stopping ? STOP_GRACE_MS : limits->idle_ms;
    case PHASE_FLUSHING:
    case PHASE_CLOSED:
        return limits->idle_ms;
    }
    return 0;
}

/* The only place that changes the phase. */
static void enter(struct connection *connection, enum phase phase)
{
    assert(connection->phase != PHASE_CLOSED);
    connection->phase = phase;
    connection->due_ms = clock_monotonic_ms() + phase_ms(connection);
    bool life_counts = phase == PHASE_IDLE || phase == PHASE_FLUSHING;
    if (life_counts && connection->life_ms < connection->due_ms)
        connection->due_ms = connection->life_ms;
}

/* The timer is moved only when it would fire too late; firing early just looks again. So a busy connection costs no
 * timer operation per request. */
static void arm(struct connection *connection)
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
static void let_go(struct connection *connection)
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
    let_go(connection);
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

static void discard_input(struct connection *connection)
{
    struct evbuffer *input = input_of(connection);
    evbuffer_drain(input, evbuffer_get_length(input));
}

/* RFC 9112 9.6: closing while the client still sends would reset the connection and lose the reply. */
static void finish_writing(struct connection *connection)
{
    if (connection->tls)
        tls_say_goodbye(connection->bufferevent);
    if (connection->read_closed || !connection->linger) {
        connection_close(connection);
        return;
    }
    shutdown(bufferevent_getfd(connection->bufferevent), SHUT_WR);
    discard_input(connection);
    enter(connection, PHASE_LINGERING);
}

/* -- writing ----------------------------------------------------------------------------------------------------- */

bool connection_decide_end(struct connection *connection, const struct request *req)
{
    bool nothing_waits = evbuffer_get_length(input_of(connection)) == 0;
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
    if (!connection->tls && unwritten(connection) == 0)
        sent = send_now(connection, head, body);
    if (connection->broken || sent == head.size + body.size)
        return;
    evbuffer_expand(bufferevent_get_output(connection->bufferevent), head.size + body.size - sent);
    buffer_rest(connection, head, sent);
    buffer_rest(connection, body, sent > head.size ? sent - head.size : 0);
}

/* -- one request after the other --------------------------------------------------------------------------------- */

static bool next_request(struct connection *connection)
{
    if (connection->closing) {
        finish_writing(connection);
        return false;
    }
    enter(connection, PHASE_IDLE);
    return true;
}

/* The reply was written or buffered. true when the next request may be read. */
static bool after_reply(struct connection *connection)
{
    connection->scan = (struct head_scan){0};
    connection->served++;
    if (connection->broken) {
        connection_close(connection);
        return false;
    }
    if (unwritten(connection) == 0)
        return next_request(connection);
    enter(connection, PHASE_FLUSHING); /* a client that does not read gets nothing more to read */
    connection->flush_size = unwritten(connection);
    return false;
}

static bool finish_request(struct connection *connection)
{
    struct request *req = connection->req;
    connection->req = NULL;
    bool client_asked = req->complete && !req->keep_alive;
    connection->linger = !client_asked || evbuffer_get_length(input_of(connection)) > 0;
    message_release(req);
    return after_reply(connection);
}

/* Nothing that follows on this connection can be trusted or waited for. */
static bool refuse(struct connection *connection, enum err err)
{
    connection->edge->counters.refused++;
    connection->req->keep_alive = false;
    connection->req->complete = false;
    request_fail(connection->req, err);
    return finish_request(connection);
}

static bool refuse_flaw(struct connection *connection, const struct flaw *flaw)
{
    connection->req = message_new(connection->edge, connection);
    enum err err = flaw->err;
    if (flaw->zh != NULL)
        err = fault_explain(&connection->req->fault, err, flaw->zh, flaw->en);
    return refuse(connection, err);
}

static bool handle(struct connection *connection)
{
    enter(connection, PHASE_HANDLING);
    dispatch_handle(connection->req);
    return connection->req->replied && finish_request(connection);
}

static void say_continue(struct connection *connection)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    connection_write(connection, (struct bytes){(const uint8_t *)text, sizeof(text) - 1}, (struct bytes){0});
}

static bool accept_body(struct connection *connection)
{
    if (framing_expects_continue(connection->req) && evbuffer_get_length(input_of(connection)) == 0)
        say_continue(connection);
    enter(connection, PHASE_BODY);
    return true;
}

static bool head_arrived(struct connection *connection, const uint8_t *data)
{
    struct edge *edge = connection->edge;
    struct head_scan *scan = &connection->scan;
    struct request *req = connection->req = message_new(edge, connection);
    struct bytes head = {data + scan->start, scan->seen - scan->start};
    enum err err = head_parse(req, head, edge->options.limits.header_count);
    evbuffer_drain(input_of(connection), scan->seen);
    request_find_address(req, &connection->peer);
    if (err == OK)
        err = dispatch_check_head(req);
    if (err != OK)
        return refuse(connection, err);
    edge->counters.requests++;
    err = dispatch_find(req, edge->routing[connection->listener]);
    if (err == OK)
        return req->complete ? handle(connection) : accept_body(connection);
    req->keep_alive = req->keep_alive && req->complete;
    request_fail(req, err);
    return finish_request(connection);
}

static bool read_head(struct connection *connection)
{
    const struct edge_limits *limits = &connection->edge->options.limits;
    struct evbuffer *input = input_of(connection);
    size_t size = evbuffer_get_length(input);
    size_t limit = head_scan_limit(limits);
    if (size == 0)
        return false;
    if (connection->phase == PHASE_IDLE)
        enter(connection, PHASE_HEAD);
    size = size < limit ? size : limit;
    const uint8_t *data = evbuffer_pullup(input, (ev_ssize_t)size);
    switch (head_scan(&connection->scan, limits, data, size)) {
    case SCAN_DONE:
        return head_arrived(connection, data);
    case SCAN_REFUSED:
        return refuse_flaw(connection, connection->scan.flaw);
    case SCAN_MORE:
        break;
    }
    return false;
}

static bool refuse_content(struct connection *connection, enum err err)
{
    if (err == ERR_BAD_REQUEST)
        err = fault_explain(&connection->req->fault, err, "分块编码有误；不接受分块扩展和尾部字段（RFC 9112 7.1）",
                            "The chunks are broken; extensions and trailers are not accepted (RFC 9112 7.1)");
    return refuse(connection, err);
}

static bool read_body(struct connection *connection)
{
    struct evbuffer *input = input_of(connection);
    struct request *req = connection->req;
    while (!content_complete(&req->content)) {
        size_t size = evbuffer_get_contiguous_space(input);
        if (size == 0)
            return false;
        struct bytes data = {evbuffer_pullup(input, (ev_ssize_t)size), size};
        size_t used;
        enum err err = content_read(&req->content, &req->body, data, &used);
        if (err != OK)
            return refuse_content(connection, err);
        evbuffer_drain(input, used);
    }
    req->complete = true;
    return handle(connection);
}

/* Does one step with what has arrived; true when another may be possible. */
static bool step(struct connection *connection)
{
    switch (connection->phase) {
    case PHASE_IDLE:
    case PHASE_HEAD:
        return read_head(connection);
    case PHASE_BODY:
        return read_body(connection);
    case PHASE_LINGERING:
        discard_input(connection);
        return false;
    case PHASE_TLS:
    case PHASE_HANDLING:
    case PHASE_FLUSHING:
    case PHASE_CLOSED:
        return false;
    }
    return false;
}

static void proceed(struct connection *connection)
{
    while (step(connection))
        continue;
    bool waits_for_input = connection->phase <= PHASE_BODY || connection->phase == PHASE_LINGERING;
    if (connection->phase != PHASE_CLOSED && connection->read_closed && waits_for_input)
        connection_close(connection);
    arm(connection);
}

void connection_answered(struct connection *connection)
{
    if (finish_request(connection))
        proceed(connection);
    else
        arm(connection);
}

/* -- deadlines --------------------------------------------------------------------------------------------------- */

/* The client gets its answer; the handler keeps the request until its own reply, which is dropped. */
static void abandon_request(struct connection *connection)
{
    struct request *req = connection->req;
    problem_send(req, ERR_BUSY, NULL);
    connection->linger = true;
    let_go(connection);
    if (after_reply(connection))
        proceed(connection);
}

static void flush_timed_out(struct connection *connection)
{
    bool progress = unwritten(connection) < connection->flush_size;
    if (!progress || clock_monotonic_ms() >= connection->life_ms) {
        connection_close(connection);
        return;
    }
    enter(connection, PHASE_FLUSHING);
    connection->flush_size = unwritten(connection);
}

static void timed_out(struct connection *connection)
{
    static const struct flaw slow = {ERR_REQUEST_TIMEOUT, NULL, NULL};
    switch (connection->phase) {
    case PHASE_HEAD:
        refuse_flaw(connection, &slow);
        return;
    case PHASE_BODY:
        refuse(connection, ERR_REQUEST_TIMEOUT);
        return;
    case PHASE_HANDLING:
        abandon_request(connection);
        return;
    case PHASE_FLUSHING:
        flush_timed_out(connection);
        return;
    case PHASE_TLS:
    case PHASE_IDLE:
    case PHASE_LINGERING:
    case PHASE_CLOSED:
        connection_close(connection);
    }
}

static void on_timer(void *context)
{
    struct connection *connection = context;
    connection->armed_ms = 0;
    if (clock_monotonic_ms() >= connection->due_ms)
        timed_out(connection);
    arm(connection);
}

/* -- what libevent calls ----------------------------------------------------------------------------------------- */

static void on_readable(struct bufferevent *bufferevent, void *context)
{
    (void)bufferevent;
    proceed(context);
}

static void on_written(struct bufferevent *bufferevent, void *context)
{
    (void)bufferevent;
    struct connection *connection = context;
    if (connection->phase == PHASE_FLUSHING && next_request(connection))
        proceed(connection);
    arm(connection);
}

static void on_event(struct bufferevent *bufferevent, short what, void *context)
{
    (void)bufferevent;
    struct connection *connection = context;
    if ((what & BEV_EVENT_CONNECTED) != 0) {
        enter(connection, PHASE_IDLE);
        arm(connection);
        return;
    }
    if ((what & BEV_EVENT_EOF) == 0) {
        connection_close(connection);
        return;
    }
    connection->read_closed = true; /* it may still read: RFC 9112 9.6 */
    proceed(connection);
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
    enter(connection, connection->tls ? PHASE_TLS : PHASE_IDLE);
    arm(connection);
}

/* -- stopping ---------------------------------------------------------------------------------------------------- */

static bool has_unread_bytes(const struct connection *connection)
{
    char byte;
    return recv(bufferevent_getfd(connection->bufferevent), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void connection_stop(struct connection *connection)
{
    if (connection->phase != PHASE_IDLE)
        return;
    if (connection->served > 0 && !has_unread_bytes(connection)) {
        connection_close(connection);
        return;
    }
    enter(connection, PHASE_IDLE); /* with the deadline of stopping */
    arm(connection);
}
