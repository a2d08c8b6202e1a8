/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/spool.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool write_all(int fd, struct bytes content)
{
    while (content.size > 0) {
        ssize_t written = write(fd, content.data, content.size);
        if (written < 0 && errno != EINTR)
            return false;
        content.data += written > 0 ? written : 0;
        content.size -= written > 0 ? (size_t)written : 0;
    }
    return fsync(fd) == 0;
}

static bool write_file(const char *path, struct bytes content)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool written = write_all(fd, content);
    return close(fd) == 0 && written;
}

enum err spool_write(const char *folder, const char *name, struct bytes content)
{
    char path[PATH_MAX], draft[PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    snprintf(draft, sizeof(draft), "%s/.%s.new", folder, name);
    if (write_file(draft, content) && rename(draft, path) == 0)
        return OK;
    log_error("spool", "%s cannot be written: %s", path, strerror(errno));
    return ERR_INTERNAL;
}
