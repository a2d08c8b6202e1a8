/* SPDX-License-Identifier: Apache-2.0 */
#include "issuer/witness.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#define FILE_MODE 0640
#define TAIL_SIZE ((off_t)16384) /* holds a line whole: NOTE_SIZE_MAX in base64 */

static enum err failed(const char *path)
{
    log_error("audit", "%s: %s", path, strerror(errno));
    return ERR_SETTINGS_INVALID;
}

/* -- writing ------------------------------------------------------------------------------------------------------- */

static enum err append(const char *path, const char *line)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return failed(path);
    bool written = write(fd, line, strlen(line)) == (ssize_t)strlen(line) && fdatasync(fd) == 0;
    enum err err = written ? OK : failed(path);
    close(fd);
    return err;
}

enum err witness_add(const char *path, const struct checkpoint *checkpoint, const char *note)
{
    struct arena *arena = arena_new();
    const char *root = base64_encode(arena, (struct bytes){checkpoint->root.octets, MERKLE_HASH_SIZE});
    enum err err = append(path, arena_format(arena, "%s %" PRId64 " %s %s\n", clock_text(arena, clock_now_us()),
                                             checkpoint->size, root, base64_encode(arena, bytes_of_text(note))));
    if (err == OK)
        syslog(LOG_AUTHPRIV | LOG_NOTICE, "xuqi audit checkpoint %s %" PRId64 " %s", checkpoint->origin,
               checkpoint->size, root);
    arena_free(arena);
    return err;
}

/* -- reading ------------------------------------------------------------------------------------------------------- */

static enum err read_tail(int fd, const char *path, struct arena *arena, const char **out)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return failed(path);
    off_t size = info.st_size < TAIL_SIZE ? info.st_size : TAIL_SIZE;
    char *text = arena_alloc(arena, (size_t)size + 1);
    if (pread(fd, text, (size_t)size, info.st_size - size) != size)
        return failed(path);
    *out = text;
    return OK;
}

/* A line that was cut short by a crash was never given out: what is behind the last newline does not count. */
static const char *last_line(struct arena *arena, const char *tail)
{
    const char *end = strrchr(tail, '\n'), *begin;
    if (end == NULL)
        return "";
    begin = memrchr(tail, '\n', (size_t)(end - tail));
    begin = begin == NULL ? tail : begin + 1;
    return arena_text_n(arena, begin, (size_t)(end - begin));
}

enum err witness_last(const char *path, struct arena *arena, const char **note)
{
    const char *tail = "";
    struct bytes decoded;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno != ENOENT)
        return failed(path);
    enum err err = fd < 0 ? OK : read_tail(fd, path, arena, &tail);
    if (fd >= 0)
        close(fd);
    TRY(err);
    const char *line = last_line(arena, tail), *blank = strrchr(line, ' ');
    if (blank == NULL || !base64_decode(arena, blank + 1, strlen(blank + 1), &decoded)) {
        ENSURE(line[0] == '\0', ERR_AUDIT_SIGNATURE);
        *note = "";
        return OK;
    }
    *note = arena_text_n(arena, (const char *)decoded.data, decoded.size);
    return OK;
}
