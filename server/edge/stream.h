/* SPDX-License-Identifier: Apache-2.0 */
/* A reply that goes on: server-sent events (WHATWG HTML 9.2). The edge keeps the connection alive with comments, ends
 * it after its life and when the server stops, and drops who does not read; what waits to be read is one piece at most.
 */
#pragma once

#include "edge/request.h"

#include <stdbool.h>

struct stream;

struct stream_handler {
    /* What was sent has left; called once after stream_send has answered false. */
    void (*ready)(void *context);
    /* The client went, was too slow, or the stream's life is over. The stream is gone; not called from stream_send. */
    void (*ended)(void *context);
};

/* The request's one reply: 200 text/event-stream. NULL when nothing can follow (HEAD, or nobody waits any more): then
 * neither function is ever called. */
struct stream *request_reply_stream(struct request *req, const struct stream_handler *handler, void *context);
/* Takes the piece, whole events, or answers false: an earlier one has not left yet. The newest state is what counts, so
 * the caller sends that when it is ready again. */
bool stream_send(struct stream *stream, struct bytes piece);
