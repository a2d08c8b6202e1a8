/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/content.h"

#define CHUNK_SIZE_DIGITS_MAX 16

struct content content_by_length(uint64_t length)
{
    return (struct content){.state = length > 0 ? CONTENT_DATA_BY_LENGTH : CONTENT_COMPLETE, .remaining = length};
}

struct content content_in_chunks(void)
{
    return (struct content){.state = CONTENT_CHUNK_SIZE};
}

bool content_complete(const struct content *content)
{
    return content->state == CONTENT_COMPLETE;
}

static int hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

static enum err take_size(struct content *content, uint8_t byte)
{
    int digit = hex_digit(byte);
    if (digit >= 0) {
        ENSURE(++content->digits <= CHUNK_SIZE_DIGITS_MAX, ERR_BAD_REQUEST);
        content->remaining = content->remaining << 4 | (uint64_t)digit;
        return OK;
    }
    ENSURE(byte == '\r' && content->digits > 0, ERR_BAD_REQUEST);
    content->state = CONTENT_CHUNK_SIZE_LF;
    return OK;
}

static enum err take_size_end(struct content *content, const struct body *body, uint8_t byte)
{
    ENSURE(byte == '\n', ERR_BAD_REQUEST);
    ENSURE(content->remaining <= body->limit - body->size, ERR_BODY_TOO_LARGE);
    content->state = content->remaining > 0 ? CONTENT_CHUNK_DATA : CONTENT_LAST_CR;
    content->digits = 0;
    return OK;
}

static enum err expect(struct content *content, uint8_t byte, uint8_t expected, enum content_state next)
{
    ENSURE(byte == expected, ERR_BAD_REQUEST);
    content->state = next;
    return OK;
}

/* One byte of the framing around chunks. */
static enum err take_framing(struct content *content, const struct body *body, uint8_t byte)
{
    switch (content->state) {
    case CONTENT_CHUNK_SIZE:
        return take_size(content, byte);
    case CONTENT_CHUNK_SIZE_LF:
        return take_size_end(content, body, byte);
    case CONTENT_CHUNK_CR:
        return expect(content, byte, '\r', CONTENT_CHUNK_LF);
    case CONTENT_CHUNK_LF:
        return expect(content, byte, '\n', CONTENT_CHUNK_SIZE);
    case CONTENT_LAST_CR:
        return expect(content, byte, '\r', CONTENT_LAST_LF);
    case CONTENT_LAST_LF:
        return expect(content, byte, '\n', CONTENT_COMPLETE);
    case CONTENT_DATA_BY_LENGTH:
    case CONTENT_CHUNK_DATA:
    case CONTENT_COMPLETE:
        break;
    }
    return ERR_INTERNAL;
}

static enum err take_data(struct content *content, struct body *body, const uint8_t *data, size_t size, size_t *taken)
{
    size_t part = size < content->remaining ? size : (size_t)content->remaining;
    TRY(body_append(body, data, part));
    content->remaining -= part;
    *taken = part;
    if (content->remaining == 0)
        content->state = content->state == CONTENT_CHUNK_DATA ? CONTENT_CHUNK_CR : CONTENT_COMPLETE;
    return OK;
}

enum err content_read(struct content *content, struct body *body, struct bytes data, size_t *used)
{
    size_t at = 0;
    while (at < data.size && !content_complete(content)) {
        size_t taken = 1;
        if (content->state == CONTENT_CHUNK_DATA || content->state == CONTENT_DATA_BY_LENGTH)
            TRY(take_data(content, body, data.data + at, data.size - at, &taken));
        else
            TRY(take_framing(content, body, data.data[at]));
        at += taken;
    }
    *used = at;
    return OK;
}
