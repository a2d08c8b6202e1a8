/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl's multi interface, driven by the loop: curl says which descriptors and which time-out it waits for. No
 * connection is used twice: curl sends a request again by itself when a kept connection breaks, and the other side may
 * have done what it was asked the first time. */
#include "remote/http.h"

#include "base/log.h"
#include "base/mem.h"
#include "remote/http_internal.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct http {
    struct loop *loop;
    CURLM *multi;
    struct loop_timer *timer;
    const char *ca_file, *plain_hosts; /* separated by blanks */
    struct http_call *calls;           /* under way */
    size_t pending, calls_max;
    struct arena *arena; /* of the list */
    struct http_host *allowed;
    bool limited; /* to those allowed */
};

struct http_host {
    struct http_host *next;
    const char *name;
};

struct http_socket {
    struct http *http;
    curl_socket_t fd;
    struct loop_watch *watch;
};

/* -- the end of a call ------------------------------------------------------------------------------------------- */

static void forget(struct http_call *call)
{
    struct http *http = call->http;
    for (struct http_call **place = &http->calls; *place != NULL; place = &(*place)->next) {
        if (*place == call) {
            *place = call->next;
            break;
        }
    }
    http->pending--;
    curl_multi_remove_handle(http->multi, call->easy);
    http_call_free(call);
}

/* Nothing of the request has left as long as curl was still connecting; afterwards nobody here can know. */
static enum err outcome(const struct http_call *call, CURLcode result)
{
    curl_off_t begun_us = 0;
    if (result == CURLE_OK && !call->overflow)
        return OK;
    curl_easy_getinfo(call->easy, CURLINFO_PRETRANSFER_TIME_T, &begun_us);
    return begun_us == 0 ? ERR_REMOTE_UNREACHABLE : ERR_REMOTE_UNKNOWN;
}

static void finish(struct http_call *call, CURLcode result)
{
    http_done *done = call->done;
    void *context = call->context;
    struct http_answer answer, *answered = NULL;
    enum err err = outcome(call, result);
    if (err == OK) {
        http_call_answer(call, &answer);
        answered = &answer;
    } else {
        log_warn("remote", "%s: %s", call->host,
                 call->overflow ? "the answer is larger than expected" : curl_easy_strerror(result));
    }
    forget(call);
    done(context, err, answered);
}

static void collect(struct http *http)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
        struct http_call *call = NULL;
        CURLcode result = message->data.result; /* the message dies with the handle */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        finish(call, result);
    }
}

/* -- what curl waits for ----------------------------------------------------------------------------------------- */

static void drive(struct http *http, curl_socket_t fd, int events)
{
    int running;
    curl_multi_socket_action(http->multi, fd, events, &running);
    collect(http);
}

static void socket_ready(void *context, bool readable, bool writable)
{
    const struct http_socket *ready = context;
    drive(ready->http, ready->fd, (readable ? CURL_CSELECT_IN : 0) | (writable ? CURL_CSELECT_OUT : 0));
}

static void time_out(void *context)
{
    drive(context, CURL_SOCKET_TIMEOUT, 0);
}

static void socket_free(struct http_socket *ready)
{
    if (ready == NULL)
        return;
    loop_watch_free(ready->watch);
    mem_free(ready);
}

static int socket_wanted(CURL *easy, curl_socket_t fd, int what, void *context, void *known)
{
    (void)easy;
    struct http *http = context;
    struct http_socket *wanted = known;
    if (what == CURL_POLL_REMOVE) {
        curl_multi_assign(http->multi, fd, NULL);
        socket_free(wanted);
        return 0;
    }
    if (wanted == NULL) {
        wanted = mem_alloc(sizeof(*wanted));
        *wanted = (struct http_socket){.http = http, .fd = fd};
        wanted->watch = loop_watch_new(http->loop, fd, socket_ready, wanted);
        curl_multi_assign(http->multi, fd, wanted);
    }
    loop_watch_set(wanted->watch, (what & CURL_POLL_IN) != 0, (what & CURL_POLL_OUT) != 0);
    return 0;
}

static int time_wanted(CURLM *multi, long after_ms, void *context)
{
    (void)multi;
    struct http *http = context;
    if (after_ms < 0)
        loop_timer_stop(http->timer);
    else
        loop_timer_start(http->timer, after_ms);
    return 0;
}

/* -- who may be called -------------------------------------------------------------------------------------------- */

static void allow(struct http *http, const char *name)
{
    struct http_host *host = ARENA_NEW(http->arena, struct http_host);
    *host = (struct http_host){http->allowed, name};
    http->allowed = host;
}

static bool allowed(const struct http *http, const char *name)
{
    if (!http->limited)
        return true;
    for (const struct http_host *host = http->allowed; host != NULL; host = host->next)
        if (strcasecmp(host->name, name) == 0)
            return true;
    log_error("remote", "%s may not be called: it is neither in remote.hosts nor in an address of the settings", name);
    return false;
}

void http_allow_plain(struct http *http, const char *host)
{
    http->plain_hosts = arena_format(http->arena, "%s %s", http->plain_hosts, host);
}

enum err http_allow_url(struct http *http, const char *url)
{
    const char *host;
    http->limited = true;
    if (http_url_host(url, http->plain_hosts, http->arena, &host) != OK) {
        log_error("remote", "%s cannot be called: https://, or http:// to this machine", url);
        return ERR_SETTINGS_INVALID;
    }
    allow(http, host);
    return OK;
}

enum err http_allow_hosts(struct http *http, const char *hosts)
{
    char *rest = arena_text(http->arena, hosts), *name;
    http->limited = true;
    while ((name = strsep(&rest, " ")) != NULL) {
        if (strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-[]:") != strlen(name)) {
            log_error("remote", "remote.hosts: %s is not a host's name", name);
            return ERR_SETTINGS_INVALID;
        }
        if (name[0] != '\0')
            allow(http, name);
    }
    return OK;
}

/* -- from outside ------------------------------------------------------------------------------------------------ */

enum err http_open(struct loop *loop, const char *ca_file, size_t calls_max, struct http **out)
{
    ENSURE(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, ERR_INTERNAL);
    CURLM *multi = curl_multi_init();
    ENSURE(multi != NULL, ERR_INTERNAL);
    struct http *http = mem_alloc(sizeof(*http));
    *http = (struct http){.loop = loop,
                          .multi = multi,
                          .ca_file = ca_file,
                          .calls_max = calls_max,
                          .plain_hosts = "",
                          .arena = arena_new()};
    http->timer = loop_timer_new(loop, time_out, http);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket_wanted);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, http);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, time_wanted);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, http);
    *out = http;
    return OK;
}

void http_close(struct http *http)
{
    if (http == NULL)
        return;
    while (http->calls != NULL)
        forget(http->calls);
    curl_multi_cleanup(http->multi);
    loop_timer_free(http->timer);
    arena_free(http->arena);
    mem_free(http);
    curl_global_cleanup();
}

size_t http_pending(const struct http *http)
{
    return http->pending;
}

enum err http_start(struct http *http, const struct http_request *request, struct arena *arena, http_done *done,
                    void *context)
{
    struct http_call *call;
    ENSURE(http->pending < http->calls_max, ERR_BUSY);
    TRY(http_call_new(request, http->ca_file, http->plain_hosts, arena, &call));
    if (!allowed(http, call->host)) {
        http_call_free(call);
        return ERR_SETTINGS_INVALID;
    }
    call->http = http;
    call->done = done;
    call->context = context;
    if (curl_multi_add_handle(http->multi, call->easy) != CURLM_OK) {
        http_call_free(call);
        return ERR_INTERNAL;
    }
    call->next = http->calls;
    http->calls = call;
    http->pending++;
    return OK;
}
