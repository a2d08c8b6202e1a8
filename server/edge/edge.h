/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP/1.1 front (libevent bufferevents + llhttp): listeners, connection limits, absolute deadlines, strict framing
 * (RFC 9112), TLS by settings, dispatch by the route table, graceful stop. */
#pragma once

#include "base/loop.h"
#include "edge/route.h"

#include <stdbool.h>
#include <stddef.h>

struct edge;
struct files;

struct edge_limits {
    size_t connections;                                                /* at the limit accepting pauses */
    size_t connections_per_address;                                    /* more are closed at once; 0: no limit */
    size_t header_count;                                               /* 64: more is 431 */
    size_t header_bytes;                                               /* 16 kB in all: more is 431 */
    size_t target_bytes;                                               /* 4 kB: longer is 414 */
    int64_t tls_ms, headers_ms, body_ms, idle_ms, life_ms, handler_ms; /* absolute deadlines */
    int64_t stream_heartbeat_ms, stream_life_ms;                       /* of event streams */
};

struct edge_options {
    struct loop *loop;
    void *server; /* request_server() */
    const struct route *routes;
    size_t route_count;
    /* Runs before the handler of a route whose access is not ACCESS_PUBLIC. */
    enum err (*admit)(struct request *req, const struct route *route);
    /* Asked once before a handler's refusal is answered; NULL: nobody. true: it answers, by request_fail as well. */
    bool (*refused)(struct request *req, enum err err);
    struct edge_limits limits;
    const char *trusted_proxy; /* address whose X-Forwarded-For is believed; NULL: none */
};

struct edge *edge_new(const struct edge_options *options);
/* PEM files: the server's chain and key; with client_ca, clients are asked for a certificate of that CA's. Whatever
 * they show is taken, and so is none: request_client_certificate says which key the connection is of, not whether it is
 * good. */
struct edge_tls {
    const char *certificate, *key;
    const char *client_ca; /* NULL: clients are not asked */
};

/* port 0 picks one. SO_REUSEPORT. tls: speaks TLS 1.2/1.3; NULL: plain HTTP. */
enum err edge_listen(struct edge *edge, enum listener_kind kind, const char *address, int port,
                     const struct edge_tls *tls) MUST_CHECK;
/* What no route answers is looked for among these pages; files outlives the edge. */
void edge_serve_files(struct edge *edge, enum listener_kind kind, const struct files *files);
int edge_port(const struct edge *edge, enum listener_kind kind);
/* Stops accepting (what waits in the backlog is still accepted), answers what was accepted with Connection: close, then
 * calls done. After deadline_ms the rest is cut. */
void edge_stop(struct edge *edge, int64_t deadline_ms, loop_handler *done, void *context);
void edge_free(struct edge *edge);

struct edge_counters {
    uint64_t connections, connections_now, streams_now, requests, replies_2xx, replies_4xx, replies_5xx, refused;
};
/* What was answered on one route: how often with which status, and how fast. */
#define EDGE_STATUSES_MAX 12 /* of one route; further ones count as the last */
#define EDGE_BUCKETS      11
extern const int64_t edge_bucket_us[EDGE_BUCKETS];

struct route_figures {
    struct {
        int status;
        uint64_t count;
    } statuses[EDGE_STATUSES_MAX];
    uint64_t buckets[EDGE_BUCKETS + 1]; /* each for itself; the last one is beyond all limits */
    uint64_t sum_us;
};

const struct route *edge_routes(const struct edge *edge, size_t *count);
/* By the place of a route in the table; the one after the last is of pages, and of what met no route. */
const struct route_figures *edge_route_figures(const struct edge *edge, size_t index);
struct edge_counters edge_counters(const struct edge *edge);
