/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/peer_frame.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LENGTH_SIZE  4
#define NUMBER_SIZE  8
#define LENGTH_LEAST (NUMBER_SIZE + 2) /* one letter and its NUL */

static uint64_t read_number(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number = number << 8 | bytes[i];
    return number;
}

static void write_number(uint8_t *bytes, size_t size, uint64_t number)
{
    for (size_t i = size; i-- > 0; number >>= 8)
        bytes[i] = (uint8_t)number;
}

static size_t word_length(const char *word, size_t size)
{
    size_t length = strnlen(word, size);
    for (size_t i = 0; i < length; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789_.", word[i]) == NULL)
            return 0;
    return length < size && length <= PEER_WORD_MAX ? length : 0;
}

enum frame_result peer_frame_read(struct bufferevent *bufferevent, struct arena *arena, struct peer_frame *frame)
{
    struct evbuffer *input = bufferevent_get_input(bufferevent);
    uint8_t prefix[LENGTH_SIZE];
    if (evbuffer_copyout(input, prefix, LENGTH_SIZE) < LENGTH_SIZE)
        return FRAME_NONE;
    size_t length = (size_t)read_number(prefix, LENGTH_SIZE);
    if (length < LENGTH_LEAST || length > PEER_FRAME_MAX)
        return FRAME_BROKEN;
    if (evbuffer_get_length(input) < LENGTH_SIZE + length)
        return FRAME_NONE;
    uint8_t *content = arena_alloc(arena, length);
    evbuffer_drain(input, LENGTH_SIZE);
    evbuffer_remove(input, content, length);
    const char *word = (const char *)content + NUMBER_SIZE;
    size_t word_size = word_length(word, length - NUMBER_SIZE);
    if (word_size == 0)
        return FRAME_BROKEN;
    size_t used = NUMBER_SIZE + word_size + 1;
    *frame = (struct peer_frame){
        .number = read_number(content, NUMBER_SIZE), .word = word, .body = {content + used, length - used}};
    return FRAME_READ;
}

bool peer_frame_fits(const char *word, struct bytes body)
{
    size_t word_size = word_length(word, strlen(word) + 1);
    return word_size > 0 && body.size <= PEER_FRAME_MAX - NUMBER_SIZE - word_size - 1;
}

void peer_frame_write(struct bufferevent *bufferevent, const struct peer_frame *frame)
{
    assert(peer_frame_fits(frame->word, frame->body));
    size_t word_size = strlen(frame->word) + 1;
    uint8_t head[LENGTH_SIZE + NUMBER_SIZE + PEER_WORD_MAX + 1];
    write_number(head, LENGTH_SIZE, NUMBER_SIZE + word_size + frame->body.size);
    write_number(head + LENGTH_SIZE, NUMBER_SIZE, frame->number);
    memcpy(head + LENGTH_SIZE + NUMBER_SIZE, frame->word, word_size);
    bufferevent_write(bufferevent, head, LENGTH_SIZE + NUMBER_SIZE + word_size);
    if (frame->body.size > 0)
        bufferevent_write(bufferevent, frame->body.data, frame->body.size);
}

bool peer_is_ours(int fd)
{
    struct ucred other;
    socklen_t size = sizeof(other);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &other, &size) != 0)
        return false;
    return other.uid == geteuid() || other.uid == 0;
}
