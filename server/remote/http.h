/* SPDX-License-Identifier: Apache-2.0 */
/* Calls to the world outside: one bounded asynchronous HTTP request over libcurl's multi interface on the loop. TLS is
 * always verified, plain http only goes to this machine (sandboxes) and to hosts the settings name, redirects are not
 * followed, proxies of the environment are not used. A failure says whether the request may have arrived: that decides
 * whether money may be tried again. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/loop.h"

#include <stddef.h>
#include <stdint.h>

struct http;

struct http_header {
    const char *name, *value; /* as sent; no CR, LF or NUL */
};

struct http_request {
    const char *method; /* GET, POST */
    const char *url;    /* https://…, or http:// to localhost, 127.0.0.1, [::1] or a host of http_allow_plain */
    const struct http_header *headers;
    size_t header_count;
    struct bytes body;  /* empty: none */
    int64_t timeout_ms; /* for everything, from start to last byte */
    size_t answer_max;  /* bytes of the answer's body */
};

struct http_answer {
    int64_t status; /* any: a 500 is an answer */
    const struct http_header *headers;
    size_t header_count;
    struct bytes body; /* exactly as it came */
};

/* err is OK with an answer; or, with answer NULL, REMOTE_UNREACHABLE: the request was certainly not received (no
 * address, no connection, no TLS); REMOTE_UNKNOWN: it may have been (time-out, connection broken, answer too large).
 * The answer lives in the arena given at the start. */
typedef void http_done(void *context, enum err err, const struct http_answer *answer);

/* ca_file: PEM file of authorities to trust instead of the system's, or ""; calls_max: under way at once. ERR_INTERNAL
 * when libcurl cannot start. */
enum err http_open(struct loop *loop, const char *ca_file, size_t calls_max, struct http **out) MUST_CHECK;
/* From the first of these on, nobody else is called: the host of a URL, or hosts separated by spaces.
 * ERR_SETTINGS_INVALID, logged: not a URL that could be called, or not a host's name. */
enum err http_allow_url(struct http *http, const char *url) MUST_CHECK;
enum err http_allow_hosts(struct http *http, const char *hosts) MUST_CHECK;
/* One more host that plain http may go to, because the network is ours or answers prove themselves; "": none. Before
 * http_allow_url. */
void http_allow_plain(struct http *http, const char *host);
/* Drops what is under way; its done is never called. NULL is fine. */
void http_close(struct http *http);
/* Calls under way. */
size_t http_pending(const struct http *http);

/* Everything of request is copied; the arena must outlive the call. done is called once, never from within http_start.
 * ERR_SETTINGS_INVALID: a url that is not allowed, or a host that is not; ERR_BUSY: as many calls as may be are under
 * way; ERR_INTERNAL: a header that would break the message. */
enum err http_start(struct http *http, const struct http_request *request, struct arena *arena, http_done *done,
                    void *context) MUST_CHECK;
/* The first header of that name, any case; NULL when there is none. */
const char *http_answer_header(const struct http_answer *answer, const char *name);
