/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *mem_alloc(size_t size)
{
    void *memory = calloc(1, size > 0 ? size : 1);
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return memory;
}

void *mem_grow(void *memory, size_t old_size, size_t new_size)
{
    char *grown = realloc(memory, new_size > 0 ? new_size : 1);
    if (grown == NULL) {
        fputs("out of memory\n", stderr);
        abort();
    }
    if (new_size > old_size)
        memset(grown + old_size, 0, new_size - old_size);
    return grown;
}

void mem_free(void *memory)
{
    free(memory);
}

void mem_wipe(void *memory, size_t size)
{
    if (memory != NULL)
        explicit_bzero(memory, size);
}
