/* SPDX-License-Identifier: Apache-2.0 */
/* A growing text, reused for one reply head after another. */
#pragma once

#include "base/mem.h"

#include <stdint.h>
#include <string.h>

struct scratch { /* {0} is empty */
    char *data;
    size_t size, room;
};

static inline void scratch_add_n(struct scratch *scratch, const char *text, size_t size)
{
    if (scratch->size + size > scratch->room) {
        size_t room = 2 * scratch->room + size + 512;
        scratch->data = mem_grow(scratch->data, scratch->room, room);
        scratch->room = room;
    }
    memcpy(scratch->data + scratch->size, text, size);
    scratch->size += size;
}

static inline void scratch_add(struct scratch *scratch, const char *text)
{
    scratch_add_n(scratch, text, strlen(text));
}

static inline void scratch_add_number(struct scratch *scratch, uint64_t number)
{
    char digits[20];
    size_t at = sizeof(digits);
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    scratch_add_n(scratch, digits + at, sizeof(digits) - at);
}
