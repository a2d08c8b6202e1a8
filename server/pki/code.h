/* SPDX-License-Identifier: Apache-2.0 */
/* One-time codes that are sent to people. A code follows from a random salt under the sealing key, so that the database
 * holds no code: who is to send it makes it again from the salt, and what people type is compared as a keyed hash. */
#pragma once

#include "pki/seal.h"

#define CODE_DIGITS    6
#define CODE_SALT_SIZE 32

/* A fresh salt. */
struct bytes code_salt(struct arena *arena);
/* CODE_DIGITS digits. */
char *code_text(const struct seal_keys *keys, struct arena *arena, struct bytes salt);
/* What is stored and compared. mobile: canonical. */
struct bytes code_digest(const struct seal_keys *keys, struct arena *arena, const char *purpose, const char *mobile,
                         const char *code);
