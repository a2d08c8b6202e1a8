/* SPDX-License-Identifier: Apache-2.0 */
/* Personal data at rest: AES-256-GCM per value, with the key's id in front and the place it belongs to as additional
 * data, so that a value copied to another row does not open. Blind index: HMAC-SHA256 for equality search, the id of
 * its own key in front. There may be several keys: the first seals, all open; `xuqictl key` changes them
 * (docs/security.md). */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct seal_keys;

#define SEAL_KEYS_MAX 8
#define SEAL_KEY_SIZE 32
#define SEAL_LOOKUP   " lookup"

/* A file with 64 hex characters in each line: the master keys, the current one first; data and index keys and their ids
 * are derived from them (HKDF-SHA256, RFC 5869). The line that ends in " lookup" makes seal_index; the first, if none.
 */
enum err seal_load(const char *path, struct seal_keys **out) MUST_CHECK;
void seal_free(struct seal_keys *keys);
/* 1 version + 4 key id + 12 nonce + ciphertext + 16 tag. */
struct bytes seal(const struct seal_keys *keys, struct arena *arena, const char *place, struct bytes aad,
                  struct bytes plain);
enum err unseal(const struct seal_keys *keys, struct arena *arena, const char *place, struct bytes aad,
                struct bytes sealed, struct bytes *plain) MUST_CHECK;
/* 32 bytes under the lookup key, which stays as long as somebody is known by them: accounts, codes. */
struct bytes seal_index(const struct seal_keys *keys, struct arena *arena, const char *place, const char *value);
/* 4 + 32 bytes under the current key, its id in front: made anew when keys change. */
struct bytes seal_marked_index(const struct seal_keys *keys, struct arena *arena, const char *place, const char *value);
/* The value's marked index under every key, the current first: what to search for while keys are being changed. */
size_t seal_indexes(const struct seal_keys *keys, struct arena *arena, const char *place, const char *value,
                    struct bytes out[SEAL_KEYS_MAX]);
size_t seal_key_count(const struct seal_keys *keys);
size_t seal_lookup_key(const struct seal_keys *keys); /* its place */
/* 4 bytes each; 0 is the current key. They are no secret. */
struct bytes seal_key_id(const struct seal_keys *keys, size_t which);
struct bytes seal_id_of(struct arena *arena, struct bytes master); /* of a key that is not loaded */
struct bytes seal_index_id(const struct seal_keys *keys, size_t which);
