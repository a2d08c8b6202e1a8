/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/stream.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "edge/connection.h"
#include "edge/message.h"
#include "edge/reply.h"
#include "edge/state.h"
#include "edge/stream_internal.h"

#include <assert.h>
#include <stdio.h>

#define RETRY_LEAST_MS     1000 /* before a reader comes back; spread, so that a restart does not bring all at once */
#define RETRY_SPREAD_MS    4000
#define SILENCE_HEARTBEATS 3

struct stream {
    struct connection *connection;
    const struct stream_handler *handler;
    void *context;
    bool behind; /* wants to know when it may send again */
};

static void send_comment(struct connection *connection, const char *text)
{
    connection_write(connection, bytes_of_text(text), (struct bytes){0});
}

/* A piece is refused while another waits, so that one is all that a slow reader costs. */
bool stream_send(struct stream *stream, struct bytes piece)
{
    struct connection *connection = stream->connection;
    if (connection_unwritten(connection) > 0) {
        stream->behind = true;
        return false;
    }
    connection_write(connection, piece, (struct bytes){0});
    if (connection->broken && connection->phase == PHASE_STREAMING) {
        connection->due_ms = 0; /* closed by the timer: the caller may be in the middle of something */
        connection->armed_ms = 0;
        connection_arm(connection);
    }
    return true;
}

struct stream *request_reply_stream(struct request *req, const struct stream_handler *handler, void *context)
{
    struct connection *connection = req->connection;
    assert(req->edge == NULL || req->edge->options.limits.stream_heartbeat_ms > 0);
    reply_begin(req);
    reply_send_stream(req);
    bool goes_on = connection != NULL && req->edge != NULL && !req->head_only && !connection->broken;
    struct stream *stream = NULL;
    if (goes_on) {
        uint32_t random;
        random_bytes(&random, sizeof(random));
        char retry[32];
        snprintf(retry, sizeof(retry), "retry: %u\n\n", RETRY_LEAST_MS + random % RETRY_SPREAD_MS);
        send_comment(connection, retry);
        stream = mem_alloc(sizeof(*stream));
        *stream = (struct stream){.connection = connection, .handler = handler, .context = context};
        connection->stream = stream;
        connection->edge->counters.streams_now++;
    }
    reply_end(req);
    return stream;
}

/* -- the life of the connection ---------------------------------------------------------------------------------- */

static void finish(struct connection *connection, const char *comment)
{
    if (connection_unwritten(connection) == 0)
        send_comment(connection, comment);
    connection->closing = connection->linger = true;
    stream_free(connection);
    if (connection->broken)
        connection_close(connection);
    else if (connection_unwritten(connection) == 0)
        connection_finish_writing(connection);
    else
        connection_enter(connection, PHASE_FLUSHING);
}

void stream_begin(struct connection *connection)
{
    connection->life_ms = clock_monotonic_ms() + connection->edge->options.limits.stream_life_ms;
    connection_enter(connection, PHASE_STREAMING);
    connection->flush_size = 0;
    connection_limit_silence(connection, SILENCE_HEARTBEATS * connection->edge->options.limits.stream_heartbeat_ms);
    if (connection->edge->stopping)
        stream_stop(connection);
    else if (connection_unwritten(connection) == 0)
        stream_drained(connection);
}

/* Two heartbeats without anything taken: the reader is dead, or as good as. */
static bool stuck(struct connection *connection)
{
    size_t unwritten = connection_unwritten(connection);
    bool same = unwritten > 0 && connection->flush_size > 0 && unwritten >= connection->flush_size;
    connection->flush_size = unwritten;
    return same;
}

void stream_tick(struct connection *connection)
{
    if (connection->broken || stuck(connection)) {
        connection_close(connection);
        return;
    }
    if (clock_monotonic_ms() >= connection->life_ms) {
        finish(connection, ": come again\n\n");
        return;
    }
    if (connection->flush_size == 0)
        send_comment(connection, ":\n\n");
    connection_enter(connection, PHASE_STREAMING);
}

void stream_drained(struct connection *connection)
{
    struct stream *stream = connection->stream;
    connection->flush_size = 0;
    if (!stream->behind)
        return;
    stream->behind = false;
    stream->handler->ready(stream->context);
}

void stream_stop(struct connection *connection)
{
    finish(connection, ": the server restarts, come again\n\n");
}

void stream_free(struct connection *connection)
{
    struct stream *stream = connection->stream;
    if (stream == NULL)
        return;
    connection->stream = NULL;
    connection->edge->counters.streams_now--;
    stream->handler->ended(stream->context);
    mem_free(stream);
}
