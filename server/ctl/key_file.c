/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/key_file.h"

#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum err key_file_open(struct arena *arena, const char *path, struct key_file *out)
{
    struct bytes text;
    struct key_file file = {.path = path};
    TRY(seal_load(path, &file.keys));
    enum err err = file_read_secret(arena, path, &text);
    for (size_t at = 0, size; err == OK && at < text.size && file.count < SEAL_KEYS_MAX; at += size + 1) {
        size = strcspn((const char *)text.data + at, "\n");
        file.lines[file.count++] = arena_text_n(arena, (const char *)text.data + at, size);
    }
    if (err == OK && file.count == seal_key_count(file.keys)) {
        *out = file;
        return OK;
    }
    seal_free(file.keys);
    return ERR_SETTINGS_INVALID; /* it changed between the two */
}

void key_file_close(struct key_file *file)
{
    seal_free(file->keys);
    file->keys = NULL;
}

size_t key_file_find(const struct key_file *file, struct arena *arena, const char *id)
{
    size_t which = 0;
    while (which < file->count && strcmp(hex_encode(arena, seal_key_id(file->keys, which)), id) != 0)
        which++;
    return which;
}

static const char *all_lines(const struct key_file *file, struct arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < file->count; i++)
        text = arena_format(arena, "%s%s\n", text, file->lines[i]);
    return text;
}

static bool write_new(const struct key_file *file, const char *path, const char *text)
{
    struct stat before;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool fine = stat(file->path, &before) == 0 && fchown(fd, before.st_uid, before.st_gid) == 0 &&
                fchmod(fd, before.st_mode & 0777) == 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) &&
                fsync(fd) == 0;
    return close(fd) == 0 && fine;
}

enum err key_file_write(const struct key_file *file, struct arena *arena)
{
    const char *path = arena_format(arena, "%s.new", file->path);
    bool written = write_new(file, path, all_lines(file, arena));
    if (written && rename(path, file->path) == 0)
        return OK;
    fprintf(stderr, "%s: %s；密钥文件没有改变 (the key file is as it was)\n", path, strerror(errno));
    if (written || errno != EEXIST)
        unlink(path);
    return ERR_SETTINGS_INVALID;
}
