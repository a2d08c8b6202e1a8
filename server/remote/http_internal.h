/* SPDX-License-Identifier: Apache-2.0 */
/* One call: what is sent, how it is bounded, what came back. */
#pragma once

#include "remote/http.h"

#include <curl/curl.h>
#include <stdbool.h>

#define HTTP_HEADERS_MAX      64
#define HTTP_HEADER_BYTES_MAX 32768 /* of an answer's head */

struct http_call {
    struct http_call *next;
    struct http *http;
    CURL *easy;
    struct curl_slist *sent_headers;
    struct arena *arena; /* the caller's: the answer goes there */
    const char *host;    /* for the log: a url may hold secrets */
    http_done *done;
    void *context;

    struct http_header *headers;
    size_t header_count, header_bytes;
    uint8_t *body;
    size_t body_size, body_room, body_max;
    bool overflow; /* more came than is allowed */
};

enum err http_call_new(const struct http_request *request, const char *ca_file, const char *plain_hosts,
                       struct arena *arena, struct http_call **out) MUST_CHECK;
/* Of a url that may be called; ERR_SETTINGS_INVALID. plain_hosts: those of http_allow_plain, or "". */
enum err http_url_host(const char *url, const char *plain_hosts, struct arena *arena, const char **host) MUST_CHECK;
void http_call_free(struct http_call *call);
void http_call_answer(const struct http_call *call, struct http_answer *out);
