/* SPDX-License-Identifier: Apache-2.0 */
/* Frames between our own processes: what is read is written the same, and then read the same. */
#include "fuzz.h"

#include "edge/peer_frame.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <string.h>

static struct bufferevent *stream;

void fuzz_start(void)
{
    stream = bufferevent_socket_new(event_base_new(), -1, 0);
    HOLDS(stream != NULL && evbuffer_unfreeze(bufferevent_get_input(stream), 0) == 0);
    HOLDS(evbuffer_unfreeze(bufferevent_get_output(stream), 1) == 0);
}

static void write_again(struct arena *arena, const struct peer_frame *frame)
{
    struct peer_frame again;
    HOLDS(peer_frame_fits(frame->word, frame->body));
    peer_frame_write(stream, frame);
    evbuffer_prepend_buffer(bufferevent_get_input(stream), bufferevent_get_output(stream));
    HOLDS(peer_frame_read(stream, arena, &again) == FRAME_READ);
    HOLDS(frame->number == again.number && strcmp(frame->word, again.word) == 0 &&
          bytes_equal(frame->body, again.body));
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    struct evbuffer *buffer = bufferevent_get_input(stream);
    struct peer_frame frame;
    evbuffer_add(buffer, input.data, input.size);
    while (peer_frame_read(stream, arena, &frame) == FRAME_READ)
        write_again(arena, &frame);
    evbuffer_drain(buffer, evbuffer_get_length(buffer));
}
