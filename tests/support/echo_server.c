/* SPDX-License-Identifier: Apache-2.0 */
/* The edge with a few small routes, for the flow tests: what it executes it counts, so that a smuggled request shows.
 * Limits come as key=value arguments; the ports are written to stdout as one JSON line. SIGTERM stops it gracefully. */
#include "base/log.h"
#include "base/mem.h"
#include "edge/edge.h"
#include "edge/files.h"
#include "edge/stream.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOW_MS_MAX 60000

struct later;

struct echo {
    struct loop *loop;
    struct edge *edge;
    struct files *files;
    uint64_t executed, pieces;
    struct later *laters; /* requests whose answer waits */
};

static struct echo *echo_of(struct request *req)
{
    struct echo *echo = request_server(req);
    echo->executed++;
    return echo;
}

/* Not itself counted as executed. */
static enum err show_counts(struct request *req)
{
    struct echo *echo = request_server(req);
    struct edge_counters counters = edge_counters(echo->edge);
    struct json *body = json_new_object();
    json_put_integer(body, "executed", (int64_t)echo->executed);
    json_put_integer(body, "connections", (int64_t)counters.connections);
    json_put_integer(body, "connections_now", (int64_t)counters.connections_now);
    json_put_integer(body, "streams_now", (int64_t)counters.streams_now);
    json_put_integer(body, "pieces", (int64_t)echo->pieces);
    json_put_integer(body, "requests", (int64_t)counters.requests);
    json_put_integer(body, "replies_2xx", (int64_t)counters.replies_2xx);
    json_put_integer(body, "replies_4xx", (int64_t)counters.replies_4xx);
    json_put_integer(body, "replies_5xx", (int64_t)counters.replies_5xx);
    json_put_integer(body, "refused", (int64_t)counters.refused);
    request_reply_json(req, 200, body);
    return OK;
}

static enum err hello(struct request *req)
{
    echo_of(req);
    static const char text[] = "hello";
    request_reply(req, 200, "text/plain; charset=utf-8", (struct bytes){(const uint8_t *)text, sizeof(text) - 1});
    return OK;
}

static enum err echo_body(struct request *req)
{
    echo_of(req);
    request_reply(req, 200, request_header(req, "content-type"), request_body(req));
    return OK;
}

static enum err show_item(struct request *req)
{
    echo_of(req);
    struct json *body = json_new_object();
    json_put_text(body, "item", request_path_part(req, "item"));
    json_put_text(body, "q", request_query(req, "q"));
    json_put_text(body, "address", request_address(req));
    json_put_text(body, "bearer", request_bearer(req));
    json_put_text(body, "x", request_header(req, "x-test"));
    request_reply_json(req, 200, body);
    return OK;
}

static enum err special_item(struct request *req)
{
    echo_of(req);
    request_add_header(req, "Cache-Control", "max-age=60");
    request_add_header(req, "X-Odd", "a\r\nX-Injected: 1");
    request_reply(req, 204, NULL, (struct bytes){0});
    return OK;
}

static enum err wrong_fields(struct request *req)
{
    echo_of(req);
    fault_field(request_fault(req), "agent.mobile", "check_digit", "手机号有误", "The mobile number is wrong");
    return fault_explain(request_fault(req), ERR_FIELDS_INVALID, "有一项有误", "One field is wrong");
}

static enum err private_page(struct request *req)
{
    echo_of(req);
    request_reply_json(req, 200, json_new_object());
    return OK;
}

static enum err admit(struct request *req, const struct route *route)
{
    (void)route;
    const char *token = request_bearer(req);
    return token != NULL && strcmp(token, "let-me-in") == 0 ? OK : ERR_UNAUTHENTICATED;
}

static enum err large_page(struct request *req)
{
    echo_of(req);
    size_t size = 8 * 1024 * 1024;
    uint8_t *data = arena_alloc(request_arena(req), size);
    memset(data, 'x', size);
    request_reply(req, 200, "application/octet-stream", (struct bytes){data, size});
    return OK;
}

/* -- streams ----------------------------------------------------------------------------------------------------- */

/* "?size=" bytes a piece, "?pieces=" of them, each as soon as the one before has left. */
struct tap {
    struct echo *echo;
    struct stream *stream;
    size_t size;
    uint64_t left;
};

static void pour(void *context)
{
    struct tap *tap = context;
    uint8_t *data = mem_alloc(tap->size);
    memset(data, 'x', tap->size);
    data[tap->size - 1] = '\n';
    while (tap->left > 0 && stream_send(tap->stream, (struct bytes){data, tap->size})) {
        tap->left--;
        tap->echo->pieces++;
    }
    mem_free(data);
}

static void tap_ended(void *context)
{
    mem_free(context);
}

static enum err stream_pieces(struct request *req)
{
    static const struct stream_handler handler = {.ready = pour, .ended = tap_ended};
    struct tap *tap = mem_alloc(sizeof(*tap));
    const char *size = request_query(req, "size"), *pieces = request_query(req, "pieces");
    *tap = (struct tap){.echo = echo_of(req),
                        .size = size != NULL ? strtoul(size, NULL, 10) : 16,
                        .left = pieces != NULL ? strtoul(pieces, NULL, 10) : 1};
    tap->stream = request_reply_stream(req, &handler, tap);
    if (tap->stream != NULL)
        pour(tap);
    else
        mem_free(tap);
    return OK;
}

/* -- answers that come later ------------------------------------------------------------------------------------- */

struct later {
    struct later *next, *previous;
    struct echo *echo;
    struct request *req;
    struct loop_timer *timer;
};

static void unlink_later(struct later *later)
{
    if (later->previous != NULL)
        later->previous->next = later->next;
    else
        later->echo->laters = later->next;
    if (later->next != NULL)
        later->next->previous = later->previous;
}

static void answer_later(void *context)
{
    struct later *later = context;
    struct request *req = later->req;
    unlink_later(later);
    loop_timer_free(later->timer);
    mem_free(later);
    struct json *body = json_new_object();
    json_put_text(body, "q", request_query(req, "q"));
    request_reply_json(req, 200, body);
}

static enum err slow(struct request *req)
{
    struct echo *echo = echo_of(req);
    const char *text = request_query(req, "ms");
    long wait_ms = text != NULL ? strtol(text, NULL, 10) : 0;
    ENSURE(wait_ms >= 0 && wait_ms <= SLOW_MS_MAX, ERR_FIELDS_INVALID);
    struct later *later = mem_alloc(sizeof(*later));
    *later = (struct later){.next = echo->laters, .echo = echo, .req = req};
    if (echo->laters != NULL)
        echo->laters->previous = later;
    echo->laters = later;
    later->timer = loop_timer_new(echo->loop, answer_later, later);
    loop_timer_start(later->timer, wait_ms);
    return OK;
}

static const struct route routes[] = {
    {"GET", "/counts", ACCESS_PUBLIC, NULL, 0, show_counts, LISTENER_PUBLIC},
    {"GET", "/hello", ACCESS_PUBLIC, NULL, 0, hello, LISTENER_PUBLIC},
    {"POST", "/hello", ACCESS_PUBLIC, NULL, 0, hello, LISTENER_PUBLIC},
    {"POST", "/echo", ACCESS_PUBLIC, "application/json|text/plain", 65536, echo_body, LISTENER_PUBLIC},
    {"PUT", "/blob", ACCESS_PUBLIC, "application/octet-stream", 4194304, echo_body, LISTENER_PUBLIC},
    {"GET", "/items/{item}", ACCESS_PUBLIC, NULL, 0, show_item, LISTENER_PUBLIC},
    {"GET", "/items/special", ACCESS_PUBLIC, NULL, 0, special_item, LISTENER_PUBLIC},
    {"GET", "/fields", ACCESS_PUBLIC, NULL, 0, wrong_fields, LISTENER_PUBLIC},
    {"GET", "/private", ACCESS_STAFF, NULL, 0, private_page, LISTENER_PUBLIC},
    {"GET", "/large", ACCESS_PUBLIC, NULL, 0, large_page, LISTENER_PUBLIC},
    {"GET", "/stream", ACCESS_PUBLIC, NULL, 0, stream_pieces, LISTENER_PUBLIC},
    {"GET", "/slow", ACCESS_PUBLIC, NULL, 0, slow, LISTENER_PUBLIC},
    {"GET", "/metrics", ACCESS_PUBLIC, NULL, 0, hello, LISTENER_ADMIN},
    {"GET", "/stream", ACCESS_PUBLIC, NULL, 0, stream_pieces, LISTENER_ADMIN},
};

/* -- start and stop ---------------------------------------------------------------------------------------------- */

static struct edge_options options = {
    .routes = routes,
    .route_count = ARRAY_SIZE(routes),
    .admit = admit,
    .limits = {.connections = 20000,
               .header_count = 64,
               .header_bytes = 16384,
               .target_bytes = 4096,
               .tls_ms = 5000,
               .headers_ms = 10000,
               .body_ms = 30000,
               .idle_ms = 30000,
               .life_ms = 600000,
               .handler_ms = 15000,
               .stream_heartbeat_ms = 15000,
               .stream_life_ms = 600000},
};
static int64_t stop_ms = 10000;
static const char *certificate, *key, *log_level = "warn", *files_root;

static bool read_size(const char *name, const char *value)
{
    const struct {
        const char *name;
        size_t *into;
    } sizes[] = {{"connections", &options.limits.connections},
                 {"connections_per_address", &options.limits.connections_per_address},
                 {"header_count", &options.limits.header_count},
                 {"header_bytes", &options.limits.header_bytes},
                 {"target_bytes", &options.limits.target_bytes}};
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        if (strcmp(sizes[i].name, name) == 0) {
            *sizes[i].into = strtoul(value, NULL, 10);
            return true;
        }
    }
    return false;
}

static bool read_time(const char *name, const char *value)
{
    const struct {
        const char *name;
        int64_t *into;
    } times[] = {{"tls_ms", &options.limits.tls_ms},
                 {"headers_ms", &options.limits.headers_ms},
                 {"body_ms", &options.limits.body_ms},
                 {"idle_ms", &options.limits.idle_ms},
                 {"life_ms", &options.limits.life_ms},
                 {"handler_ms", &options.limits.handler_ms},
                 {"stream_heartbeat_ms", &options.limits.stream_heartbeat_ms},
                 {"stream_life_ms", &options.limits.stream_life_ms},
                 {"stop_ms", &stop_ms}};
    for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
        if (strcmp(times[i].name, name) == 0) {
            *times[i].into = strtol(value, NULL, 10);
            return true;
        }
    }
    return false;
}

static bool read_text(const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **into;
    } texts[] = {{"certificate", &certificate},
                 {"key", &key},
                 {"log", &log_level},
                 {"files", &files_root},
                 {"trusted_proxy", &options.trusted_proxy}};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        if (strcmp(texts[i].name, name) == 0) {
            *texts[i].into = value;
            return true;
        }
    }
    return false;
}

static bool read_argument(char *argument)
{
    char *equals = strchr(argument, '=');
    if (equals == NULL)
        return false;
    *equals = '\0';
    const char *value = equals + 1;
    return read_size(argument, value) || read_time(argument, value) || read_text(argument, value);
}

static void stopped(void *context)
{
    struct echo *echo = context;
    loop_stop(echo->loop);
}

static void on_terminate(void *context, int number)
{
    (void)number;
    struct echo *echo = context;
    edge_stop(echo->edge, stop_ms, stopped, echo);
}

/* "files=FOLDER": page.html at /page and below, and what lies beside it. */
static enum err open_files(struct files **files)
{
    static const struct files_document documents[] = {{"/", "page.html"}, {"/page", "page.html"}};
    *files = NULL;
    if (files_root == NULL)
        return OK;
    return files_open(&(struct files_options){.root = files_root,
                                              .documents = documents,
                                              .document_count = ARRAY_SIZE(documents),
                                              .policy = "default-src 'none'"},
                      files);
}

static enum err serve(struct echo *echo)
{
    TRY(open_files(&echo->files));
    edge_serve_files(echo->edge, LISTENER_PUBLIC, echo->files);
    const struct edge_tls tls = {.certificate = certificate, .key = key};
    TRY(edge_listen(echo->edge, LISTENER_PUBLIC, "127.0.0.1", 0, NULL));
    TRY(edge_listen(echo->edge, LISTENER_ADMIN, "127.0.0.1", 0, certificate == NULL ? NULL : &tls));
    loop_on_signal(echo->loop, SIGTERM, on_terminate, echo);
    printf("{\"port\":%d,\"admin_port\":%d}\n", edge_port(echo->edge, LISTENER_PUBLIC),
           edge_port(echo->edge, LISTENER_ADMIN));
    fflush(stdout);
    loop_run(echo->loop);
    return OK;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    for (int i = 1; i < argc; i++) {
        if (!read_argument(argv[i])) {
            fprintf(stderr, "echo_server: no such option: %s\n", argv[i]);
            return 2;
        }
    }
    log_init("echo", (enum log_level)log_level_from_text(log_level));
    struct echo echo = {.loop = loop_new()};
    options.loop = echo.loop;
    options.server = &echo;
    echo.edge = edge_new(&options);
    enum err err = serve(&echo);
    edge_free(echo.edge);
    files_free(echo.files);
    while (echo.laters != NULL)
        answer_later(echo.laters); /* to nobody, and with no edge left */
    loop_free(echo.loop);
    return err == OK ? 0 : 1;
}
