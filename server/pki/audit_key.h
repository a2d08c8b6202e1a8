/* SPDX-License-Identifier: Apache-2.0 */
/* The key from which each session that writes onto the audit trail gets its own. Held by our processes and by who
 * verifies; never by the database, which has a session's key of the moment only. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#define AUDIT_KEY_SIZE 32

struct audit_key {
    uint8_t octets[AUDIT_KEY_SIZE];
};

/* A file with 64 hex characters. ERR_SETTINGS_INVALID, logged. */
enum err audit_key_load(const char *path, struct audit_key *out) MUST_CHECK;
/* HMAC-SHA-256 of the session's name: its first key. key: const struct audit_key *. */
void audit_key_derive(const void *key, const char *writer, uint8_t out[static AUDIT_KEY_SIZE]);
