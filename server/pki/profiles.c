/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/profiles.h"

#include "base/file.h"
#include "base/log.h"

#include <dirent.h>
#include <string.h>

#define PROFILES_MAX 64

struct profiles {
    struct profile items[PROFILES_MAX];
    size_t count;
};

static bool is_yaml(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

static enum err load_each(struct arena *arena, DIR *folder, const char *path, const char *public_url,
                          struct profiles *out)
{
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        if (!is_yaml(entry->d_name))
            continue;
        ENSURE(out->count < PROFILES_MAX, ERR_SETTINGS_INVALID);
        TRY(profile_load(arena, file_path(arena, path, entry->d_name), public_url, &out->items[out->count]));
        out->count++;
    }
    return OK;
}

enum err profiles_load(struct arena *arena, const char *folder, const char *public_url, struct profiles **out)
{
    struct profiles *profiles = ARENA_NEW(arena, struct profiles);
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        log_error("profile", "%s is not a folder that can be read", folder);
        return ERR_SETTINGS_INVALID;
    }
    enum err err = load_each(arena, directory, folder, public_url, profiles);
    closedir(directory);
    if (err == OK && profiles->count == 0) {
        log_error("profile", "%s holds no certificate profile (*.yaml)", folder);
        err = ERR_SETTINGS_INVALID;
    }
    if (err == OK)
        *out = profiles;
    return err;
}

const struct profile *profile_find(const struct profiles *profiles, const char *id)
{
    for (size_t i = 0; i < profiles->count; i++)
        if (strcmp(profiles->items[i].id, id) == 0)
            return &profiles->items[i];
    return NULL;
}
