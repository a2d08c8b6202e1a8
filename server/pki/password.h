/* SPDX-License-Identifier: Apache-2.0 */
/* Staff passwords: argon2id, t=2, m=19 MiB, p=1 (OWASP ASVS 5.0 11.4.2). Blocks for tens of milliseconds: offload it.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

#define PASSWORD_LENGTH_MIN 15
#define PASSWORD_LENGTH_MAX 128

/* Encoded form ($argon2id$…). */
char *password_hash(struct arena *arena, const char *password);
bool password_verify(const char *encoded, const char *password);
/* A hash that no password matches: verified for unknown users so that time tells nothing. */
const char *password_hash_of_nobody(void);
