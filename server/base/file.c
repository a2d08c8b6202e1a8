/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_SIZE_MAX 65536

static enum err read_all(int fd, uint8_t *out, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(fd, out + done, size - done);
        ENSURE(got > 0 || (got < 0 && errno == EINTR), ERR_SETTINGS_INVALID);
        done += got > 0 ? (size_t)got : 0;
    }
    return OK;
}

static enum err read_open(struct arena *arena, int fd, const char *path, size_t limit, mode_t forbidden,
                          struct bytes *content)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || (size_t)info.st_size > limit) {
        log_error("file", "%s is not a regular file of at most %zu bytes", path, limit);
        return ERR_SETTINGS_INVALID;
    }
    if ((info.st_mode & forbidden) != 0) {
        log_error("file", "%s holds a secret and may be read by others: chmod 600 it", path);
        return ERR_SETTINGS_INVALID;
    }
    size_t size = (size_t)info.st_size;
    uint8_t *data = arena_alloc(arena, size + 1);
    if (read_all(fd, data, size) != OK) {
        log_error("file", "%s cannot be read whole", path);
        return ERR_SETTINGS_INVALID;
    }
    *content = (struct bytes){data, size};
    return OK;
}

static enum err file_open_and_read(struct arena *arena, const char *path, size_t limit, mode_t forbidden,
                                   struct bytes *content)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK /* a FIFO must not hang the start */);
    if (fd < 0) {
        log_error("file", "%s: %s", path, strerror(errno));
        return ERR_SETTINGS_INVALID;
    }
    enum err err = read_open(arena, fd, path, limit, forbidden, content);
    close(fd);
    return err;
}

enum err file_read(struct arena *arena, const char *path, size_t limit, struct bytes *content)
{
    return file_open_and_read(arena, path, limit, 0, content);
}

enum err file_read_secret(struct arena *arena, const char *path, struct bytes *content)
{
    struct bytes read;
    TRY(file_open_and_read(arena, path, SECRET_SIZE_MAX, S_IRWXO | S_IWGRP, &read));
    while (read.size > 0 && (read.data[read.size - 1] == '\n' || read.data[read.size - 1] == '\r'))
        read.size--;
    *content = (struct bytes){(const uint8_t *)arena_text_n(arena, (const char *)read.data, read.size), read.size};
    return OK;
}

char *file_path(struct arena *arena, const char *folder, const char *name)
{
    return name[0] == '/' ? arena_text(arena, name) : arena_format(arena, "%s/%s", folder, name);
}
