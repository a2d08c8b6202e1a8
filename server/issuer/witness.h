/* SPDX-License-Identifier: Apache-2.0 */
/* witness.log: every checkpoint that this machine's issuer has signed, one line each (time, size, root, note in
 * base64), written before the checkpoint is given out, and to syslog. Outside of the database's reach; what was signed
 * last is read from it at the start, so that nothing else is signed after the database was set back. */
#pragma once

#include "pki/note.h"

/* path: of witness.log; the file is made when there is none. ERR_SETTINGS_INVALID, logged. */
enum err witness_add(const char *path, const struct checkpoint *checkpoint, const char *note) MUST_CHECK;
/* The note of the last line in arena; "" when there is none. */
enum err witness_last(const char *path, struct arena *arena, const char **note) MUST_CHECK;
