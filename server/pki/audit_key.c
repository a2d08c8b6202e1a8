/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/audit_key.h"

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "pki/digest.h"

#include <string.h>

enum err audit_key_load(const char *path, struct audit_key *out)
{
    struct arena *arena = arena_new();
    struct bytes text, key;
    enum err err = file_read_secret(arena, path, &text);
    if (err == OK && (!hex_decode(arena, (const char *)text.data, &key) || key.size != AUDIT_KEY_SIZE)) {
        log_error("audit", "%s does not hold 64 hex characters", path);
        err = ERR_SETTINGS_INVALID;
    }
    if (err == OK)
        memcpy(out->octets, key.data, AUDIT_KEY_SIZE);
    arena_free(arena);
    return err;
}

void audit_key_derive(const void *key, const char *writer, uint8_t out[static AUDIT_KEY_SIZE])
{
    const struct audit_key *master = key;
    struct arena *arena = arena_new();
    struct bytes derived = hmac_sha256(arena, (struct bytes){master->octets, AUDIT_KEY_SIZE},
                                       bytes_of_text(arena_format(arena, "xuqi audit writer %s", writer)));
    memcpy(out, derived.data, AUDIT_KEY_SIZE);
    arena_free(arena);
}
