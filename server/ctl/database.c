/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/database.h"

#include "audit_writer.h"
#include "base/loop.h"
#include "store/admin.h"
#include "store/statements.h"

#include <stdio.h>

struct ctl_database {
    struct arena *arena;
    struct loop *loop;
    struct db *db;
    ctl_rows *read;
    void *into;
    enum err err;
};

enum err ctl_database_open_several(const struct ctl *ctl, const struct settings *settings, unsigned writes,
                                   struct ctl_database **out)
{
    if (settings->database_admin[0] == '\0') {
        fputs("缺少设置 database.admin (the setting database.admin is missing)\n", stderr);
        return ERR_SETTINGS_INVALID;
    }
    const struct db_writer *writer;
    TRY(audit_writer(settings, "xuqictl", ctl->arena, &writer));
    struct ctl_database *database = ARENA_NEW(ctl->arena, struct ctl_database);
    *database = (struct ctl_database){.arena = ctl->arena, .loop = loop_new()};
    struct db_options options = {.loop = database->loop,
                                 .conninfo = settings->database_admin,
                                 .read_connections = 1,
                                 .write_connections = writes,
                                 .queue_limit = 16,
                                 .statements = admin_statements,
                                 .statement_count = admin_statement_count,
                                 .writer = writer};
    enum err err = db_open(&options, &database->db);
    if (err != OK) {
        fprintf(stderr, "%s (%s)\n", err_info(err)->zh, err_info(err)->en);
        loop_free(database->loop);
        return err;
    }
    *out = database;
    return OK;
}

enum err ctl_database_open(const struct ctl *ctl, const struct settings *settings, struct ctl_database **out)
{
    return ctl_database_open_several(ctl, settings, 1, out);
}

void ctl_database_close(struct ctl_database *database)
{
    db_close(database->db);
    loop_free(database->loop);
}

struct db *ctl_database_db(struct ctl_database *database)
{
    return database->db;
}

struct loop *ctl_database_loop(struct ctl_database *database)
{
    return database->loop;
}

void ctl_database_done(void *context, enum err err, const struct row *rows)
{
    struct ctl_database *database = context;
    database->err = err;
    if (err == OK && database->read != NULL)
        database->err = database->read(rows, database->arena, database->into);
    loop_stop(database->loop);
}

enum err ctl_database_wait(struct ctl_database *database, enum err started, ctl_rows *read, void *into)
{
    TRY(started);
    database->read = read;
    database->into = into;
    loop_run(database->loop);
    return database->err;
}

static enum err read_outcome(const struct row *rows, struct arena *arena, void *into)
{
    return store_admin_read(rows, arena, into);
}

enum ctl_exit ctl_database_finish(struct ctl_database *database, enum err started)
{
    const char *outcome = "";
    enum err err = ctl_database_wait(database, started, read_outcome, &outcome);
    if (err == OK)
        printf("%s\n", outcome);
    else
        fprintf(stderr, "%s (%s): %s\n", err_info(err)->zh, err_info(err)->en, err_code(err));
    ctl_database_close(database);
    return err == OK ? CTL_FINE : CTL_FAILED;
}
