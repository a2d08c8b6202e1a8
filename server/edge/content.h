/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a body off the stream by Content-Length or in chunks (RFC 9112 6, 7.1). Chunks are read here and not by llhttp,
 * which in strict mode still takes a bare LF for the end of a chunked body. */
#pragma once

#include "base/arena.h"
#include "edge/body.h"

#include <stdbool.h>

enum content_state {
    CONTENT_DATA_BY_LENGTH,
    CONTENT_CHUNK_SIZE,
    CONTENT_CHUNK_SIZE_LF,
    CONTENT_CHUNK_DATA,
    CONTENT_CHUNK_CR,
    CONTENT_CHUNK_LF,
    CONTENT_LAST_CR, /* where trailers would stand */
    CONTENT_LAST_LF,
    CONTENT_COMPLETE,
};

struct content {
    enum content_state state;
    uint64_t remaining; /* of the body or the chunk; the chunk's size while it is read */
    unsigned digits;    /* of the chunk's size */
};

struct content content_by_length(uint64_t length);
struct content content_in_chunks(void);
bool content_complete(const struct content *content);
/* Appends what data holds of it to body; *used says how much of data belonged to it. ERR_BODY_TOO_LARGE beyond the
 * body's limit, as soon as a chunk announces it; ERR_BAD_REQUEST for anything but plain chunks: extensions and trailers
 * are refused. */
enum err content_read(struct content *content, struct body *body, struct bytes data, size_t *used) MUST_CHECK;
