/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/framing.h"

#include "edge/message.h"

#include <string.h>
#include <strings.h>

#define CONTENT_LENGTH_DIGITS_MAX 15

static enum err refuse(struct request *req, const char *zh, const char *en)
{
    return fault_explain(&req->fault, ERR_BAD_REQUEST, zh, en);
}

static size_t header_occurrences(const struct request *req, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < req->header_count; i++)
        if (strcmp(req->headers[i].name, name) == 0)
            count++;
    return count;
}

/* Of these a second one would make two readers see two messages. */
static const char *const singletons[] = {
    "authorization", "content-encoding", "content-length", "content-type", "expect", "transfer-encoding", "host"};

static enum err check_singletons(struct request *req)
{
    for (size_t i = 0; i < ARRAY_SIZE(singletons); i++)
        if (header_occurrences(req, singletons[i]) > 1)
            return refuse(req, arena_format(req->arena, "请求头%s重复", singletons[i]),
                          arena_format(req->arena, "Header %s is given more than once", singletons[i]));
    return OK;
}

/* RFC 9110 5.6.2 and 5.5; head_scan has seen the control characters. */
static enum err check_names(struct request *req)
{
    for (size_t i = 0; i < req->header_count; i++)
        if (req->headers[i].name_size == 0)
            return refuse(req, "请求头名称为空", "A header has no name");
    return OK;
}

/* RFC 9112 3.2: exactly one Host in HTTP/1.1, and it must be a host with an optional port. */
static enum err check_host(struct request *req)
{
    const char *host = request_header(req, "host");
    if (host == NULL)
        return req->http_1_0 ? OK : refuse(req, "缺少Host（RFC 9112 3.2）", "Host is missing (RFC 9112 3.2)");
    size_t size = strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%!$&'()*+,;=:[]");
    if (size == 0 || host[size] != '\0')
        return refuse(req, "Host不是主机名（RFC 9110 7.2）", "Host is not a host name (RFC 9110 7.2)");
    return OK;
}

/* RFC 9112 6.1: chunked is the only coding spoken here, never with Content-Length, never in HTTP/1.0. */
static enum err check_transfer_encoding(struct request *req)
{
    const char *encoding = request_header(req, "transfer-encoding");
    if (encoding == NULL)
        return OK;
    if (strcasecmp(encoding, "chunked") != 0)
        return refuse(req, "Transfer-Encoding只能是chunked", "Transfer-Encoding must be exactly chunked");
    if (req->http_1_0)
        return refuse(req, "HTTP/1.0不能使用Transfer-Encoding（RFC 9112 6.1）",
                      "HTTP/1.0 has no Transfer-Encoding (RFC 9112 6.1)");
    if (request_header(req, "content-length") != NULL)
        return refuse(req, "不能同时使用Transfer-Encoding和Content-Length（RFC 9112 6.1）",
                      "Transfer-Encoding and Content-Length exclude each other (RFC 9112 6.1)");
    return OK;
}

static enum err check_content_length(struct request *req)
{
    const char *length = request_header(req, "content-length");
    if (length == NULL)
        return OK;
    size_t digits = strspn(length, "0123456789");
    if (digits == 0 || length[digits] != '\0' || digits > CONTENT_LENGTH_DIGITS_MAX)
        return refuse(req, "Content-Length必须是十进制数字（RFC 9110 8.6）",
                      "Content-Length must be decimal digits (RFC 9110 8.6)");
    return OK;
}

static enum err check_method(struct request *req)
{
    if (req->parser.method == HTTP_CONNECT)
        return refuse(req, "本服务器不是代理", "This server is not a proxy");
    return OK;
}

enum err framing_check(struct request *req)
{
    TRY(check_method(req));
    TRY(check_names(req));
    TRY(check_singletons(req));
    TRY(check_host(req));
    TRY(check_transfer_encoding(req));
    return check_content_length(req);
}

uint64_t framing_content_length(const struct request *req)
{
    const char *length = request_header(req, "content-length");
    uint64_t value = 0;
    for (; length != NULL && *length != '\0'; length++)
        value = value * 10 + (uint64_t)(*length - '0');
    return value;
}

struct content framing_content(const struct request *req)
{
    if (request_header(req, "transfer-encoding") != NULL)
        return content_in_chunks();
    return content_by_length(framing_content_length(req));
}

bool framing_expects_continue(const struct request *req)
{
    const char *expect = request_header(req, "expect");
    return expect != NULL && !req->http_1_0 && strcasecmp(expect, "100-continue") == 0;
}
