/* SPDX-License-Identifier: Apache-2.0 */
/* The calling side of edge/peer.h. A call sits in a slot; its number holds the slot and a count, so that a late answer
 * finds the slot used by another call and is dropped. */
#include "edge/peer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "edge/peer_fault.h"
#include "edge/peer_frame.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define RETRY_FIRST_MS   20
#define RETRY_MAX_MS     1000
#define COMPLAIN_FROM_MS 500

struct slot {
    uint64_t number; /* 0: free */
    uint64_t epoch;  /* the connection it was sent on */
    int64_t due_ms;
    enum err unavailable;
    struct fault *fault;
    peer_done *done;
    void *context;
    uint32_t next_free;
};

struct peer_client {
    struct loop *loop;
    struct sockaddr_un address;
    struct bufferevent *bufferevent; /* NULL without a connection */
    uint64_t epoch;                  /* counts connections */
    uint32_t count;                  /* of calls */
    struct loop_timer *retry;
    int64_t retry_ms;
    bool complained; /* one line per loss, not one per attempt */
    bool ending;
    struct loop_timer *deadline;
    int64_t deadline_at_ms; /* 0: not running */
    struct arena *arena;    /* of the frame being read */
    struct slot *slots;
    uint32_t slot_count, first_free;
};

/* -- calls ------------------------------------------------------------------------------------------------------- */

static void finish(struct peer_client *client, struct slot *slot, enum err err, struct bytes body)
{
    peer_done *done = slot->done;
    void *context = slot->context;
    slot->number = 0;
    slot->next_free = client->first_free;
    client->first_free = (uint32_t)(slot - client->slots);
    done(context, err, body);
}

static void arm_deadline(struct peer_client *client, int64_t due_ms)
{
    if (client->deadline_at_ms != 0 && client->deadline_at_ms <= due_ms)
        return;
    int64_t after = due_ms - clock_monotonic_ms();
    client->deadline_at_ms = due_ms;
    loop_timer_start(client->deadline, after > 0 ? after : 0);
}

static void expire(void *context)
{
    struct peer_client *client = context;
    int64_t now = clock_monotonic_ms();
    client->deadline_at_ms = 0;
    for (uint32_t i = 0; i < client->slot_count; i++)
        if (client->slots[i].number != 0 && client->slots[i].due_ms <= now)
            finish(client, &client->slots[i], client->slots[i].unavailable, (struct bytes){0});
    for (uint32_t i = 0; i < client->slot_count; i++)
        if (client->slots[i].number != 0)
            arm_deadline(client, client->slots[i].due_ms);
}

static void take_answer(struct peer_client *client, const struct peer_frame *frame)
{
    uint32_t index = (uint32_t)frame->number;
    if (index >= client->slot_count || client->slots[index].number != frame->number)
        return; /* too late */
    struct slot *slot = &client->slots[index];
    if (strcmp(frame->word, err_code(OK)) == 0) {
        finish(client, slot, OK, frame->body);
        return;
    }
    enum err err = err_from_code(frame->word);
    peer_fault_read(frame->body, slot->fault);
    finish(client, slot, err != ERR_COUNT ? err : ERR_INTERNAL, frame->body);
}

/* -- the connection ---------------------------------------------------------------------------------------------- */

static void retry_later(struct peer_client *client)
{
    loop_timer_start(client->retry, client->retry_ms);
    client->retry_ms = client->retry_ms * 2 < RETRY_MAX_MS ? client->retry_ms * 2 : RETRY_MAX_MS;
}

static void lose(struct peer_client *client, const char *why)
{
    uint64_t lost = client->epoch;
    bufferevent_free(client->bufferevent);
    client->bufferevent = NULL;
    if (!client->ending) {
        log_warn("peer", "%s: %s", client->address.sun_path, why);
        retry_later(client);
    }
    for (uint32_t i = 0; i < client->slot_count; i++) /* done may make a new call, on a new connection */
        if (client->slots[i].number != 0 && client->slots[i].epoch == lost)
            finish(client, &client->slots[i], client->slots[i].unavailable, (struct bytes){0});
}

static void on_readable(struct bufferevent *bufferevent, void *context)
{
    struct peer_client *client = context;
    struct peer_frame frame;
    enum frame_result result = FRAME_READ;
    while (client->bufferevent == bufferevent && result == FRAME_READ) {
        arena_reset(client->arena);
        result = peer_frame_read(bufferevent, client->arena, &frame);
        if (result == FRAME_READ)
            take_answer(client, &frame);
    }
    if (result == FRAME_BROKEN)
        lose(client, "it sent a broken frame");
}

static void on_event(struct bufferevent *bufferevent, short what, void *context)
{
    (void)bufferevent, (void)what;
    lose(context, "the connection ended");
}

static int open_socket(const struct peer_client *client)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)&client->address, sizeof(client->address)) == 0 && peer_is_ours(fd))
        return fd;
    close(fd);
    return -1;
}

static bool connect_now(struct peer_client *client)
{
    int fd = open_socket(client);
    if (fd < 0)
        return false;
    client->epoch++;
    client->retry_ms = RETRY_FIRST_MS;
    client->complained = false;
    loop_timer_stop(client->retry);
    client->bufferevent = bufferevent_socket_new(loop_event_base(client->loop), fd, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setwatermark(client->bufferevent, EV_READ, 0, 2 * PEER_FRAME_MAX);
    bufferevent_setcb(client->bufferevent, on_readable, NULL, on_event, client);
    bufferevent_enable(client->bufferevent, EV_READ | EV_WRITE);
    return true;
}

static void reconnect(void *context)
{
    struct peer_client *client = context;
    if (client->bufferevent != NULL || connect_now(client))
        return;
    /* At start all processes come up together: a first try or two may find nobody. */
    if (!client->complained && client->retry_ms >= COMPLAIN_FROM_MS) {
        log_warn("peer", "%s: nobody answers; trying again", client->address.sun_path);
        client->complained = true;
    }
    retry_later(client);
}

/* -- public ------------------------------------------------------------------------------------------------------ */

struct peer_client *peer_client_new(struct loop *loop, const char *path, size_t calls_limit)
{
    struct peer_client *client = mem_alloc(sizeof(*client));
    assert(calls_limit > 0 && calls_limit < UINT32_MAX && strlen(path) < sizeof(client->address.sun_path));
    client->loop = loop;
    client->address.sun_family = AF_UNIX;
    memcpy(client->address.sun_path, path, strlen(path) + 1);
    client->retry = loop_timer_new(loop, reconnect, client);
    client->retry_ms = RETRY_FIRST_MS;
    client->deadline = loop_timer_new(loop, expire, client);
    client->arena = arena_new();
    client->slot_count = (uint32_t)calls_limit;
    client->slots = mem_alloc(calls_limit * sizeof(*client->slots));
    for (uint32_t i = 0; i < client->slot_count; i++)
        client->slots[i].next_free = i + 1;
    reconnect(client);
    return client;
}

void peer_client_free(struct peer_client *client)
{
    if (client == NULL)
        return;
    client->ending = true;
    if (client->bufferevent != NULL)
        lose(client, "");
    loop_timer_free(client->retry);
    loop_timer_free(client->deadline);
    arena_free(client->arena);
    mem_free(client->slots);
    mem_free(client);
}

static enum err ready(struct peer_client *client, enum err unavailable)
{
    ENSURE(!client->ending, unavailable);
    ENSURE(client->bufferevent != NULL || connect_now(client), unavailable);
    ENSURE(client->first_free < client->slot_count, ERR_BUSY);
    ENSURE(evbuffer_get_length(bufferevent_get_output(client->bufferevent)) <= PEER_OUTPUT_MAX, ERR_BUSY);
    return OK;
}

enum err peer_call(struct peer_client *client, const char *operation, struct bytes body, int64_t deadline_ms,
                   enum err unavailable, struct fault *fault, peer_done *done, void *context)
{
    ENSURE(peer_frame_fits(operation, body), ERR_BODY_TOO_LARGE);
    TRY(ready(client, unavailable));
    struct slot *slot = &client->slots[client->first_free];
    uint32_t index = client->first_free;
    client->first_free = slot->next_free;
    if (++client->count == 0)
        client->count = 1; /* a number is never 0 */
    *slot = (struct slot){.number = (uint64_t)client->count << 32 | index,
                          .epoch = client->epoch,
                          .due_ms = clock_monotonic_ms() + deadline_ms,
                          .unavailable = unavailable,
                          .fault = fault,
                          .done = done,
                          .context = context};
    const struct peer_frame frame = {.number = slot->number, .word = operation, .body = body};
    peer_frame_write(client->bufferevent, &frame);
    arm_deadline(client, slot->due_ms);
    return OK;
}

bool peer_client_ready(const struct peer_client *client)
{
    return client->bufferevent != NULL;
}
