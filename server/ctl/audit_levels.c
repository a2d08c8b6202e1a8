/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit_levels.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define STEP       4 /* every fourth level is stored */
#define LEVELS     64
#define FIRST_ROOM 1024
#define PLACE_SIZE 96

struct level {
    struct merkle_hash *nodes;
    size_t count, room;
    size_t stored; /* so many, without a gap */
};

struct audit_levels {
    struct level levels[LEVELS / STEP];
};

struct audit_levels *audit_levels_new(void)
{
    return mem_alloc(sizeof(struct audit_levels));
}

void audit_levels_free(struct audit_levels *levels)
{
    if (levels == NULL)
        return;
    for (size_t i = 0; i < LEVELS / STEP; i++)
        mem_free(levels->levels[i].nodes);
    mem_free(levels);
}

void audit_levels_computed(struct audit_levels *levels, unsigned level, const struct merkle_hash *hash)
{
    if (level % STEP != 0)
        return;
    struct level *at = &levels->levels[level / STEP];
    if (at->count == at->room) {
        size_t room = at->room == 0 ? FIRST_ROOM : at->room * 2;
        at->nodes = mem_grow(at->nodes, at->room * sizeof(*at->nodes), room * sizeof(*at->nodes));
        at->room = room;
    }
    at->nodes[at->count++] = *hash;
}

void audit_levels_stored(struct audit_levels *levels, const struct audit_node *node, audit_fault *fault, void *context)
{
    char place[PLACE_SIZE];
    snprintf(place, sizeof(place), "node %" PRId64 " of level %" PRId64, node->index, node->level);
    if (node->level <= 0 || node->level >= LEVELS || node->level % STEP != 0) {
        fault(context, "node_differs", place, "there is no such level");
        return;
    }
    struct level *level = &levels->levels[node->level / STEP];
    if (node->index == (int64_t)level->stored)
        level->stored++;
    if ((size_t)node->index < level->count &&
        (node->hash.size != MERKLE_HASH_SIZE ||
         memcmp(node->hash.data, level->nodes[node->index].octets, MERKLE_HASH_SIZE) != 0))
        fault(context, "node_differs", place, "is not the root of its leaves");
}

void audit_levels_finish(const struct audit_levels *levels, audit_fault *fault, void *context)
{
    for (size_t i = 1; i < LEVELS / STEP; i++) {
        const struct level *level = &levels->levels[i];
        char place[PLACE_SIZE], missing[PLACE_SIZE];
        if (level->stored >= level->count)
            continue;
        snprintf(place, sizeof(place), "level %zu", i * STEP);
        snprintf(missing, sizeof(missing), "missing from %zu", level->stored);
        fault(context, "node_missing", place, missing);
    }
}
