/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/mem.h"

#include <assert.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer) /* as gcc says it, as clang does */
#define ARENA_BLOCK_SIZE 0                                            /* every allocation gets a block of its own */
#else
#define ARENA_BLOCK_SIZE 8192
#endif

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) uint8_t data[];
};

struct arena {
    struct block *blocks;
};

struct arena *arena_new(void)
{
    return mem_alloc(sizeof(struct arena));
}

void arena_reset(struct arena *arena)
{
    struct block *block = arena->blocks;
    while (block != NULL) {
        struct block *next = block->next;
        if (next == NULL && block->size == ARENA_BLOCK_SIZE && ARENA_BLOCK_SIZE > 0) {
            memset(block->data, 0, block->used); /* arena_alloc promises zeroes, and no secret outlives its request */
            block->used = 0;
            break;
        }
        mem_wipe(block->data, block->used);
        mem_free(block);
        block = next;
    }
    arena->blocks = block;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    struct block *block = arena->blocks;
    while (block != NULL) {
        struct block *next = block->next;
        mem_wipe(block->data, block->used);
        mem_free(block);
        block = next;
    }
    mem_free(arena);
}

static struct block *block_new(struct arena *arena, size_t at_least)
{
    size_t size = at_least > ARENA_BLOCK_SIZE ? at_least : ARENA_BLOCK_SIZE;
    struct block *block = mem_alloc(sizeof(*block) + size);
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    assert(size < SIZE_MAX / 2);
    size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (ARENA_BLOCK_SIZE == 0)
        rounded = size > 0 ? size : 1;
    struct block *block = arena->blocks;
    if (ARENA_BLOCK_SIZE == 0 || block == NULL || block->size - block->used < rounded)
        block = block_new(arena, rounded);
    void *memory = block->data + block->used;
    block->used += rounded;
    return memory;
}

void *arena_copy(struct arena *arena, const void *data, size_t size)
{
    void *memory = arena_alloc(arena, size);
    if (size > 0)
        memcpy(memory, data, size);
    return memory;
}

char *arena_text_n(struct arena *arena, const char *text, size_t size)
{
    char *copy = arena_alloc(arena, size + 1);
    if (size > 0)
        memcpy(copy, text, size);
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return arena_text_n(arena, text, strlen(text));
}

struct bytes arena_bytes(struct arena *arena, const void *data, size_t size)
{
    return (struct bytes){arena_copy(arena, data, size), size};
}

char *arena_vformat(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    char *text = arena_alloc(arena, size < 0 ? 1 : (size_t)size + 1);
    if (size > 0)
        vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vformat(arena, format, args);
    va_end(args);
    return text;
}
