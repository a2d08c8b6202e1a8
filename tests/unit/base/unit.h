/* SPDX-License-Identifier: Apache-2.0 */
/* What CMocka wants before it, an arena per test, and standard error caught. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static inline int unit_arena(void **state)
{
    *state = arena_new();
    return 0;
}

static inline int unit_arena_free(void **state)
{
    arena_free(*state);
    return 0;
}

#define UNIT(name) cmocka_unit_test_setup_teardown(name, unit_arena, unit_arena_free)

/* Between the two, standard error goes into a file; the second gives what was written. */
static inline int unit_catch(FILE **file)
{
    int standard_error = dup(STDERR_FILENO);
    *file = tmpfile();
    dup2(fileno(*file), STDERR_FILENO);
    return standard_error;
}

static inline const char *unit_caught(struct arena *arena, FILE *file, int standard_error)
{
    enum { SIZE = 16384 };
    char *text = arena_alloc(arena, SIZE);
    dup2(standard_error, STDERR_FILENO);
    close(standard_error);
    rewind(file);
    text[fread(text, 1, SIZE - 1, file)] = '\0';
    fclose(file);
    return text;
}
