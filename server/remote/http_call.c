/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/mem.h"
#include "remote/http_internal.h"

#include <string.h>
#include <strings.h>

#define CONNECT_SHARE 2 /* connecting may take half of the time: the other side needs some to answer */

typedef CURLU curl_url_handle;
DEFINE_CLEANUP(curl_url_handle, curl_url_cleanup)

/* -- where to ---------------------------------------------------------------------------------------------------- */

static bool is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 || strcmp(host, "[::1]") == 0;
}

static bool is_named(const char *host, const char *plain_hosts)
{
    size_t size = strlen(host);
    for (const char *at = plain_hosts; *at != '\0'; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        if (size > 0 && strcspn(at, " ") == size && memcmp(at, host, size) == 0)
            return true;
    }
    return false;
}

static bool url_part(curl_url_handle *url, CURLUPart part, struct arena *arena, const char **out)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK)
        return false;
    *out = arena_text(arena, text);
    curl_free(text);
    return true;
}

enum err http_url_host(const char *text, const char *plain_hosts, struct arena *arena, const char **host)
{
    AUTO(curl_url_handle) *url = curl_url();
    const char *scheme, *user;
    ENSURE(url != NULL && curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK,
           ERR_SETTINGS_INVALID);
    ENSURE(url_part(url, CURLUPART_SCHEME, arena, &scheme) && url_part(url, CURLUPART_HOST, arena, host),
           ERR_SETTINGS_INVALID);
    ENSURE(!url_part(url, CURLUPART_USER, arena, &user), ERR_SETTINGS_INVALID);
    bool allowed = strcmp(scheme, "https") == 0 ||
                   (strcmp(scheme, "http") == 0 && (is_loopback(*host) || is_named(*host, plain_hosts)));
    return allowed ? OK : ERR_SETTINGS_INVALID;
}

/* -- what is sent ------------------------------------------------------------------------------------------------ */

static bool breaks_message(const char *text)
{
    return strpbrk(text, "\r\n") != NULL;
}

static enum err add_header(struct http_call *call, const char *line)
{
    struct curl_slist *longer = curl_slist_append(call->sent_headers, line);
    ENSURE(longer != NULL, ERR_INTERNAL);
    call->sent_headers = longer;
    return OK;
}

static bool names_header(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (strcasecmp(request->headers[i].name, name) == 0)
            return true;
    return false;
}

static enum err set_headers(struct http_call *call, const struct http_request *request)
{
    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_header *header = &request->headers[i];
        ENSURE(!breaks_message(header->name) && !breaks_message(header->value), ERR_INTERNAL);
        const char *format = header->value[0] == '\0' ? "%s;%s" : "%s: %s"; /* curl drops "name:" */
        TRY(add_header(call, arena_format(call->arena, format, header->name, header->value)));
    }
    TRY(add_header(call, "Expect:"));
    if (!names_header(request, "Content-Type")) /* curl would make one up */
        TRY(add_header(call, "Content-Type:"));
    curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->sent_headers);
    return OK;
}

static void set_body(struct http_call *call, const struct http_request *request)
{
    CURL *easy = call->easy;
    if (strcmp(request->method, "POST") == 0 || request->body.size > 0) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->body.size > 0 ? (const char *)request->body.data : "");
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static void set_limits(struct http_call *call, const struct http_request *request, const char *ca_file)
{
    CURL *easy = call->easy;
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(request->timeout_ms / CONNECT_SHARE));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (ca_file[0] != '\0') {
        curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
}

/* -- what comes back --------------------------------------------------------------------------------------------- */

static size_t refuse(struct http_call *call)
{
    call->overflow = true;
    return 0; /* ends the transfer */
}

static size_t body_came(char *data, size_t one, size_t size, void *context)
{
    (void)one;
    struct http_call *call = context;
    if (size > call->body_max - call->body_size)
        return refuse(call);
    if (call->body_size + size > call->body_room) {
        size_t room = call->body_size + size + call->body_room; /* at least doubles */
        call->body = mem_grow(call->body, call->body_room, room);
        call->body_room = room;
    }
    memcpy(call->body + call->body_size, data, size);
    call->body_size += size;
    return size;
}

static void keep_header(struct http_call *call, const char *line, size_t size)
{
    const char *colon = memchr(line, ':', size);
    if (colon == NULL)
        return;
    const char *value = colon + 1, *end = line + size;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && strchr("\r\n \t", end[-1]) != NULL)
        end--;
    call->headers[call->header_count++] = (struct http_header){arena_text_n(call->arena, line, (size_t)(colon - line)),
                                                               arena_text_n(call->arena, value, (size_t)(end - value))};
}

static size_t header_came(char *line, size_t one, size_t size, void *context)
{
    (void)one;
    struct http_call *call = context;
    call->header_bytes += size;
    if (call->header_bytes > HTTP_HEADER_BYTES_MAX || call->header_count == HTTP_HEADERS_MAX)
        return refuse(call);
    if (size >= 5 && memcmp(line, "HTTP/", 5) == 0)
        call->header_count = 0; /* what came before was an interim answer (RFC 9110, 15.2) */
    else
        keep_header(call, line, size);
    return size;
}

static void set_answer(struct http_call *call, const struct http_request *request)
{
    CURL *easy = call->easy;
    call->body_max = request->answer_max;
    call->headers = arena_alloc(call->arena, HTTP_HEADERS_MAX * sizeof(*call->headers));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_came);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header_came);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
}

/* -- one call ---------------------------------------------------------------------------------------------------- */

static enum err prepare(struct http_call *call, const struct http_request *request, const char *ca_file,
                        const char *plain_hosts)
{
    ENSURE(call->easy != NULL, ERR_INTERNAL);
    TRY(http_url_host(request->url, plain_hosts, call->arena, &call->host));
    curl_easy_setopt(call->easy, CURLOPT_URL, request->url);
    set_limits(call, request, ca_file);
    set_body(call, request);
    set_answer(call, request);
    return set_headers(call, request);
}

enum err http_call_new(const struct http_request *request, const char *ca_file, const char *plain_hosts,
                       struct arena *arena, struct http_call **out)
{
    struct http_call *call = mem_alloc(sizeof(*call));
    call->arena = arena;
    call->easy = curl_easy_init();
    enum err err = prepare(call, request, ca_file, plain_hosts);
    if (err != OK) {
        http_call_free(call);
        return err;
    }
    *out = call;
    return OK;
}

void http_call_free(struct http_call *call)
{
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->sent_headers);
    if (call->body != NULL)
        mem_wipe(call->body, call->body_room); /* answers may hold personal data */
    mem_free(call->body);
    mem_free(call);
}

void http_call_answer(const struct http_call *call, struct http_answer *out)
{
    long status = 0;
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    *out = (struct http_answer){.status = status,
                                .headers = call->headers,
                                .header_count = call->header_count,
                                .body = arena_bytes(call->arena, call->body, call->body_size)};
}

const char *http_answer_header(const struct http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (strcasecmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    return NULL;
}
