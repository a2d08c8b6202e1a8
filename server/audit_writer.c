/* SPDX-License-Identifier: Apache-2.0 */
#include "audit_writer.h"

#include "base/log.h"
#include "pki/audit_key.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER_MODE 0750

_Static_assert(AUDIT_KEY_SIZE == DB_WRITER_KEY_SIZE, "a session's key is derived from the trail's");

enum err audit_writer(const struct settings *settings, const char *role, struct arena *arena,
                      const struct db_writer **out)
{
    struct audit_key *key = ARENA_NEW(arena, struct audit_key);
    struct db_writer *writer = ARENA_NEW(arena, struct db_writer);
    const char *folder = settings_path(arena, settings, settings->audit_folder);
    TRY(audit_key_load(settings_path(arena, settings, settings->keys_audit_file), key));
    if (mkdir(folder, FOLDER_MODE) != 0 && errno != EEXIST) {
        log_error("audit", "%s: %s", folder, strerror(errno));
        return ERR_SETTINGS_INVALID;
    }
    *writer = (struct db_writer){
        .role = role, .folder = arena_format(arena, "%s/heads", folder), .derive = audit_key_derive, .key = key};
    *out = writer;
    return OK;
}
