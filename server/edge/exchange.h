/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the edge: requests and replies of a connection, one after the other. */
#pragma once

struct connection;

/* Does everything that the bytes received allow. */
void exchange_proceed(struct connection *connection);
/* The request was answered outside of the connection's own turn. */
void exchange_answered(struct connection *connection);
/* A reply that had to be buffered has been written. */
void exchange_flushed(struct connection *connection);
/* The deadline of the phase has passed. */
void exchange_timed_out(struct connection *connection);
