/* SPDX-License-Identifier: Apache-2.0 */
/* The called side of edge/peer.h. */
#include "edge/peer.h"

#include "base/log.h"
#include "base/mem.h"
#include "edge/peer_fault.h"
#include "edge/peer_frame.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PENDING_MAX 4096 /* calls under way; more are told to come back */
#define BACKLOG     64

struct link { /* one caller */
    struct link *next, *previous;
    struct peer_server *server;
    struct bufferevent *bufferevent;
};

struct peer_call {
    struct peer_call *next, *previous;
    struct peer_server *server; /* NULL once freed */
    void *owner;                /* what peer_listen was given */
    struct link *link;          /* NULL once the caller has gone */
    uint64_t number;
    struct arena *arena;
    struct fault fault;
};

struct peer_server {
    struct loop *loop;
    char *path;
    peer_handler *handler;
    void *owner;
    struct evconnlistener *socket; /* NULL once stopped */
    struct link *links;
    struct peer_call *calls;
    size_t pending;
};

/* -- calls ------------------------------------------------------------------------------------------------------- */

static struct peer_call *call_new(struct link *link)
{
    struct peer_server *server = link->server;
    struct peer_call *call = mem_alloc(sizeof(*call));
    call->server = server;
    call->owner = server->owner;
    call->link = link;
    call->arena = arena_new();
    fault_init(&call->fault, call->arena);
    call->next = server->calls;
    if (server->calls != NULL)
        server->calls->previous = call;
    server->calls = call;
    server->pending++;
    return call;
}

static void call_free(struct peer_call *call)
{
    struct peer_server *server = call->server;
    if (server != NULL) {
        if (call->previous != NULL)
            call->previous->next = call->next;
        else
            server->calls = call->next;
        if (call->next != NULL)
            call->next->previous = call->previous;
        server->pending--;
    }
    arena_free(call->arena);
    mem_free(call);
}

void *peer_call_server(const struct peer_call *call)
{
    return call->owner;
}

struct arena *peer_call_arena(struct peer_call *call)
{
    return call->arena;
}

struct fault *peer_call_fault(struct peer_call *call)
{
    return &call->fault;
}

/* -- callers ----------------------------------------------------------------------------------------------------- */

static void link_close(struct link *link)
{
    struct peer_server *server = link->server;
    for (struct peer_call *call = server->calls; call != NULL; call = call->next)
        if (call->link == link)
            call->link = NULL;
    if (link->previous != NULL)
        link->previous->next = link->next;
    else
        server->links = link->next;
    if (link->next != NULL)
        link->next->previous = link->previous;
    bufferevent_free(link->bufferevent);
    mem_free(link);
}

static void answer(struct peer_call *call, const char *code, struct bytes body)
{
    if (call->link != NULL) {
        const struct peer_frame frame = {.number = call->number, .word = code, .body = body};
        peer_frame_write(call->link->bufferevent, &frame);
    }
    call_free(call);
}

void peer_reply(struct peer_call *call, struct json *body)
{
    size_t size = 0;
    char *text = body != NULL ? json_finish(body, call->arena, &size) : NULL;
    struct bytes bytes = {(const uint8_t *)text, size};
    if (peer_frame_fits(err_code(OK), bytes)) {
        answer(call, err_code(OK), bytes);
        return;
    }
    log_error("peer", "an answer of %zu bytes is too large", size);
    answer(call, err_code(ERR_INTERNAL), (struct bytes){0});
}

void peer_fail(struct peer_call *call, enum err err)
{
    struct bytes text = peer_fault_text(call->arena, &call->fault);
    answer(call, err_code(err), peer_frame_fits(err_code(err), text) ? text : (struct bytes){0});
}

static void take_call(struct peer_call *call, const struct peer_frame *frame)
{
    struct peer_server *server = call->server;
    call->number = frame->number;
    if (server->socket == NULL)
        peer_fail(call, ERR_SHUTTING_DOWN);
    else if (server->pending > PENDING_MAX)
        peer_fail(call, ERR_BUSY);
    else
        server->handler(call, frame->word, frame->body);
}

static bool read_call(struct link *link)
{
    struct peer_frame frame;
    struct peer_call *call = call_new(link);
    enum frame_result result = peer_frame_read(link->bufferevent, call->arena, &frame);
    if (result == FRAME_READ) {
        take_call(call, &frame);
        return true;
    }
    call_free(call);
    if (result == FRAME_BROKEN) {
        log_warn("peer", "a caller sent a broken frame; closed");
        link_close(link);
    }
    return false;
}

static void on_readable(struct bufferevent *bufferevent, void *context)
{
    struct link *link = context;
    while (evbuffer_get_length(bufferevent_get_input(bufferevent)) > 0) {
        if (evbuffer_get_length(bufferevent_get_output(bufferevent)) > PEER_OUTPUT_MAX) {
            log_warn("peer", "a caller does not read its answers; closed");
            link_close(link);
            return;
        }
        if (!read_call(link))
            return;
    }
}

static void on_event(struct bufferevent *bufferevent, short what, void *context)
{
    (void)bufferevent, (void)what;
    link_close(context);
}

static void on_accept(struct evconnlistener *socket, evutil_socket_t fd, struct sockaddr *address, int size,
                      void *context)
{
    (void)socket, (void)address, (void)size;
    struct peer_server *server = context;
    if (!peer_is_ours((int)fd)) {
        log_warn("peer", "refused a caller that runs as another user");
        close((int)fd);
        return;
    }
    struct link *link = mem_alloc(sizeof(*link));
    *link = (struct link){.next = server->links, .server = server};
    if (server->links != NULL)
        server->links->previous = link;
    server->links = link;
    link->bufferevent = bufferevent_socket_new(loop_event_base(server->loop), fd, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setwatermark(link->bufferevent, EV_READ, 0, 2 * PEER_FRAME_MAX);
    bufferevent_setcb(link->bufferevent, on_readable, NULL, on_event, link);
    bufferevent_enable(link->bufferevent, EV_READ | EV_WRITE);
}

/* -- life -------------------------------------------------------------------------------------------------------- */

static enum err refuse(const char *path, const char *why)
{
    log_error("peer", "cannot listen on %s: %s", path, why);
    return ERR_SETTINGS_INVALID;
}

static void remove_stale(const char *path)
{
    struct stat about;
    if (lstat(path, &about) == 0 && S_ISSOCK(about.st_mode))
        unlink(path);
}

enum err peer_listen(struct loop *loop, const char *path, peer_handler *handler, void *server, struct peer_server **out)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return refuse(path, "the path is too long for a Unix socket");
    memcpy(address.sun_path, path, strlen(path) + 1);
    struct peer_server *made = mem_alloc(sizeof(*made));
    *made = (struct peer_server){.loop = loop, .handler = handler, .owner = server};
    remove_stale(path);
    mode_t before = umask(0177);
    made->socket = evconnlistener_new_bind(loop_event_base(loop), on_accept, made,
                                           LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG,
                                           (struct sockaddr *)&address, sizeof(address));
    umask(before);
    if (made->socket == NULL) {
        mem_free(made);
        return refuse(path, strerror(errno));
    }
    made->path = mem_alloc(strlen(path) + 1);
    memcpy(made->path, path, strlen(path) + 1);
    *out = made;
    return OK;
}

void peer_server_stop(struct peer_server *server)
{
    if (server->socket == NULL)
        return;
    evconnlistener_free(server->socket);
    server->socket = NULL;
    unlink(server->path);
}

size_t peer_server_pending(const struct peer_server *server)
{
    return server->pending;
}

void peer_server_free(struct peer_server *server)
{
    if (server == NULL)
        return;
    peer_server_stop(server);
    while (server->links != NULL)
        link_close(server->links);
    for (struct peer_call *call = server->calls; call != NULL; call = call->next)
        call->server = NULL; /* freed when its handler answers, to nobody */
    mem_free(server->path);
    mem_free(server);
}
