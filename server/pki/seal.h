/* SPDX-License-Identifier: Apache-2.0 */
/* Personal data at rest: AES-256-GCM per value, with the key's id in front and the place it belongs to as additional
 * data, so that a value copied to another row does not open. Blind index: HMAC-SHA256 for equality search. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct seal_keys;

/* A file with 64 hex characters: the master key; data and index keys are derived from it (HKDF-SHA256, RFC 5869). */
enum err seal_load(const char *path, struct seal_keys **out) MUST_CHECK;
void seal_free(struct seal_keys *keys);
/* 1 version + 4 key id + 12 nonce + ciphertext + 16 tag. */
struct bytes seal(const struct seal_keys *keys, struct arena *arena, const char *place, struct bytes aad,
                  struct bytes plain);
enum err unseal(const struct seal_keys *keys, struct arena *arena, const char *place, struct bytes aad,
                struct bytes sealed, struct bytes *plain) MUST_CHECK;
struct bytes seal_index(const struct seal_keys *keys, struct arena *arena, const char *place, const char *value);
