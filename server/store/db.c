/* SPDX-License-Identifier: Apache-2.0 */
/* The database client: opening, closing, taking calls. */
#include "store/db.h"

#include "base/clock.h"
#include "store/db_internal.h"

/* -- handlers ----------------------------------------------------------------------------------------------------- */

static void db_free(struct db *db)
{
    for (size_t i = 0; i < db->connection_count; i++)
        loop_timer_free(db->connections[i].timer);
    loop_timer_free(db->turn_timer);
    loop_timer_free(db->deadline_timer);
    conninfo_free(db->conninfo);
    writer_close(db->writer_file);
    mem_free(db->connections);
    mem_free(db->statements);
    mem_free(db);
}

void db_enter(struct db *db)
{
    db->entered++;
}

void db_leave(struct db *db)
{
    if (--db->entered == 0 && db->closed)
        db_free(db);
}

void db_want_turn(struct db *db)
{
    if (db->turn_due)
        return;
    db->turn_due = true;
    loop_timer_start(db->turn_timer, 0);
}

static void end_turn(void *context)
{
    struct db *db = context;
    db->turn_due = false;
    db_enter(db);
    send_syncs(db);
    for (size_t i = 0; i < db->connection_count; i++)
        if (db->connections[i].broken)
            connection_lost(&db->connections[i]);
    db_leave(db);
}

/* -- opening and closing ------------------------------------------------------------------------------------------ */

static struct db *db_new(const struct db_options *options)
{
    struct db *db = mem_alloc(sizeof(*db));
    db->loop = options->loop;
    db->options = *options;
    db->turn_timer = loop_timer_new(db->loop, end_turn, db);
    db->deadline_timer = loop_timer_new(db->loop, deadline_fired, db);
    db->statement_count = options->statement_count + 1;
    db->statements = mem_alloc(db->statement_count * sizeof(const struct db_statement *));
    for (size_t i = 0; i < options->statement_count; i++) {
        schema_check_declaration(options->statements[i]);
        db->statements[i] = options->statements[i];
    }
    db->statements[options->statement_count] = &db_set_statement_timeout;
    db->connection_count = options->read_connections + options->write_connections;
    db->connections = mem_alloc(db->connection_count * sizeof(*db->connections));
    for (unsigned i = 0; i < db->connection_count; i++) {
        struct connection *connection = &db->connections[i];
        *connection = (struct connection){.db = db, .number = i};
        connection->kind = i < options->read_connections ? DB_READ : DB_WRITE;
        connection->timer = loop_timer_new(db->loop, connect_on_loop, connection);
    }
    return db;
}

static enum err connect_all(struct db *db)
{
    TRY(conninfo_parse(db->options.conninfo, &db->conninfo));
    if (db->options.writer != NULL)
        TRY(writer_open(db->options.writer, &db->writer_file));
    for (size_t i = 0; i < db->connection_count; i++)
        TRY(connect_waiting(&db->connections[i]));
    return OK;
}

enum err db_open(const struct db_options *options, struct db **out)
{
    struct db *db = db_new(options);
    enum err err = connect_all(db);
    if (err == OK)
        *out = db;
    else
        db_close(db);
    return err;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    db_enter(db);
    db->closed = true;
    answer_finished(db);
    for (size_t i = 0; i < db->connection_count; i++)
        db_connection_close(&db->connections[i]);
    for (enum db_kind kind = DB_READ; kind <= DB_WRITE; kind++)
        refuse_waiting(db, kind);
    db_leave(db);
}

/* -- calls -------------------------------------------------------------------------------------------------------- */

bool db_kind_up(const struct db *db, enum db_kind kind)
{
    for (size_t i = 0; i < db->connection_count; i++)
        if (db->connections[i].kind == kind && connection_usable(&db->connections[i]))
            return true;
    return false;
}

bool db_ready(const struct db *db)
{
    return (db->options.read_connections == 0 || db_kind_up(db, DB_READ)) &&
           (db->options.write_connections == 0 || db_kind_up(db, DB_WRITE));
}

size_t db_waiting(const struct db *db)
{
    return db->call_count;
}

enum err db_call(struct db *db, const struct db_statement *statement, const struct db_param *params,
                 int64_t deadline_ms, db_done *done, void *context)
{
    ENSURE(!db->closed && db_kind_up(db, statement->kind), ERR_DB_UNAVAILABLE);
    ENSURE(db->call_count < db->options.queue_limit, ERR_BUSY);
    size_t bytes = call_bytes(statement, params);
    ENSURE(bytes <= DB_CALL_BYTES_MAX, ERR_BODY_TOO_LARGE);
    struct call *call = call_new(statement, params, bytes);
    call->done = done;
    call->context = context;
    call->deadline_ms = deadline_ms > 0 ? deadline_ms : 1;
    call->due_ms = clock_monotonic_ms() + call->deadline_ms;
    db->call_count++;
    deadline_put(db, call);
    queue_put(&db->waiting[statement->kind], call);
    send_waiting(db, statement->kind);
    return OK;
}
