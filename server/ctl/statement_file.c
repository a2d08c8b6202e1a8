/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/statement_file.h"

#include "pki/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FAULTS_SHOWN 20
#define PROGRESS     50000                       /* lines */
#define UNDER_WAY    (STATEMENT_CONNECTIONS + 1) /* chunks: one is on its way while each connection has one */

struct sending {
    struct statement_file *file;
    int fd;
    int64_t size, read;
    struct sha256_stream *digest;
    struct statement *statement;
    size_t faults;
    int64_t number; /* of the chunk sent last */
    size_t lines, shown;
    size_t under_way; /* chunks */
    enum err kept;    /* of the first of them that was not */
};

static enum err fill(void *context, void *out, size_t room, size_t *size)
{
    struct sending *sending = context;
    ssize_t got = read(sending->fd, out, room);
    if (got < 0) {
        fprintf(stderr, "%s: %s\n", sending->file->path, strerror(errno));
        return ERR_SETTINGS_INVALID;
    }
    sha256_add(sending->digest, (struct bytes){out, (size_t)got});
    sending->read += got;
    *size = (size_t)got;
    return OK;
}

static void report(void *context, const struct statement_fault *fault)
{
    struct sending *sending = context;
    if (++sending->faults > FAULTS_SHOWN)
        return;
    if (fault->line > 0)
        fprintf(stderr, "第 %zu 行 line [%s]: %s (%s)\n", fault->line, fault->rule, fault->zh, fault->en);
    else
        fprintf(stderr, "[%s]: %s (%s)\n", fault->rule, fault->zh, fault->en);
}

static void show_progress(struct sending *sending)
{
    if (sending->lines - sending->shown < PROGRESS)
        return;
    sending->shown = sending->lines;
    fprintf(stderr, "已读取 %zu 笔，%" PRId64 "%% (lines read)\n", sending->lines,
            sending->size > 0 ? sending->read * 100 / sending->size : 100);
}

static void kept(void *context, enum err err, const struct row *rows)
{
    struct sending *sending = context;
    if (err == OK)
        err = store_append_statement_read(rows, sending->file->ctl->arena);
    if (sending->kept == OK)
        sending->kept = err;
    sending->under_way--;
    loop_stop(ctl_database_loop(sending->file->database));
}

/* Until no more than so many chunks are under way. */
static enum err wait_kept(struct sending *sending, size_t most)
{
    while (sending->under_way > most)
        loop_run(ctl_database_loop(sending->file->database));
    return sending->kept;
}

static enum err send_batch(struct sending *sending, const struct statement_batch *batch)
{
    struct ctl_database *database = sending->file->database;
    const struct statement_chunk chunk = {
        .upload_id = sending->file->upload_id,
        .number = ++sending->number,
        .count = batch->count,
        .places = batch->places,
        .line_keys = batch->line_keys,
        .days = batch->days,
        .times_us = batch->times_us,
        .movements_fen = batch->movements_fen,
        .balances_fen = batch->balances_fen,
        .payer_accounts = batch->payer_accounts,
        .payer_names = batch->payer_names,
        .payer_banks = batch->payer_banks,
        .remarks = batch->remarks,
        .bank_refs = batch->bank_refs,
        .kinds = batch->kinds,
        .reverses = batch->reverses,
    };
    TRY(wait_kept(sending, UNDER_WAY - 1));
    TRY(store_append_statement(ctl_database_db(database), &chunk, CTL_CALL_MS, kept, sending));
    sending->under_way++;
    return OK;
}

/* Goes on reading after a fault, so that all are told, but sends nothing more. */
static enum err send_lines(struct sending *sending)
{
    struct arena *arena = arena_new();
    struct statement_batch batch = {.count = 1};
    enum err err = OK;
    while (err == OK && batch.count > 0) {
        arena_reset(arena);
        err = statement_next(sending->statement, arena, STATEMENT_BATCH_MAX, &batch);
        if (err != OK || batch.count == 0)
            break;
        sending->lines += batch.count;
        if (sending->faults == 0)
            err = send_batch(sending, &batch);
        show_progress(sending);
    }
    arena_free(arena);
    enum err last = wait_kept(sending, 0); /* also after a fault: nothing is discarded under them */
    return err != OK ? err : last;
}

static enum err read_begun(const struct row *rows, struct arena *arena, void *into)
{
    return store_begin_statement_read(rows, arena, into);
}

static enum err begin(struct statement_file *file)
{
    const char *slash = strrchr(file->path, '/');
    const struct statement_uploader uploader = {.by = file->by};
    return ctl_database_wait(file->database,
                             store_begin_statement(ctl_database_db(file->database), &uploader, file->account_no,
                                                   slash == NULL ? file->path : slash + 1, CTL_CALL_MS,
                                                   ctl_database_done, file->database),
                             read_begun, &file->upload_id);
}

static enum err read_discarded(const struct row *rows, struct arena *arena, void *into)
{
    (void)into;
    return store_discard_statement_read(rows, arena);
}

/* What cannot be discarded now is forgotten after a day. */
static void discard(struct statement_file *file)
{
    enum err err = ctl_database_wait(file->database,
                                     store_discard_statement(ctl_database_db(file->database), file->upload_id,
                                                             CTL_CALL_MS, ctl_database_done, file->database),
                                     read_discarded, NULL);
    if (err != OK)
        fprintf(stderr, "%s (%s)\n", err_info(err)->zh, err_info(err)->en);
}

static enum err send_open(struct sending *sending)
{
    struct statement_file *file = sending->file;
    TRY(begin(file));
    enum err err = send_lines(sending);
    if (err == OK)
        err = statement_end(sending->statement, &file->summary);
    if (err == OK)
        return OK;
    discard(file);
    if (sending->faults > 0)
        fprintf(stderr, "%zu 处有误，未导入任何数据 (%zu faults; nothing was imported)\n", sending->faults,
                sending->faults);
    return err;
}

enum err statement_file_send(struct statement_file *file)
{
    struct sending sending = {.file = file, .fd = open(file->path, O_RDONLY | O_CLOEXEC)};
    struct stat status;
    if (sending.fd < 0 || fstat(sending.fd, &status) != 0) {
        fprintf(stderr, "%s: %s\n", file->path, strerror(errno));
        return ERR_SETTINGS_INVALID;
    }
    sending.size = status.st_size;
    sending.digest = sha256_begin();
    sending.statement = statement_open(&(struct statement_options){.formats = file->formats,
                                                                   .account_no = file->account_no,
                                                                   .fill = fill,
                                                                   .fill_context = &sending,
                                                                   .report = report,
                                                                   .report_context = &sending});
    enum err err = send_open(&sending);
    statement_close(sending.statement);
    file->sha256 = sha256_end(sending.digest, file->ctl->arena);
    close(sending.fd);
    return err;
}
