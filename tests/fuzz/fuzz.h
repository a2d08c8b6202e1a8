/* SPDX-License-Identifier: Apache-2.0 */
/* What every fuzz target is: a start and one try. A target is one file <target>.c; its seeds are the files of
 * corpus/<target>/ and what seeds.mjs makes. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/text.h"

#include <stdbool.h>

/* Once: keys and settings. */
void fuzz_start(void);
/* One input; nothing of the arena survives it. */
void fuzz_try(struct arena *arena, struct bytes input);

/* What must hold whatever came in; ends the program like a sanitizer does. */
#define HOLDS(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fuzz_broken(__FILE__, __LINE__, #condition);                                                               \
    } while (0)
void fuzz_broken(const char *file, int line, const char *condition) NORETURN;

/* As a text with its NUL, in memory of its own. */
const char *fuzz_text(struct arena *arena, struct bytes input);
/* Takes the first byte of the input: what chooses between variants; 0 of an empty input. */
uint8_t fuzz_choice(struct bytes *input);
/* A file that holds the input; the same path each time. */
const char *fuzz_file(struct bytes input);
/* A whole file of the folder that seeds.mjs wrote. */
struct bytes fuzz_made(struct arena *arena, const char *name);
/* A fault in arena. */
struct fault *fuzz_fault(struct arena *arena);
/* Bytes that no reader may touch when it refuses. */
void fuzz_fill(void *out, size_t size);
bool fuzz_untouched(const void *out, size_t size);
