/* SPDX-License-Identifier: Apache-2.0 */
/* What was kept outside of the database: witness.log of the issuer and the heads of the writers. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct audit_witness;

struct audit_witnessed {
    int64_t line;
    const char *time, *note; /* note NULL: the line cannot be read */
};

/* Up to where the file is now. No file: an empty one. ERR_SETTINGS_INVALID, said. */
enum err audit_witness_open(const char *path, struct audit_witness **out) MUST_CHECK;
void audit_witness_close(struct audit_witness *witness); /* NULL is fine */
/* The next line in arena; false at the end. */
bool audit_witness_next(struct audit_witness *witness, struct arena *arena, struct audit_witnessed *out);

/* Every line of the files *.heads in folder. */
typedef void audit_head_line(void *context, const char *writer, int64_t seq, const char *mac);
enum err audit_heads_read(const char *folder, audit_head_line *each, void *context) MUST_CHECK;
