/* SPDX-License-Identifier: Apache-2.0 */
/* CMocka and what the tests of this folder share. */
#pragma once

#include "base/arena.h"
#include "base/clock.h"
#include "base/compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

extern struct arena *arena; /* of the test under way */

static inline int open_arena(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static inline int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* "2017-10-21 14:45:04", Beijing time. */
static inline int64_t at(const char *text)
{
    int64_t us = 0;
    if (!clock_parse_plain(text, &us))
        abort();
    return us;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)
