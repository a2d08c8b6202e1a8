/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/reply.h"

#include "base/clock.h"
#include "base/log.h"
#include "edge/connection.h"
#include "edge/figures.h"
#include "edge/message.h"
#include "edge/state.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <strings.h>
#include <time.h>

static const char *reason_phrase(int status)
{
    static const struct {
        int status;
        const char *phrase;
    } phrases[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {426, "Upgrade Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(phrases); i++)
        if (phrases[i].status == status)
            return phrases[i].phrase;
    return "-";
}

/* RFC 9110 5.6.7, whatever the locale; made once per second. */
static const char *date_text(struct edge *edge)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t second = clock_now_us() / CLOCK_SECOND_US;
    if (second == edge->date_second)
        return edge->date;
    struct tm utc;
    time_t unix_time = (time_t)second;
    gmtime_r(&unix_time, &utc);
    char text[64];
    snprintf(text, sizeof(text), "%s, %02d %s %04d %02d:%02d:%02d GMT", days[utc.tm_wday], utc.tm_mday,
             months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    snprintf(edge->date, sizeof(edge->date), "%.*s", (int)sizeof(edge->date) - 1, text);
    edge->date_second = second;
    return edge->date;
}

/* -- headers ----------------------------------------------------------------------------------------------------- */

/* A line end in a value would let it write headers of its own. */
static const char *one_line(struct arena *arena, const char *value)
{
    char *text = arena_text(arena, value);
    for (char *c = text; *c != '\0'; c++)
        if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
            *c = '?';
    return text;
}

void request_add_header(struct request *req, const char *name, const char *value)
{
    struct reply_header *header = ARENA_NEW(req->arena, struct reply_header);
    *header = (struct reply_header){.name = one_line(req->arena, name), .value = one_line(req->arena, value)};
    struct reply_header **end = &req->reply_headers;
    while (*end != NULL)
        end = &(*end)->next;
    *end = header;
}

static bool has_reply_header(const struct request *req, const char *name)
{
    for (const struct reply_header *header = req->reply_headers; header != NULL; header = header->next)
        if (strcasecmp(header->name, name) == 0)
            return true;
    return false;
}

static void add_line(struct scratch *text, const char *name, const char *value)
{
    scratch_add(text, name);
    scratch_add_n(text, ": ", 2);
    scratch_add(text, value);
    scratch_add_n(text, "\r\n", 2);
}

static void add_status_line(struct scratch *text, int status)
{
    scratch_add(text, "HTTP/1.1 ");
    scratch_add_number(text, (uint64_t)status);
    scratch_add_n(text, " ", 1);
    scratch_add(text, reason_phrase(status));
    scratch_add_n(text, "\r\n", 2);
}

#define SIZE_UNKNOWN SIZE_MAX

static void add_content_lines(struct scratch *text, int status, const char *content_type, size_t size)
{
    if (status == 204 || status == 304) /* RFC 9110 8.6: neither has content */
        return;
    if (content_type != NULL)
        add_line(text, "Content-Type", content_type);
    if (size == SIZE_UNKNOWN)
        return;
    scratch_add(text, "Content-Length: ");
    scratch_add_number(text, size);
    scratch_add_n(text, "\r\n", 2);
}

static void add_connection_line(struct scratch *text, const struct request *req)
{
    if (connection_decide_end(req->connection, req))
        scratch_add(text, "Connection: close\r\n");
    else if (req->http_1_0)
        scratch_add(text, "Connection: keep-alive\r\n");
}

static struct bytes build_head(struct request *req, int status, const char *content_type, size_t size)
{
    struct scratch *text = &req->edge->scratch;
    text->size = 0;
    add_status_line(text, status);
    add_line(text, "Date", date_text(req->edge));
    add_content_lines(text, status, content_type, size);
    scratch_add(text, "X-Content-Type-Options: nosniff\r\n");
    if (!has_reply_header(req, "Cache-Control"))
        scratch_add(text, "Cache-Control: no-store\r\n");
    add_line(text, "X-Request-Id", req->id);
    add_connection_line(text, req);
    for (const struct reply_header *header = req->reply_headers; header != NULL; header = header->next)
        add_line(text, header->name, header->value);
    scratch_add_n(text, "\r\n", 2);
    return (struct bytes){(const uint8_t *)text->data, text->size};
}

/* -- replies ----------------------------------------------------------------------------------------------------- */

static void count_reply(const struct request *req, int status)
{
    struct edge *edge = req->edge;
    figures_count(edge, req, status);
    if (status >= 500)
        edge->counters.replies_5xx++;
    else if (status >= 400)
        edge->counters.replies_4xx++;
    else
        edge->counters.replies_2xx++;
}

void reply_send(struct request *req, int status, const char *content_type, struct bytes body)
{
    if (req->connection == NULL || req->edge == NULL)
        return;
    bool bare = req->head_only || status == 204 || status == 304;
    struct bytes head = build_head(req, status, content_type, body.size);
    connection_write(req->connection, head, bare ? (struct bytes){0} : body);
    count_reply(req, status);
    log_debug("edge", "request=%s method=%s route=%s status=%d us=%" PRId64, req->id, req->method,
              req->route != NULL ? req->route->path : "-", status, clock_now_us() - req->started_us);
}

/* Delimited by the end of the connection (RFC 9112 6.3), so that HTTP/1.0 proxies understand it as well. */
void reply_send_stream(struct request *req)
{
    req->keep_alive = false;
    if (req->connection == NULL || req->edge == NULL)
        return;
    request_add_header(req, "X-Accel-Buffering", "no"); /* nginx would keep events back */
    struct bytes head = build_head(req, 200, "text/event-stream", SIZE_UNKNOWN);
    connection_write(req->connection, head, (struct bytes){0});
    count_reply(req, 200);
    log_debug("edge", "request=%s route=%s stream", req->id, req->route->path);
}

void reply_begin(struct request *req)
{
    assert(!req->replied); /* exactly one reply per request */
}

/* In its handler's turn the connection goes on by itself; otherwise at the end of the loop turn, so that the caller may
 * still use the request. */
void reply_end(struct request *req)
{
    req->replied = true;
    struct edge *edge = req->edge;
    if (edge == NULL) {
        message_release(req);
        return;
    }
    if (req->in_handler || !req->handled)
        return;
    req->next_finished = edge->finished;
    edge->finished = req;
    edge_turn_soon(edge);
}

void request_reply(struct request *req, int status, const char *content_type, struct bytes body)
{
    reply_begin(req);
    reply_send(req, status, content_type, body);
    reply_end(req);
}

void request_reply_json(struct request *req, int status, struct json *body)
{
    size_t size;
    char *text = json_finish(body, req->arena, &size);
    request_reply(req, status, "application/json", (struct bytes){(uint8_t *)text, size});
}
