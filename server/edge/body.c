/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/body.h"

#include "base/mem.h"

#include <string.h>

#define BODY_FIRST_ROOM 1024

static size_t next_room(const struct body *body, size_t needed)
{
    size_t room = body->room > 0 ? body->room : BODY_FIRST_ROOM;
    while (room < needed)
        room *= 2;
    return room < body->limit ? room : body->limit;
}

/* realloc would leave the old copy of personal data behind. */
static void grow(struct body *body, size_t needed)
{
    size_t room = next_room(body, needed);
    uint8_t *data = mem_alloc(room);
    if (body->size > 0)
        memcpy(data, body->data, body->size);
    mem_wipe(body->data, body->size);
    mem_free(body->data);
    body->data = data;
    body->room = room;
}

enum err body_append(struct body *body, const void *data, size_t size)
{
    ENSURE(size <= body->limit - body->size, ERR_BODY_TOO_LARGE);
    if (size == 0)
        return OK;
    if (body->size + size > body->room)
        grow(body, body->size + size);
    memcpy(body->data + body->size, data, size);
    body->size += size;
    return OK;
}

void body_free(struct body *body)
{
    mem_wipe(body->data, body->size);
    mem_free(body->data);
    *body = (struct body){0};
}
