/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints of the audit trail as C2SP signed notes (c2sp.org/tlog-checkpoint, c2sp.org/signed-note), with ECDSA on
 * P-256 over SHA-256 (signature type 0x02, whose key ID is that of the SubjectPublicKeyInfo). The key is named like the
 * log. */
#pragma once

#include "base/err.h"
#include "pki/merkle.h"

struct checkpoint {
    const char *origin;
    int64_t size;
    struct merkle_hash root;
};

#define NOTE_SIZE_MAX 4096

/* The log's name: the one that was set, or the host of our public address, then /audit. */
const char *note_origin(struct arena *arena, const char *set, const char *public_url);
/* No blanks, control characters or plus; not empty. */
bool note_name_valid(const char *name);
/* The three lines that are signed. */
const char *note_text(struct arena *arena, const struct checkpoint *checkpoint);
/* text with the signature (DER) under it. */
const char *note_signed(struct arena *arena, const char *text, const char *name, struct bytes spki,
                        struct bytes signature);
/* A note whose signature by this key, under this name, holds. ERR_AUDIT_SIGNATURE. */
enum err note_open(struct arena *arena, const char *note, const char *name, struct bytes spki,
                   struct checkpoint *out) MUST_CHECK;
/* The text and the signature (DER) by itself, for who verifies with openssl alone. */
enum err note_parts(struct arena *arena, const char *note, const char **text, struct bytes *signature) MUST_CHECK;
/* A P-256 key as PEM, and back. ERR_SETTINGS_INVALID, logged: no such file, or no such key. */
char *note_key_pem(struct arena *arena, struct bytes spki);
enum err note_key_load(struct arena *arena, const char *path, struct bytes *spki) MUST_CHECK;
