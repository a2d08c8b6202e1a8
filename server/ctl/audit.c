/* SPDX-License-Identifier: Apache-2.0 */
/* xuqictl audit prove, consistency, export: what others can verify without us (tests/support/audit_verify). */
#include "ctl/audit_json.h"
#include "ctl/database.h"
#include "pki/note.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEAVES_AT_ONCE      5000
#define CHECKPOINTS_AT_ONCE 1000
#define UNSEALED_MAX        100000
#define CALL_MS             (10 * 60 * 1000)

struct export_work {
    const struct ctl *ctl;
    struct settings settings;
    struct ctl_database *database;
    struct arena *batch;
    struct audit_events events;
    struct audit_checkpoints checkpoints;
    FILE *out;
};

static enum ctl_exit failed(enum err err)
{
    fprintf(stderr, "%s (%s): %s\n", err_info(err)->zh, err_info(err)->en, err_code(err));
    return CTL_FAILED;
}

static bool read_number(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || end == text || value < 0) {
        fprintf(stderr, "应为数字 (not a number): %s\n", text);
        return false;
    }
    *out = value;
    return true;
}

static void print_json(const struct ctl *ctl, struct json *json)
{
    size_t size;
    puts(json_finish(json, ctl->arena, &size));
}

/* -- one event ----------------------------------------------------------------------------------------------------- */

static enum err read_proof(const struct row *rows, struct arena *arena, void *into)
{
    return store_prove_event_read(rows, arena, into);
}

enum ctl_exit ctl_audit_prove(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct audit_proof proof;
    int64_t id;
    if (!read_number(ctl->operands[0], &id))
        return CTL_USAGE;
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err started = store_prove_event(ctl_database_db(database), id, CTL_CALL_MS, ctl_database_done, database);
    enum err err = ctl_database_wait(database, started, read_proof, &proof);
    if (err == OK)
        print_json(ctl, audit_proof_json(ctl->arena, &proof));
    ctl_database_close(database);
    return err == OK ? CTL_FINE : failed(err);
}

/* -- two checkpoints ----------------------------------------------------------------------------------------------- */

static enum err read_consistency(const struct row *rows, struct arena *arena, void *into)
{
    return store_prove_between_read(rows, arena, into);
}

enum ctl_exit ctl_audit_consistency(const struct ctl *ctl)
{
    struct settings settings;
    struct ctl_database *database;
    struct audit_consistency proof;
    int64_t old_size, new_size;
    if (!read_number(ctl->operands[0], &old_size) || !read_number(ctl->operands[1], &new_size))
        return CTL_USAGE;
    if (ctl_settings(ctl, &settings) != OK || ctl_database_open(ctl, &settings, &database) != OK)
        return CTL_FAILED;
    enum err started = store_prove_between(ctl_database_db(database), old_size, new_size, CTL_CALL_MS,
                                           ctl_database_done, database);
    enum err err = ctl_database_wait(database, started, read_consistency, &proof);
    if (err == OK)
        print_json(ctl, audit_consistency_json(ctl->arena, &proof));
    ctl_database_close(database);
    return err == OK ? CTL_FINE : failed(err);
}

/* -- everything ---------------------------------------------------------------------------------------------------- */

static void put_line(struct export_work *work, const char *name, struct json *value)
{
    size_t size;
    struct json *line = json_new_object();
    json_put(line, name, value);
    const char *text = json_finish(line, work->batch, &size);
    fprintf(work->out, "%s\n", text);
}

static enum err put_head(struct export_work *work)
{
    struct arena *arena = work->ctl->arena;
    const struct settings *settings = &work->settings;
    struct bytes spki;
    struct json *head = json_new_object();
    json_put_text(head, "format", "xuqi-audit-1");
    json_put_text(head, "origin", note_origin(arena, settings->audit_origin, settings->web_public_url));
    if (settings->audit_public_key_file[0] != '\0' &&
        note_key_load(arena, settings_path(arena, settings, settings->audit_public_key_file), &spki) == OK)
        json_put_text(head, "public_key", note_key_pem(arena, spki));
    put_line(work, "export", head);
    return OK;
}

static enum err read_leaves(const struct row *rows, struct arena *arena, void *into)
{
    (void)arena;
    struct export_work *work = into;
    return store_list_leaves_read(rows, work->batch, &work->events);
}

static enum err read_unsealed(const struct row *rows, struct arena *arena, void *into)
{
    (void)arena;
    struct export_work *work = into;
    return store_list_unsealed_events_read(rows, work->batch, &work->events);
}

static enum err read_checkpoints(const struct row *rows, struct arena *arena, void *into)
{
    (void)arena;
    struct export_work *work = into;
    return store_list_checkpoints_read(rows, work->batch, &work->checkpoints);
}

static void put_events(struct export_work *work, const char *name)
{
    for (size_t i = 0; i < work->events.count; i++)
        put_line(work, name, audit_event_json(work->batch, &work->events.items[i]));
}

static enum err export_leaves(struct export_work *work)
{
    int64_t from = 0;
    do {
        arena_reset(work->batch);
        enum err started = store_list_leaves(ctl_database_db(work->database), from, LEAVES_AT_ONCE, CALL_MS,
                                             ctl_database_done, work->database);
        TRY(ctl_database_wait(work->database, started, read_leaves, work));
        if (work->events.count > 0)
            from = work->events.items[work->events.count - 1].leaf_index + 1;
        put_events(work, "event");
    } while (work->events.count == LEAVES_AT_ONCE);
    return OK;
}

static enum err export_unsealed(struct export_work *work)
{
    arena_reset(work->batch);
    enum err started = store_list_unsealed_events(ctl_database_db(work->database), UNSEALED_MAX, CALL_MS,
                                                  ctl_database_done, work->database);
    TRY(ctl_database_wait(work->database, started, read_unsealed, work));
    put_events(work, "unsealed");
    return OK;
}

/* Before the leaves: what is signed of them is there then. */
static enum err export_checkpoints(struct export_work *work)
{
    int64_t after = 0;
    do {
        arena_reset(work->batch);
        enum err started = store_list_checkpoints(ctl_database_db(work->database), after, CHECKPOINTS_AT_ONCE, CALL_MS,
                                                  ctl_database_done, work->database);
        TRY(ctl_database_wait(work->database, started, read_checkpoints, work));
        for (size_t i = 0; i < work->checkpoints.count; i++) {
            put_line(work, "checkpoint", audit_checkpoint_json(work->batch, &work->checkpoints.items[i]));
            after = work->checkpoints.items[i].size;
        }
    } while (work->checkpoints.count == CHECKPOINTS_AT_ONCE);
    return OK;
}

static enum err read_noted(const struct row *rows, struct arena *arena, void *into)
{
    (void)into;
    return store_note_audit_export_read(rows, arena);
}

static enum err export_all(struct export_work *work)
{
    enum err started = store_note_audit_export(ctl_database_db(work->database), ctl_user(work->ctl->arena), CTL_CALL_MS,
                                               ctl_database_done, work->database);
    TRY(ctl_database_wait(work->database, started, read_noted, NULL));
    TRY(put_head(work));
    TRY(export_checkpoints(work));
    TRY(export_leaves(work));
    TRY(export_unsealed(work));
    ENSURE(fflush(work->out) == 0 && ferror(work->out) == 0, ERR_SETTINGS_INVALID);
    return OK;
}

/* A new file for its owner only. */
static FILE *open_new(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (file == NULL)
        fprintf(stderr, "%s: %s；输出须是新文件 (the output must be a new file)\n", path, strerror(errno));
    return file;
}

enum ctl_exit ctl_audit_export(const struct ctl *ctl)
{
    struct export_work work = {.ctl = ctl};
    const char *out = ctl_option(ctl, "out");
    if (out == NULL) {
        fputs("请用 --out 指定新文件 (name a new file with --out)\n", stderr);
        return CTL_USAGE;
    }
    if (ctl_settings(ctl, &work.settings) != OK || (work.out = open_new(out)) == NULL)
        return CTL_FAILED;
    if (ctl_database_open(ctl, &work.settings, &work.database) != OK) {
        fclose(work.out);
        return CTL_FAILED;
    }
    work.batch = arena_new();
    enum err err = export_all(&work);
    if (err == OK)
        printf("%s\n", out);
    arena_free(work.batch);
    ctl_database_close(work.database);
    return fclose(work.out) == 0 && err == OK ? CTL_FINE : failed(err == OK ? ERR_SETTINGS_INVALID : err);
}
