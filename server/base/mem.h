/* SPDX-License-Identifier: Apache-2.0 */
/* The few allocations that are not an arena's. Out of memory aborts: the supervisor restarts, the database has the
 * truth. */
#pragma once

#include <stddef.h>

/* Zeroed, never NULL. */
void *mem_alloc(size_t size);
void *mem_grow(void *memory, size_t old_size, size_t new_size);
void mem_free(void *memory);
/* Not optimised away. */
void mem_wipe(void *memory, size_t size);
