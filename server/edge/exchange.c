/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/exchange.h"

#include "base/clock.h"
#include "edge/connection.h"
#include "edge/dispatch.h"
#include "edge/framing.h"
#include "edge/head.h"
#include "edge/message.h"
#include "edge/problem.h"
#include "edge/state.h"
#include "edge/stream_internal.h"

#include <event2/buffer.h>

/* -- after a reply ------------------------------------------------------------------------------------------------- */

static bool next_request(struct connection *connection)
{
    if (connection->closing) {
        connection_finish_writing(connection);
        return false;
    }
    connection_enter(connection, PHASE_IDLE);
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
    if (connection->stream != NULL) {
        stream_begin(connection);
        return false;
    }
    if (connection_unwritten(connection) == 0)
        return next_request(connection);
    connection_enter(connection, PHASE_FLUSHING); /* a client that does not read gets nothing more to read */
    connection->flush_size = connection_unwritten(connection);
    return false;
}

static bool finish_request(struct connection *connection)
{
    struct request *req = connection->req;
    connection->req = NULL;
    bool client_asked = req->complete && !req->keep_alive;
    connection->linger = !client_asked || evbuffer_get_length(connection_input(connection)) > 0;
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
    connection_enter(connection, PHASE_HANDLING);
    dispatch_handle(connection->req);
    return connection->req->replied && finish_request(connection);
}

/* -- heads and bodies ---------------------------------------------------------------------------------------------- */

static void say_continue(struct connection *connection)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    connection_write(connection, (struct bytes){(const uint8_t *)text, sizeof(text) - 1}, (struct bytes){0});
}

static bool accept_body(struct connection *connection)
{
    if (framing_expects_continue(connection->req) && evbuffer_get_length(connection_input(connection)) == 0)
        say_continue(connection);
    connection_enter(connection, PHASE_BODY);
    return true;
}

static bool head_arrived(struct connection *connection, const uint8_t *data)
{
    struct edge *edge = connection->edge;
    struct head_scan *scan = &connection->scan;
    struct request *req = connection->req = message_new(edge, connection);
    struct bytes head = {data + scan->start, scan->seen - scan->start};
    enum err err = head_parse(req, head, edge->options.limits.header_count);
    evbuffer_drain(connection_input(connection), scan->seen);
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
    struct evbuffer *input = connection_input(connection);
    size_t size = evbuffer_get_length(input);
    size_t limit = head_scan_limit(limits);
    if (size == 0)
        return false;
    if (connection->phase == PHASE_IDLE)
        connection_enter(connection, PHASE_HEAD);
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
    struct evbuffer *input = connection_input(connection);
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
    case PHASE_STREAMING: /* nobody listens to what a reader says */
    case PHASE_LINGERING:
        connection_discard_input(connection);
        return false;
    case PHASE_TLS:
    case PHASE_HANDLING:
    case PHASE_FLUSHING:
    case PHASE_CLOSED:
        return false;
    }
    return false;
}

void exchange_proceed(struct connection *connection)
{
    while (step(connection))
        continue;
    bool waits_for_input = connection->phase <= PHASE_BODY || connection->phase == PHASE_STREAMING ||
                           connection->phase == PHASE_LINGERING;
    if (connection->phase != PHASE_CLOSED && connection->read_closed && waits_for_input)
        connection_close(connection);
    connection_arm(connection);
}

void exchange_flushed(struct connection *connection)
{
    if (next_request(connection))
        exchange_proceed(connection);
    else
        connection_arm(connection);
}

void exchange_answered(struct connection *connection)
{
    if (finish_request(connection))
        exchange_proceed(connection);
    else
        connection_arm(connection);
}

/* -- deadlines --------------------------------------------------------------------------------------------------- */

/* The client gets its answer; the handler keeps the request until its own reply, which is dropped. */
static void abandon_request(struct connection *connection)
{
    struct request *req = connection->req;
    problem_send(req, ERR_BUSY, NULL);
    connection->linger = true;
    connection_let_go(connection);
    if (after_reply(connection))
        exchange_proceed(connection);
}

static void flush_timed_out(struct connection *connection)
{
    bool progress = connection_unwritten(connection) < connection->flush_size;
    if (!progress || clock_monotonic_ms() >= connection->life_ms) {
        connection_close(connection);
        return;
    }
    connection_enter(connection, PHASE_FLUSHING);
    connection->flush_size = connection_unwritten(connection);
}

void exchange_timed_out(struct connection *connection)
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
    case PHASE_STREAMING:
        stream_tick(connection);
        return;
    case PHASE_TLS:
    case PHASE_IDLE:
    case PHASE_LINGERING:
    case PHASE_CLOSED:
        connection_close(connection);
    }
}
