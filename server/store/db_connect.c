/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing a connection up: libpq's connect dialogue, then every statement prepared with explicit types and compared.
 * One state machine, driven by the loop when a connection comes back and by poll when the process starts. */
#include "base/clock.h"
#include "base/log.h"
#include "store/db_internal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

void connect_start(struct connection *connection)
{
    struct db *db = connection->db;
    connection->state = IS_CONNECTING;
    connection->wants_read = false;
    connection->wants_write = true;
    connection->steps = 0;
    connection->failure = OK;
    connection->pg = conninfo_connect(db->conninfo, connection->attempts++ % conninfo_hosts(db->conninfo));
    if (connection->pg == NULL)
        connection_break(connection, "out of memory");
    else if (PQstatus(connection->pg) == CONNECTION_BAD)
        connection_break(connection, PQerrorMessage(connection->pg));
}

/* -- preparing ---------------------------------------------------------------------------------------------------- */

static bool send_prepare(PGconn *pg, const struct db_statement *statement)
{
    Oid oids[DB_PARAMS_MAX];
    int count = (int)strlen(statement->params);
    for (int i = 0; i < count; i++)
        oids[i] = schema_oid(statement->params[i]);
    return PQsendPrepare(pg, statement->name, statement->sql, count, oids) &&
           PQsendDescribePrepared(pg, statement->name);
}

static bool send_prepares(struct connection *connection)
{
    struct db *db = connection->db;
    bool sent = PQsetnonblocking(connection->pg, 1) == 0 && PQenterPipelineMode(connection->pg);
    for (size_t i = 0; sent && i < db->statement_count; i++)
        sent = send_prepare(connection->pg, db->statements[i]);
    if (db->writer_file != NULL)
        sent = sent && writer_begin(connection);
    return sent && PQpipelineSync(connection->pg);
}

static void connected(struct connection *connection)
{
    PQsetNoticeReceiver(connection->pg, connection_notice, connection);
    connection->state = IS_PREPARING;
    if (!send_prepares(connection))
        connection_break(connection, PQerrorMessage(connection->pg));
}

/* A statement that does not fit is a matter of migrations; anything else of the server's state. */
static enum err prepare_failure(const struct db_statement *statement, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state == NULL || strncmp(state, "08", 2) == 0 || strncmp(state, "53", 2) == 0 || strncmp(state, "57", 2) == 0)
        return ERR_DB_UNAVAILABLE;
    log_error("db", "statement %s cannot be prepared: SQLSTATE %s: %s", statement->name, state,
              message != NULL ? message : "");
    return ERR_DB_SCHEMA;
}

/* The session's name and key were set after the statements were prepared. */
static void named(struct connection *connection, const PGresult *result)
{
    if (PQresultStatus(result) != PGRES_TUPLES_OK && connection->failure == OK)
        connection->failure = ERR_DB_UNAVAILABLE;
}

/* Each statement answers twice: to Parse and to Describe. */
static void prepared(struct connection *connection, const PGresult *result)
{
    if (connection->steps / 2 == connection->db->statement_count) {
        named(connection, result);
        return;
    }
    const struct db_statement *statement = connection->db->statements[connection->steps / 2];
    enum err err = OK;
    if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED)
        return;
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        err = prepare_failure(statement, result);
    else if (connection->steps % 2 == 1)
        err = schema_check(statement, result);
    if (connection->failure == OK)
        connection->failure = err;
}

static void all_prepared(struct connection *connection)
{
    if (connection->failure != OK)
        connection_break(connection, connection->failure == ERR_DB_SCHEMA ? "the schema is not what this program needs"
                                                                          : "the server cannot prepare statements now");
    else
        connection->state = IS_UP;
}

static void prepare_step(struct connection *connection)
{
    if (!PQconsumeInput(connection->pg)) {
        connection_break(connection, PQerrorMessage(connection->pg));
        return;
    }
    while (connection->state == IS_PREPARING && !connection->broken && !PQisBusy(connection->pg)) {
        AUTO(PGresult) *result = PQgetResult(connection->pg);
        if (result == NULL)
            connection->steps++;
        else if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
            all_prepared(connection);
        else
            prepared(connection, result);
    }
    int left = connection->broken ? 0 : PQflush(connection->pg);
    connection->wants_read = true;
    connection->wants_write = left > 0;
    if (left < 0)
        connection_break(connection, PQerrorMessage(connection->pg));
}

void connect_step(struct connection *connection)
{
    if (connection->state == IS_CONNECTING) {
        PostgresPollingStatusType status = PQconnectPoll(connection->pg);
        connection->wants_read = status == PGRES_POLLING_READING;
        connection->wants_write = status == PGRES_POLLING_WRITING;
        if (status == PGRES_POLLING_FAILED)
            connection_break(connection, PQerrorMessage(connection->pg));
        else if (status == PGRES_POLLING_OK)
            connected(connection);
    }
    if (connection->state == IS_PREPARING && !connection->broken)
        prepare_step(connection);
}

/* -- on the loop --------------------------------------------------------------------------------------------------- */

static void step_on_loop(void *context, bool readable, bool writable);

static void socket_ready(void *context, bool readable, bool writable)
{
    (void)writable;
    struct connection *connection = context;
    struct db *db = connection->db;
    db_enter(db);
    if (readable && !connection->broken)
        connection_receive(connection);
    if (connection->state == IS_UP && !connection->broken)
        connection_flush(connection);
    db_leave(db);
}

static void now_up(struct connection *connection)
{
    loop_timer_stop(connection->timer);
    connection->attempts = 0;
    connection->statement_timeout_ms = 0;
    connection->watch = loop_watch_new(connection->db->loop, PQsocket(connection->pg), socket_ready, connection);
    loop_watch_set(connection->watch, true, false);
}

/* The dialogue may change sockets, even to one of the same number: a watch lives for one step. */
static void after_step(struct connection *connection)
{
    struct db *db = connection->db;
    if (connection->broken) {
        connection_lost(connection);
    } else if (connection->state == IS_UP) {
        now_up(connection);
        log_info("db", "%s connection %u is back", connection->kind == DB_READ ? "read" : "write", connection->number);
        send_waiting(db, connection->kind);
    } else {
        connection->watch = loop_watch_new(db->loop, PQsocket(connection->pg), step_on_loop, connection);
        loop_watch_set(connection->watch, connection->wants_read, connection->wants_write);
    }
}

static void step_on_loop(void *context, bool readable, bool writable)
{
    (void)readable, (void)writable;
    struct connection *connection = context;
    struct db *db = connection->db;
    db_enter(db);
    loop_watch_free(TAKE(connection->watch));
    connect_step(connection);
    after_step(connection);
    db_leave(db);
}

void connect_on_loop(void *context)
{
    struct connection *connection = context;
    struct db *db = connection->db;
    db_enter(db);
    if (connection->state == IS_DOWN) {
        loop_timer_start(connection->timer, DB_CONNECT_MS);
        connect_start(connection);
    } else {
        connection_break(connection, "the server does not answer");
    }
    after_step(connection);
    db_leave(db);
}

/* -- at start ------------------------------------------------------------------------------------------------------ */

/* False when the time is over. */
static bool wait_for_socket(const struct connection *connection, int64_t until_ms)
{
    struct pollfd wanted = {
        .fd = PQsocket(connection->pg),
        .events = (short)((connection->wants_read ? POLLIN : 0) | (connection->wants_write ? POLLOUT : 0))};
    int64_t left_ms = until_ms - clock_monotonic_ms();
    if (left_ms <= 0)
        return false;
    return poll(&wanted, 1, (int)left_ms) >= 0 || errno == EINTR;
}

static void try_host(struct connection *connection)
{
    int64_t until_ms = clock_monotonic_ms() + DB_CONNECT_MS;
    connect_start(connection);
    while (!connection->broken && connection->state != IS_UP) {
        if (wait_for_socket(connection, until_ms))
            connect_step(connection);
        else
            connection_break(connection, "the server does not answer");
    }
}

enum err connect_waiting(struct connection *connection)
{
    enum err err = ERR_DB_UNAVAILABLE;
    for (unsigned i = 0; i < conninfo_hosts(connection->db->conninfo); i++) {
        try_host(connection);
        if (!connection->broken) {
            now_up(connection);
            return OK;
        }
        log_error("db", "no connection to the database: %s", connection->reason);
        if (connection->failure == ERR_DB_SCHEMA)
            err = ERR_DB_SCHEMA;
        db_connection_close(connection);
    }
    return err;
}
