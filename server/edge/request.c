/* SPDX-License-Identifier: Apache-2.0 */
/* What handlers read from a request. */
#include "edge/request.h"

#include "edge/address.h"
#include "edge/connection.h"
#include "edge/message.h"
#include "edge/routing.h"
#include "edge/state.h"
#include "edge/tls.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

struct arena *request_arena(struct request *req)
{
    return req->arena;
}

struct fault *request_fault(struct request *req)
{
    return &req->fault;
}

const char *request_id(const struct request *req)
{
    return req->id;
}

void *request_server(const struct request *req)
{
    return req->server;
}

const struct route *request_route(const struct request *req)
{
    return req->route;
}

const char *request_method(const struct request *req)
{
    return req->method;
}

const char *request_path_part(const struct request *req, const char *name)
{
    const char *part = routing_part(req->route, &req->target, name);
    assert(part != NULL); /* the route has no such part */
    return part;
}

const char *request_query(const struct request *req, const char *name)
{
    return target_query(&req->target, name);
}

const char *request_header(const struct request *req, const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; i < req->header_count; i++)
        if (req->headers[i].name_size == size && memcmp(req->headers[i].name, name, size) == 0)
            return req->headers[i].value;
    return NULL;
}

const char *request_bearer(const struct request *req)
{
    const char *authorization = request_header(req, "authorization");
    if (authorization == NULL || strncasecmp(authorization, "Bearer ", 7) != 0)
        return NULL;
    const char *token = authorization + 7 + strspn(authorization + 7, " ");
    return token[0] != '\0' ? token : NULL;
}

struct bytes request_body(const struct request *req)
{
    return (struct bytes){req->body.data, req->body.size};
}

/* The last address of the last X-Forwarded-For is the one our own proxy wrote; what stands before it came from the
 * client. */
static bool forwarded_address(const struct request *req, struct address *address)
{
    const char *list = NULL;
    for (size_t i = 0; i < req->header_count; i++)
        if (strcmp(req->headers[i].name, "x-forwarded-for") == 0)
            list = req->headers[i].value;
    if (list == NULL)
        return false;
    const char *comma = strrchr(list, ',');
    const char *last = comma != NULL ? comma + 1 : list;
    return address_parse(last + strspn(last, " \t"), address);
}

void request_find_address(struct request *req, const struct address *peer)
{
    const struct edge *edge = req->edge;
    req->address = *peer;
    if (edge->has_trusted_proxy && address_equal(peer, &edge->trusted_proxy) && !forwarded_address(req, &req->address))
        req->address = *peer;
}

const char *request_address(const struct request *req)
{
    return address_text(req->arena, &req->address);
}

void request_set_caller(struct request *req, void *caller)
{
    req->caller = caller;
}

void *request_caller(const struct request *req)
{
    return req->caller;
}

struct bytes request_client_certificate(const struct request *req)
{
    const struct connection *connection = req->connection;
    if (connection == NULL || !connection->tls)
        return (struct bytes){NULL, 0};
    return tls_client_certificate(connection->bufferevent, req->arena);
}
