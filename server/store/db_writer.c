/* SPDX-License-Identifier: Apache-2.0 */
/* The sessions of this process as writers onto the audit trail. What a session wrote last is told by the trigger that
 * wrote it (audit_sequence) before the transaction ends; once it is committed, it goes to the session's line of a file,
 * where who rules the database cannot take it back. One line for each session, written over in place: the MAC of the
 * last event vouches for those before. */
#include "base/log.h"
#include "base/text.h"
#include "store/db_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE 0750
#define FILE_MODE   0640
#define HOST_SIZE   32
#define STATE_SIZE  (DB_WRITER_SIZE + 4 * DB_WRITER_KEY_SIZE + 8)

struct writer_file {
    const struct db_writer *writer;
    char run[DB_WRITER_SIZE - 12]; /* role/host/pid-random */
    unsigned sessions;
    int fd;
    int64_t end;
    bool failed; /* said once */
};

/* -- the file ------------------------------------------------------------------------------------------------------ */

static void name_run(struct writer_file *file)
{
    char host[HOST_SIZE] = "";
    uint32_t run;
    gethostname(host, sizeof(host) - 1);
    for (char *at = host; *at != '\0'; at++)
        if (*at <= ' ' || *at == '/')
            *at = '_';
    random_bytes(&run, sizeof(run));
    snprintf(file->run, sizeof(file->run), "%.16s/%s/%d-%08" PRIx32, file->writer->role, host, (int)getpid(), run);
}

static enum err open_file(struct writer_file *file, struct arena *arena)
{
    const char *folder = file->writer->folder;
    char *name = arena_text(arena, file->run);
    for (char *at = name; *at != '\0'; at++)
        if (*at == '/')
            *at = '.';
    const char *path = arena_format(arena, "%s/%s.heads", folder, name);
    if ((mkdir(folder, FOLDER_MODE) == 0 || errno == EEXIST) &&
        (file->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE)) >= 0)
        return OK;
    log_error("db", "%s: %s", path, strerror(errno));
    return ERR_SETTINGS_INVALID;
}

enum err writer_open(const struct db_writer *writer, struct writer_file **out)
{
    struct writer_file *file = mem_alloc(sizeof(*file));
    *file = (struct writer_file){.writer = writer, .fd = -1};
    name_run(file);
    struct arena *arena = arena_new();
    enum err err = open_file(file, arena);
    arena_free(arena);
    if (err == OK)
        *out = file;
    else
        mem_free(file);
    return err;
}

void writer_close(struct writer_file *file)
{
    if (file == NULL)
        return;
    close(file->fd);
    mem_free(file);
}

static void put_line(struct writer_file *file, struct writer_head *head)
{
    char line[DB_WRITER_LINE + 1];
    int size = snprintf(line, sizeof(line), "%s %" PRId64 " %s", head->writer, head->seq, head->mac);
    memset(line + size, ' ', sizeof(line) - (size_t)size);
    line[DB_WRITER_LINE - 1] = '\n';
    if (head->place < 0) {
        head->place = file->end;
        file->end += DB_WRITER_LINE;
    }
    if (pwrite(file->fd, line, DB_WRITER_LINE, head->place) != DB_WRITER_LINE && !file->failed) {
        log_error("db", "what was last written onto the audit trail cannot be kept: %s", strerror(errno));
        file->failed = true;
    }
}

/* -- a session ----------------------------------------------------------------------------------------------------- */

static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";

bool writer_begin(struct connection *connection)
{
    struct writer_file *file = connection->db->writer_file;
    struct writer_head *head = &connection->head;
    uint8_t key[DB_WRITER_KEY_SIZE];
    char state[STATE_SIZE];
    *head = (struct writer_head){.place = -1};
    snprintf(head->writer, sizeof(head->writer), "%s/%u", file->run, ++file->sessions);
    file->writer->derive(file->writer->key, head->writer, key);
    struct arena *arena = arena_new(); /* wiped with the key in it */
    snprintf(state, sizeof(state), "%s 0 %s %s", head->writer, hex_encode(arena, (struct bytes){key, sizeof(key)}),
             zeros);
    const char *const values[] = {state};
    bool sent = PQsendQueryParams(connection->pg, "select set_config('xuqi.audit_writer', $1, false) is not null", 1,
                                  NULL, values, NULL, NULL, 0);
    explicit_bzero(key, sizeof(key));
    explicit_bzero(state, sizeof(state));
    arena_free(arena);
    return sent;
}

/* "writer sequence mac" */
bool writer_told(struct connection *connection, const char *message)
{
    static const char begin[] = "xuqi audit ";
    struct writer_head *head = &connection->head;
    size_t name = strlen(head->writer);
    char *end;
    if (strncmp(message, begin, sizeof(begin) - 1) != 0)
        return false;
    message += sizeof(begin) - 1;
    if (strncmp(message, head->writer, name) != 0 || message[name] != ' ')
        return true;
    int64_t seq = strtoll(message + name, &end, 10);
    if (*end != ' ' || strlen(end + 1) != sizeof(head->mac) - 1)
        return true;
    head->told = true;
    head->seq = seq;
    memcpy(head->mac, end + 1, sizeof(head->mac));
    return true;
}

void writer_settle(struct connection *connection, bool committed)
{
    struct writer_head *head = &connection->head;
    if (head->told && committed)
        put_line(connection->db->writer_file, head);
    head->told = false;
}
