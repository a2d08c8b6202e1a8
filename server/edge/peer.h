/* SPDX-License-Identifier: Apache-2.0 */
/* Calls between our own processes over a Unix socket: web asks jobs and issuer. Frames of a 4-byte length, an 8-byte
 * call number and a body; the caller's kernel identity (SO_PEERCRED) must be ours. Many calls are under way at once on
 * one connection; the client reconnects by itself. An answer is an error code ("ok" or a row of error.def) and JSON. */
#pragma once

#include "base/err.h"
#include "base/json.h"
#include "base/loop.h"

struct peer_server;
struct peer_client;
struct peer_call; /* server side: one call that waits for its answer; has an arena and a fault */

typedef void peer_handler(struct peer_call *call, const char *operation, struct bytes body);
/* body is empty when err is not OK, unless fields of a fault came along: problem is then its JSON text. */
typedef void peer_done(void *context, enum err err, struct bytes body);

/* Removes a stale socket file; mode 0600. */
enum err peer_listen(struct loop *loop, const char *path, peer_handler *handler, void *server,
                     struct peer_server **out) MUST_CHECK;
/* Stops accepting; calls under way are still answered until free. */
void peer_server_stop(struct peer_server *server);
size_t peer_server_pending(const struct peer_server *server);
void peer_server_free(struct peer_server *server);

void *peer_call_server(const struct peer_call *call);
struct arena *peer_call_arena(struct peer_call *call);
struct fault *peer_call_fault(struct peer_call *call);
/* Exactly one of the two, once; the call is gone afterwards. Takes body over. */
void peer_reply(struct peer_call *call, struct json *body);
void peer_fail(struct peer_call *call, enum err err);

/* Connects at once and after each loss (back-off to 1 s). */
struct peer_client *peer_client_new(struct loop *loop, const char *path, size_t calls_limit);
/* Is there a connection? */
bool peer_client_ready(const struct peer_client *client);
void peer_client_free(struct peer_client *client); /* open calls end with unavailable */
/* unavailable: the error when there is no connection, it broke, or the deadline passed. fault (may be NULL) receives
 * the callee's explanation before done is called. ERR_BUSY at the limit: done is then not called. */
enum err peer_call(struct peer_client *client, const char *operation, struct bytes body, int64_t deadline_ms,
                   enum err unavailable, struct fault *fault, peer_done *done, void *context) MUST_CHECK;
