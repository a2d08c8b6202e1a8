/* SPDX-License-Identifier: Apache-2.0 */
/* The file of master keys as xuqictl key edits it: whole and at once, so that no process ever reads half of it. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "pki/seal.h"

struct key_file {
    const char *path;
    struct seal_keys *keys;               /* in the order of the lines */
    const char *lines[SEAL_KEYS_MAX + 1]; /* 64 hex characters each, one with " lookup" behind */
    size_t count;
};

enum err key_file_open(struct arena *arena, const char *path, struct key_file *out) MUST_CHECK;
void key_file_close(struct key_file *file);
/* The place of the key with this id (8 hex characters); count when there is none. */
size_t key_file_find(const struct key_file *file, struct arena *arena, const char *id);
/* Puts the lines in the file's place, same owner and mode; says on stderr what is wrong. */
enum err key_file_write(const struct key_file *file, struct arena *arena) MUST_CHECK;
