/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit_writers.h"

#include "base/mem.h"

#include <string.h>

#define SLOTS_FIRST 1024 /* a power of two */

struct audit_writers {
    const struct audit_key *key;
    struct arena *names;
    struct audit_writer_state *slots; /* open addressing; name NULL: free */
    size_t slot_count, used;
};

/* FNV-1a: names are ours, nobody chooses them to collide. */
static size_t hash_of(const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *name != '\0'; name++)
        hash = (hash ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
    return (size_t)(hash ^ (hash >> 32));
}

static struct audit_writer_state *slot_of(struct audit_writer_state *slots, size_t count, const char *name)
{
    size_t at = hash_of(name) & (count - 1);
    while (slots[at].name != NULL && strcmp(slots[at].name, name) != 0)
        at = (at + 1) & (count - 1);
    return &slots[at];
}

static void grow(struct audit_writers *writers)
{
    size_t count = writers->slot_count * 2;
    struct audit_writer_state *slots = mem_alloc(count * sizeof(*slots));
    for (size_t i = 0; i < writers->slot_count; i++)
        if (writers->slots[i].name != NULL)
            *slot_of(slots, count, writers->slots[i].name) = writers->slots[i];
    mem_free(writers->slots);
    writers->slots = slots;
    writers->slot_count = count;
}

struct audit_writer_state *audit_writers_get(struct audit_writers *writers, const char *name)
{
    if (writers->used * 2 >= writers->slot_count)
        grow(writers);
    struct audit_writer_state *slot = slot_of(writers->slots, writers->slot_count, name);
    if (slot->name != NULL)
        return slot;
    *slot = (struct audit_writer_state){.name = arena_text(writers->names, name)};
    audit_key_derive(writers->key, name, slot->key);
    writers->used++;
    return slot;
}

void audit_writers_each(const struct audit_writers *writers,
                        void (*each)(void *context, const struct audit_writer_state *writer), void *context)
{
    for (size_t i = 0; i < writers->slot_count; i++)
        if (writers->slots[i].name != NULL)
            each(context, &writers->slots[i]);
}

int64_t audit_writers_count(const struct audit_writers *writers)
{
    return (int64_t)writers->used;
}

struct audit_writers *audit_writers_new(const struct audit_key *key)
{
    struct audit_writers *writers = mem_alloc(sizeof(*writers));
    *writers = (struct audit_writers){.key = key, .names = arena_new(), .slot_count = SLOTS_FIRST};
    writers->slots = mem_alloc(writers->slot_count * sizeof(*writers->slots));
    return writers;
}

void audit_writers_free(struct audit_writers *writers)
{
    if (writers == NULL)
        return;
    arena_free(writers->names);
    mem_free(writers->slots);
    mem_free(writers);
}
