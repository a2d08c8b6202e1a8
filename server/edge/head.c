/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/head.h"

#include "edge/message.h"

#include <string.h>

/* -- what llhttp calls ------------------------------------------------------------------------------------------- */

static struct request *request_of(llhttp_t *parser)
{
    return parser->data;
}

/* Spans are whole and stay valid: the head is given to llhttp in one piece that lives in the arena. */
static int on_url(llhttp_t *parser, const char *at, size_t size)
{
    struct request *req = request_of(parser);
    req->raw_target = at;
    req->raw_target_size = size;
    return HPE_OK;
}

static int on_header_field(llhttp_t *parser, const char *at, size_t size)
{
    struct request *req = request_of(parser);
    if (req->header_count == req->header_limit)
        return HPE_USER;
    req->headers[req->header_count++] = (struct header){.name = at, .name_size = size, .value = ""};
    return HPE_OK;
}

static int on_header_value(llhttp_t *parser, const char *at, size_t size)
{
    struct request *req = request_of(parser);
    struct header *header = &req->headers[req->header_count - 1];
    while (size > 0 && (at[size - 1] == ' ' || at[size - 1] == '\t'))
        size--;
    if (size == 0)
        return HPE_OK;
    header->value = at;
    header->value_size = size;
    return HPE_OK;
}

static int on_headers_complete(llhttp_t *parser)
{
    struct request *req = request_of(parser);
    parser->upgrade = 0; /* Upgrade is not offered: RFC 9110 7.8 lets a server ignore it */
    req->keep_alive = llhttp_should_keep_alive(parser) != 0;
    return 0;
}

static int on_message_complete(llhttp_t *parser)
{
    (void)parser;
    return HPE_PAUSED;
}

static const llhttp_settings_t callbacks = {
    .on_url = on_url,
    .on_header_field = on_header_field,
    .on_header_value = on_header_value,
    .on_headers_complete = on_headers_complete,
    .on_message_complete = on_message_complete,
};

/* -- the head ---------------------------------------------------------------------------------------------------- */

static void lower_case(char *text)
{
    for (; *text != '\0'; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

/* llhttp has read past them, so that the colon, CR or space after each text can become its terminator. */
static void terminate_texts(const struct request *req, char *head)
{
    for (size_t i = 0; i < req->header_count; i++) {
        const struct header *header = &req->headers[i];
        char *name = head + (header->name - head);
        name[header->name_size] = '\0';
        lower_case(name);
        if (header->value_size > 0)
            head[(size_t)(header->value - head) + header->value_size] = '\0';
    }
}

static enum err explain(struct request *req)
{
    const char *reason = llhttp_get_error_reason(&req->parser);
    return fault_explain(
        &req->fault, ERR_BAD_REQUEST, "请求行或请求头不符合RFC 9112",
        arena_format(req->arena, "RFC 9112: %s", reason != NULL && reason[0] != '\0' ? reason : "malformed head"));
}

/* RFC 9112 3: one space before the target, one before the version. llhttp takes several, and other protocols. */
static bool request_line_plain(const struct request *req)
{
    if (req->raw_target == NULL || req->raw_target[-1] != ' ' || req->raw_target[-2] == ' ')
        return false;
    const char *version = req->raw_target + req->raw_target_size;
    return strncmp(version, " HTTP/1.1\r\n", 11) == 0 || strncmp(version, " HTTP/1.0\r\n", 11) == 0;
}

static enum err check_parsed(struct request *req, llhttp_errno_t result)
{
    if (result != HPE_OK && result != HPE_PAUSED)
        return explain(req);
    if (!request_line_plain(req))
        return fault_explain(&req->fault, ERR_BAD_REQUEST, "请求行必须是：方法 目标 HTTP/1.1（RFC 9112 3）",
                             "The request line must be: method target HTTP/1.1 (RFC 9112 3)");
    return OK;
}

enum err head_parse(struct request *req, struct bytes head, size_t header_limit)
{
    char *copy = arena_text_n(req->arena, (const char *)head.data, head.size);
    req->headers = arena_alloc(req->arena, header_limit * sizeof(*req->headers));
    req->header_limit = header_limit;
    llhttp_init(&req->parser, HTTP_REQUEST, &callbacks);
    req->parser.data = req;
    llhttp_errno_t result = llhttp_execute(&req->parser, copy, head.size);
    TRY(check_parsed(req, result));
    terminate_texts(req, copy);
    req->method = llhttp_method_name((llhttp_method_t)req->parser.method);
    req->head_only = req->parser.method == HTTP_HEAD;
    req->http_1_0 = req->parser.http_minor == 0;
    return OK;
}
