/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that lives as long as a request, a job or a start-up step and is freed as a whole. Under AddressSanitizer
 * every allocation is a malloc of its own, so that overflows are seen. Out of memory aborts. */
#pragma once

#include "base/compiler.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A run of bytes that somebody else owns; {0} is empty. */
struct bytes {
    const uint8_t *data;
    size_t size;
};

struct arena *arena_new(void);
/* NULL is fine. */
void arena_free(struct arena *arena);
/* Frees what was allocated, keeps the first block for reuse. */
void arena_reset(struct arena *arena);

/* Zeroed; never NULL; aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_copy(struct arena *arena, const void *data, size_t size);
/* NUL-terminated. */
char *arena_text(struct arena *arena, const char *text);
char *arena_text_n(struct arena *arena, const char *text, size_t size);
char *arena_format(struct arena *arena, const char *format, ...) PRINTF(2, 3);
char *arena_vformat(struct arena *arena, const char *format, va_list args) PRINTF(2, 0);
struct bytes arena_bytes(struct arena *arena, const void *data, size_t size);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
