/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the edge: what a connection does for its stream, in PHASE_STREAMING. */
#pragma once

struct connection;

/* The head is written and its request released. */
void stream_begin(struct connection *connection);
/* The deadline of the phase: the heartbeat is due, or the life is over. */
void stream_tick(struct connection *connection);
/* What was buffered has left. */
void stream_drained(struct connection *connection);
/* The server stops: a last comment, so that a reader knows, then the end. */
void stream_stop(struct connection *connection);
/* The connection ends. */
void stream_free(struct connection *connection);
