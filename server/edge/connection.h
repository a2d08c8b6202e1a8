/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the edge: one TCP connection. It is always in exactly one phase, each phase has one absolute deadline, and one
 * timer serves them all. At most one request is under way; the bytes of the next wait in the input buffer, bounded. */
#pragma once

#include "edge/address.h"
#include "edge/head_scan.h"

#include <stdbool.h>
#include <stdint.h>

struct bufferevent;
struct edge;
struct evbuffer;
struct listener;
struct loop_timer;
struct request;
struct sockaddr;
struct stream;

enum phase {
    PHASE_TLS,       /* handshake */
    PHASE_IDLE,      /* between requests */
    PHASE_HEAD,      /* some of a head has arrived */
    PHASE_BODY,      /* the head was accepted */
    PHASE_HANDLING,  /* the handler has it */
    PHASE_FLUSHING,  /* the client reads the reply slowly */
    PHASE_STREAMING, /* the reply goes on: stream.c */
    PHASE_LINGERING, /* nothing more is said; what the client still sends is thrown away, so that it sees the reply */
    PHASE_CLOSED,    /* parked until the end of the turn */
};

struct connection {
    struct connection *next, *previous;
    struct edge *edge;
    struct bufferevent *bufferevent;
    struct loop_timer *timer;
    struct request *req;   /* in PHASE_BODY and PHASE_HANDLING */
    struct stream *stream; /* in PHASE_STREAMING */
    enum phase phase;
    enum listener_kind listener;
    bool tls;
    bool closing;     /* after the reply under way */
    bool linger;      /* close politely: the client may not know yet */
    bool read_closed; /* the client sends nothing more */
    bool broken;      /* writing failed */
    bool counted;     /* in edge->addresses */
    uint32_t served;
    struct address peer;
    struct head_scan scan;
    int64_t due_ms;    /* of the phase */
    int64_t armed_ms;  /* when the timer fires; 0: not running */
    int64_t life_ms;   /* when the connection's life ends */
    size_t flush_size; /* what waited to be written when the deadline was set */
};

/* Takes fd over. */
void connection_new(struct listener *listener, int fd, const struct sockaddr *peer);
/* Writes head and body to the client; what it does not take at once is buffered. */
void connection_write(struct connection *connection, struct bytes head, struct bytes body);
size_t connection_unwritten(const struct connection *connection);
/* Broken when the peer acknowledges nothing for that long: its machine or network has gone. */
void connection_limit_silence(struct connection *connection, int64_t silence_ms);
struct evbuffer *connection_input(const struct connection *connection);
void connection_discard_input(struct connection *connection);

/* The only place that changes the phase; sets its deadline. */
void connection_enter(struct connection *connection, enum phase phase);
/* After anything that may have changed the deadline. */
void connection_arm(struct connection *connection);

/* Leaves the request to its handler, which replies to nobody; one without a handler is released. */
void connection_let_go(struct connection *connection);
/* The last reply is written: closes, politely when the client may still be sending. */
void connection_finish_writing(struct connection *connection);
/* Nothing more is read or written; freed at the end of the turn. */
void connection_close(struct connection *connection);
void connection_free(struct connection *connection);
/* The edge stops: closes what is idle, gives fresh ones a moment. */
void connection_stop(struct connection *connection);
/* Whether the reply to req is the connection's last and says Connection: close; remembered. */
bool connection_decide_end(struct connection *connection, const struct request *req);
