/* SPDX-License-Identifier: Apache-2.0 */
/* One HTTP request as a handler sees it. A handler replies, or starts its one asynchronous call and lets the callback
 * reply; when it returns an error, or the callback calls request_fail, the edge answers with problem+json. The request
 * and everything from its arena live until the reply is queued, even when the client has gone: replies to nobody are
 * dropped. Exactly one reply per request. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/json.h"

struct request;
struct route;

typedef enum err request_handler(struct request *req);

struct arena *request_arena(struct request *req);
struct fault *request_fault(struct request *req);
/* 16 characters that identify the request in logs and answers. */
const char *request_id(const struct request *req);
/* What edge_new was given. */
void *request_server(const struct request *req);
const struct route *request_route(const struct request *req);
const char *request_method(const struct request *req);
/* The value of {name} in the route's path: 1 to 64 characters of [A-Za-z0-9_.-]; never NULL for a name of the route. */
const char *request_path_part(const struct request *req, const char *name);
/* Decoded; NULL when absent. */
const char *request_query(const struct request *req, const char *name);
/* Name in lower case; NULL when absent. */
const char *request_header(const struct request *req, const char *name);
/* The token of "Authorization: Bearer …"; NULL when absent. */
const char *request_bearer(const struct request *req);
struct bytes request_body(const struct request *req);
/* The peer's address as text; from Forwarded headers only when the peer is a trusted proxy. */
const char *request_address(const struct request *req);
/* The certificate whose key the client has shown to have, DER in the request's arena, unchecked; empty when there is
 * none. */
struct bytes request_client_certificate(const struct request *req);
/* A place for what the admission check learnt (a staff session, say); arena memory. */
void request_set_caller(struct request *req, void *caller);
void *request_caller(const struct request *req);

/* Adds a response header. */
void request_add_header(struct request *req, const char *name, const char *value);
/* Takes body over. 4xx and 5xx go through request_fail instead. */
void request_reply_json(struct request *req, int status, struct json *body);
void request_reply(struct request *req, int status, const char *content_type, struct bytes body);
/* problem+json for err, with what is in request_fault, once options.refused has had its say. Logs one line: err's
 * category decides the level. */
void request_fail(struct request *req, enum err err);
