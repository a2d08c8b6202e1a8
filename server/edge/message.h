/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the edge: what a struct request is, and its life. It is made when a complete head has arrived, and released
 * after its one reply; finished ones are kept for reuse with their arena. */
#pragma once

#include "edge/address.h"
#include "edge/body.h"
#include "edge/content.h"
#include "edge/request.h"
#include "edge/route.h"
#include "edge/target.h"

#include <llhttp.h>
#include <stdbool.h>

#define REQUEST_ID_SIZE 17

struct connection;
struct edge;
struct file;

struct header {
    const char *name, *value; /* name in lower case */
    size_t name_size, value_size;
};

struct reply_header {
    struct reply_header *next;
    const char *name, *value;
};

struct request {
    struct request *next, *previous; /* in the edge's list of live requests */
    struct request *next_finished;
    struct edge *edge;             /* NULL once the edge is gone */
    struct connection *connection; /* NULL once nobody waits for the answer */
    void *server;                  /* of edge_options */
    struct arena *arena;
    char id[REQUEST_ID_SIZE];
    int64_t started_us;

    const char *method;
    bool head_only;  /* HEAD */
    bool http_1_0;   /* RFC 9112 keep-alive must be confirmed */
    bool keep_alive; /* the client allows another request */
    bool complete;   /* the whole message has been read */
    struct header *headers;
    size_t header_count, header_limit;
    struct target target;
    struct address address; /* of the client, behind a trusted proxy or not */

    const struct route *route; /* NULL before dispatch */
    const struct file *file;   /* what a page's route answers; NULL with any other */
    const char *allow;         /* for 405 */
    struct body body;
    struct content content; /* how the body is read */

    void *caller;
    struct reply_header *reply_headers;
    bool handled;    /* the handler was called */
    bool in_handler; /* and has not returned */
    bool refusing;   /* options.refused was asked */
    bool replied;

    const char *raw_target; /* points into the head */
    size_t raw_target_size;
    llhttp_t parser;
    struct fault fault;
};

struct request *message_new(struct edge *edge, struct connection *connection);
/* The caller has unlinked it from its connection. */
void message_release(struct request *req);
/* Frees what message_release kept. */
void message_free_spares(struct edge *edge);

/* Sets req->address from the peer and, when that is the trusted proxy, X-Forwarded-For. In request.c. */
void request_find_address(struct request *req, const struct address *peer);
