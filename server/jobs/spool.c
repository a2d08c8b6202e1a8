/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/spool.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/offload.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* -- writing ------------------------------------------------------------------------------------------------------- */

struct paths {
    char path[PATH_MAX], draft[PATH_MAX];
};

static void name_paths(struct paths *paths, const char *folder, const char *name)
{
    snprintf(paths->path, sizeof(paths->path), "%s/%s", folder, name);
    snprintf(paths->draft, sizeof(paths->draft), "%s/.%s.new", folder, name);
}

static void failed(const char *folder, struct spool_file *file)
{
    log_error("spool", "%s/%s cannot be written: %s", folder, file->name, strerror(errno));
    file->err = ERR_INTERNAL;
}

static bool write_all(int fd, struct bytes content)
{
    while (content.size > 0) {
        ssize_t written = write(fd, content.data, content.size);
        if (written < 0 && errno != EINTR)
            return false;
        content.data += written > 0 ? written : 0;
        content.size -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* Its octets are on their way to the disk with those of the others: what the first fsync then makes durable is all of
 * them, and the following ones find little to do. */
static void write_draft(const char *folder, struct spool_file *file, int *fd)
{
    struct paths paths;
    name_paths(&paths, folder, file->name);
    *fd = open(paths.draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (*fd < 0 || !write_all(*fd, file->content))
        failed(folder, file);
    else
        (void)sync_file_range(*fd, 0, 0, SYNC_FILE_RANGE_WRITE); /* to be sooner: fsync is what counts */
}

static void make_durable(const char *folder, struct spool_file *file, int fd)
{
    if (fd < 0)
        return;
    bool synced = file->err != OK || fsync(fd) == 0;
    if (close(fd) != 0 || !synced)
        failed(folder, file);
}

static void rename_draft(const char *folder, struct spool_file *file)
{
    struct paths paths;
    name_paths(&paths, folder, file->name);
    if (file->err == OK && rename(paths.draft, paths.path) != 0)
        failed(folder, file);
}

/* The new names as well. */
static void sync_folder(const char *folder, struct spool_file *const *files, size_t count)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    for (size_t i = 0; i < count; i++)
        if (!synced && files[i]->err == OK)
            failed(folder, files[i]);
    if (fd >= 0)
        close(fd);
}

void spool_write(const char *folder, struct spool_file *const *files, size_t count)
{
    int fds[SPOOL_TOGETHER_MAX];
    assert(count <= SPOOL_TOGETHER_MAX);
    for (size_t i = 0; i < count; i++) {
        files[i]->err = OK;
        write_draft(folder, files[i], &fds[i]);
    }
    for (size_t i = 0; i < count; i++)
        make_durable(folder, files[i], fds[i]);
    for (size_t i = 0; i < count; i++)
        rename_draft(folder, files[i]);
    sync_folder(folder, files, count);
}

/* -- those that wait ----------------------------------------------------------------------------------------------- */

struct spool {
    struct loop *loop;
    const char *folder;
    struct offload *offload;
    struct spool_file *first, **last;
    struct spool_file *files[SPOOL_TOGETHER_MAX]; /* being written */
    size_t count;
    bool due; /* starts at the end of this turn */
};

static void start_later(struct spool *spool);

static void perform(void *context)
{
    struct spool *spool = context;
    spool_write(spool->folder, spool->files, spool->count);
}

static void answer(struct spool *spool)
{
    struct spool_file *files[SPOOL_TOGETHER_MAX];
    size_t count = spool->count;
    for (size_t i = 0; i < count; i++)
        files[i] = spool->files[i];
    spool->count = 0;
    for (size_t i = 0; i < count; i++)
        files[i]->done(files[i]);
}

static void written(void *context)
{
    struct spool *spool = context;
    answer(spool);
    start_later(spool);
}

static void start(void *context)
{
    struct spool *spool = context;
    spool->due = false;
    while (spool->first != NULL && spool->count < SPOOL_TOGETHER_MAX) {
        struct spool_file *file = spool->first;
        spool->files[spool->count++] = file;
        spool->first = file->next;
        if (spool->first == NULL)
            spool->last = &spool->first;
    }
    enum err err = offload_submit(spool->offload, perform, written, spool);
    assert(err == OK); /* one at a time has a place */
    (void)err;
}

static void start_later(struct spool *spool)
{
    if (spool->first == NULL || spool->count > 0 || spool->due)
        return;
    spool->due = true;
    loop_defer(spool->loop, start, spool);
}

void spool_put(struct spool *spool, struct spool_file *file)
{
    file->next = NULL;
    *spool->last = file;
    spool->last = &file->next;
    start_later(spool);
}

struct spool *spool_new(struct loop *loop, const char *folder)
{
    struct spool *spool = mem_alloc(sizeof(*spool));
    *spool = (struct spool){.loop = loop, .folder = folder, .offload = offload_new_behind(loop, 1, 1)};
    spool->last = &spool->first;
    return spool;
}

void spool_free(struct spool *spool)
{
    if (spool == NULL)
        return;
    offload_free(spool->offload);
    mem_free(spool);
}
