/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the edge: frames between our processes. 4 bytes length of what follows, 8 bytes call number (both big-endian),
 * a word (the operation asked for, or the code answered), NUL, the body. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

#define PEER_FRAME_MAX  (1024u * 1024u) /* the length field at most */
#define PEER_WORD_MAX   64
#define PEER_OUTPUT_MAX (16u * PEER_FRAME_MAX) /* unread by the other end; beyond, it is taken for dead */

struct bufferevent;

struct peer_frame {
    uint64_t number;
    const char *word;
    struct bytes body;
};

enum frame_result { FRAME_NONE, FRAME_READ, FRAME_BROKEN };

/* Takes the next frame out of the input; its parts live in arena. */
enum frame_result peer_frame_read(struct bufferevent *bufferevent, struct arena *arena, struct peer_frame *frame);
bool peer_frame_fits(const char *word, struct bytes body);
/* Only what fits. */
void peer_frame_write(struct bufferevent *bufferevent, const struct peer_frame *frame);
/* The other end of a Unix socket runs as our own user, or as root. */
bool peer_is_ours(int fd);
