/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/folder.h"

#include "base/file.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SUFFIX        ".yaml"
#define NAME_MAX_SIZE 32

static bool is_yaml(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return entry->d_name[0] != '.' && size > strlen(SUFFIX) &&
           strcmp(entry->d_name + size - strlen(SUFFIX), SUFFIX) == 0;
}

static int choose(const struct dirent *entry)
{
    return is_yaml(entry);
}

static bool name_valid(const char *name)
{
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return size > 0 && size <= NAME_MAX_SIZE && name[size] == '\0' && name[0] != '-';
}

enum err folder_fault(struct arena *arena, settings_report *report, void *context, const char *folder,
                      const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *message = arena_format(arena, "%s: %s", folder, arena_vformat(arena, format, args));
    va_end(args);
    if (report != NULL)
        report(context, message);
    else
        log_error("settings", "%s", message);
    return ERR_SETTINGS_INVALID;
}

static enum err add(struct arena *arena, const char *folder, const char *file, settings_report *report, void *context,
                    struct folder_files *files)
{
    char *name = arena_text_n(arena, file, strlen(file) - strlen(SUFFIX));
    if (!name_valid(name))
        return folder_fault(arena, report, context, folder,
                            "%s is not an identifier; lower-case letters, digits and -, at most %d, then .yaml", file,
                            NAME_MAX_SIZE);
    files->names[files->count] = name;
    files->paths[files->count] = file_path(arena, folder, file);
    files->count++;
    return OK;
}

enum err folder_list(struct arena *arena, const char *folder, settings_report *report, void *context,
                     struct folder_files *out)
{
    struct dirent **entries = NULL;
    int found = scandir(folder, &entries, choose, alphasort);
    if (found < 0)
        return folder_fault(arena, report, context, folder, "%s; the folder must be there and readable",
                            strerror(errno));
    struct folder_files files = {.names = arena_alloc(arena, (size_t)found * sizeof(char *) + 1),
                                 .paths = arena_alloc(arena, (size_t)found * sizeof(char *) + 1)};
    enum err err = OK;
    if (found > FOLDER_FILES_MAX)
        err = folder_fault(arena, report, context, folder, "holds more than %d files", FOLDER_FILES_MAX);
    for (int i = 0; i < found; i++) {
        if (found <= FOLDER_FILES_MAX && add(arena, folder, entries[i]->d_name, report, context, &files) != OK)
            err = ERR_SETTINGS_INVALID;
        free(entries[i]);
    }
    free(entries);
    TRY(err);
    *out = files;
    return OK;
}
