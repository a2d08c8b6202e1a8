/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/message.h"

#include "base/clock.h"
#include "base/mem.h"
#include "edge/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SPARES_MAX 256 /* requests kept for reuse; each holds one arena block */

/* A bijection of the counter (splitmix64), so that ids of one process never meet. */
static uint64_t next_id(struct edge *edge)
{
    uint64_t value = (edge->id_seed += UINT64_C(0x9e3779b97f4a7c15));
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

static void write_id(char id[static REQUEST_ID_SIZE], uint64_t value)
{
    for (int i = REQUEST_ID_SIZE - 2; i >= 0; i--, value >>= 4)
        id[i] = "0123456789abcdef"[value & 15];
    id[REQUEST_ID_SIZE - 1] = '\0';
}

static struct request *take_spare(struct edge *edge)
{
    struct request *req = edge->spares;
    if (req == NULL) {
        req = mem_alloc(sizeof(*req));
        req->arena = arena_new();
        return req;
    }
    edge->spares = req->next;
    edge->spare_count--;
    return req;
}

struct request *message_new(struct edge *edge, struct connection *connection)
{
    struct request *req = take_spare(edge);
    struct arena *arena = req->arena;
    memset(req, 0, sizeof(*req));
    req->arena = arena;
    req->edge = edge;
    req->server = edge->options.server;
    req->connection = connection;
    req->method = "-";
    req->started_us = clock_now_us();
    write_id(req->id, next_id(edge));
    fault_init(&req->fault, arena);
    req->next = edge->requests;
    if (edge->requests != NULL)
        edge->requests->previous = req;
    edge->requests = req;
    return req;
}

static void unlink_live(struct edge *edge, struct request *req)
{
    if (req->previous != NULL)
        req->previous->next = req->next;
    else
        edge->requests = req->next;
    if (req->next != NULL)
        req->next->previous = req->previous;
}

static void free_request(struct request *req)
{
    arena_free(req->arena);
    mem_free(req);
}

void message_release(struct request *req)
{
    struct edge *edge = req->edge;
    body_free(&req->body);
    if (edge != NULL)
        unlink_live(edge, req);
    if (edge == NULL || edge->spare_count == SPARES_MAX) {
        free_request(req);
        return;
    }
    arena_reset(req->arena);
    req->next = edge->spares;
    edge->spares = req;
    edge->spare_count++;
}

void message_free_spares(struct edge *edge)
{
    while (edge->spares != NULL) {
        struct request *req = edge->spares;
        edge->spares = req->next;
        free_request(req);
    }
}
