/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/head_scan.h"

#define METHOD_AND_VERSION_MAX 32 /* "UNSUBSCRIBE" and " HTTP/1.1" with their spaces, and room */

static const struct flaw bare_lf = {ERR_BAD_REQUEST, "行尾必须是CRLF（RFC 9112 2.2）",
                                    "Lines must end in CRLF (RFC 9112 2.2)"};
static const struct flaw bare_cr = {ERR_BAD_REQUEST, "CR之后必须是LF（RFC 9112 2.2）",
                                    "CR must be followed by LF (RFC 9112 2.2)"};
static const struct flaw control = {ERR_BAD_REQUEST, "请求头含有控制字符（RFC 9110 5.5）",
                                    "The head holds a control character (RFC 9110 5.5)"};
static const struct flaw folded = {ERR_BAD_REQUEST, "请求头不允许折行（RFC 9112 5.2）",
                                   "Header lines must not be folded (RFC 9112 5.2)"};
static const struct flaw name_space = {ERR_BAD_REQUEST, "请求头名称中不允许空格（RFC 9112 5.1）",
                                       "No space is allowed in or after a field name (RFC 9112 5.1)"};
static const struct flaw no_colon = {ERR_BAD_REQUEST, "请求头缺少冒号（RFC 9112 5）",
                                     "A header line has no colon (RFC 9112 5)"};
static const struct flaw no_request_line = {ERR_BAD_REQUEST, "缺少请求行（RFC 9112 3）",
                                            "There is no request line (RFC 9112 3)"};
static const struct flaw target_long = {ERR_URI_TOO_LONG, NULL, NULL};
static const struct flaw headers_large = {ERR_HEADERS_TOO_LARGE, NULL, NULL};

size_t head_scan_limit(const struct edge_limits *limits)
{
    size_t request_line = METHOD_AND_VERSION_MAX + limits->target_bytes + 2;
    return 2 + request_line + limits->header_bytes + 2 * (limits->header_count + 1) + 2;
}

static const struct flaw *take_character(struct head_scan *scan, const struct edge_limits *limits, uint8_t character)
{
    bool request_line = scan->line_count == 0;
    if ((character < 0x20 && (character != '\t' || request_line)) || character == 0x7f)
        return &control;
    bool space = character == ' ' || character == '\t';
    if (!request_line && scan->line_size == 0) {
        if (space)
            return &folded;
        scan->in_name = true;
    }
    if (scan->in_name && space)
        return &name_space;
    if (character == ':')
        scan->in_name = false;
    scan->line_size++;
    if (request_line)
        return scan->line_size > limits->target_bytes + METHOD_AND_VERSION_MAX ? &target_long : NULL;
    return ++scan->header_bytes > limits->header_bytes ? &headers_large : NULL;
}

/* *done when this was the empty line that ends the head. */
static const struct flaw *take_line_end(struct head_scan *scan, const struct edge_limits *limits, bool *done)
{
    if (scan->in_name)
        return &no_colon;
    if (scan->line_size > 0) {
        scan->line_size = 0;
        scan->line_count++;
        return scan->line_count > limits->header_count + 1 ? &headers_large : NULL;
    }
    if (scan->line_count > 0) {
        *done = true;
        return NULL;
    }
    if (scan->blank_skipped)
        return &no_request_line;
    scan->blank_skipped = true;
    scan->start = scan->seen;
    return NULL;
}

static const struct flaw *take_byte(struct head_scan *scan, const struct edge_limits *limits, uint8_t byte, bool *done)
{
    if (scan->carriage_return) {
        scan->carriage_return = false;
        return byte == '\n' ? take_line_end(scan, limits, done) : &bare_cr;
    }
    if (byte == '\r') {
        scan->carriage_return = true;
        return NULL;
    }
    return byte == '\n' ? &bare_lf : take_character(scan, limits, byte);
}

enum scan_result head_scan(struct head_scan *scan, const struct edge_limits *limits, const uint8_t *data, size_t size)
{
    bool done = false;
    while (scan->seen < size && !done) {
        uint8_t byte = data[scan->seen++];
        scan->flaw = take_byte(scan, limits, byte, &done);
        if (scan->flaw != NULL)
            return SCAN_REFUSED;
    }
    return done ? SCAN_DONE : SCAN_MORE;
}
