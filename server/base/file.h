/* SPDX-License-Identifier: Apache-2.0 */
/* Small files read whole at start: settings, keys, agreements. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

/* NUL-terminated beyond size. ERR_SETTINGS_INVALID when it cannot be read or is larger than limit; logs which and why.
 */
enum err file_read(struct arena *arena, const char *path, size_t limit, struct bytes *content) MUST_CHECK;
/* Like file_read, and a trailing newline is cut; refuses a file that others may read (mode & 077 beyond the group). */
enum err file_read_secret(struct arena *arena, const char *path, struct bytes *content) MUST_CHECK;
/* Joins folder and name unless name is absolute. */
char *file_path(struct arena *arena, const char *folder, const char *name);
