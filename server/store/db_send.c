/* SPDX-License-Identifier: Apache-2.0 */
/* Sending. Reads of a turn share one sync at its end; a write has its own, so that one failure takes nobody along. */
#include "base/clock.h"
#include "store/db_internal.h"

#include <stdio.h>

const struct db_statement db_set_statement_timeout = {
    .name = "db_set_statement_timeout",
    .kind = DB_WRITE,
    .sql = "select set_config('statement_timeout', $1, false)",
    .params = "t",
    .columns = "t",
};

bool connection_usable(const struct connection *connection)
{
    return connection->state == IS_UP && !connection->broken && !connection->retiring;
}

void connection_flush(struct connection *connection)
{
    int left = PQflush(connection->pg);
    if (left < 0)
        connection_break(connection, PQerrorMessage(connection->pg));
    else
        loop_watch_set(connection->watch, true, left > 0);
}

static void send_sync(struct connection *connection)
{
    if (!connection->sync_owed || connection->broken)
        return;
    connection->sync_owed = false;
    connection->sent.last->sync_behind = true;
    if (connection->current == NULL)
        connection->sync_awaited = true;
    if (!PQpipelineSync(connection->pg)) /* flushes too */
        connection_break(connection, PQerrorMessage(connection->pg));
    else
        connection_flush(connection);
}

/* False: nothing of the call will ever commit, since no sync follows it. */
static bool put(struct connection *connection, struct call *call)
{
    int formats[DB_PARAMS_MAX];
    for (int i = 0; i < call->count; i++)
        formats[i] = call->statement->params[i] == 't' ? 0 : 1;
    if (!PQsendQueryPrepared(connection->pg, call->statement->name, call->count, call->values, call->lengths, formats,
                             1)) {
        connection_break(connection, PQerrorMessage(connection->pg));
        return false;
    }
    call->connection = connection;
    call->sync_behind = false;
    call->sends++;
    if (connection->sent.first == NULL)
        connection->answered_ms = clock_monotonic_ms();
    queue_put(&connection->sent, call);
    if (connection->current == NULL && !connection->sync_awaited)
        connection->current = call;
    connection->sync_owed = true;
    return true;
}

/* The server stops a statement at its caller's deadline. Callers mostly have the same one: it is set in the session,
 * and again only when it changes. By itself, since a failure would undo it. */
static void send_statement_timeout(struct connection *connection, const struct call *call)
{
    if (connection->statement_timeout_ms == call->deadline_ms)
        return;
    char text[24];
    snprintf(text, sizeof(text), "%lld", (long long)call->deadline_ms);
    const struct db_param param = db_text(text);
    struct call *setting = call_new(&db_set_statement_timeout, &param, call_bytes(&db_set_statement_timeout, &param));
    setting->due_ms = call->due_ms;
    setting->deadline_ms = call->deadline_ms;
    connection->db->call_count++;
    send_sync(connection);
    if (!put(connection, setting)) {
        call_end(connection->db, setting);
        return;
    }
    deadline_put(connection->db, setting);
    send_sync(connection);
    connection->statement_timeout_ms = call->deadline_ms;
}

/* False: the connection broke and the call is still the caller's. */
static bool send_call(struct connection *connection, struct call *call)
{
    bool alone = call->statement->kind == DB_WRITE || call->alone;
    send_statement_timeout(connection, call);
    if (alone)
        send_sync(connection);
    if (connection->broken || !put(connection, call))
        return false;
    if (alone)
        send_sync(connection);
    else
        db_want_turn(connection->db);
    return true;
}

static struct connection *least_busy(struct db *db, enum db_kind kind)
{
    struct connection *best = NULL;
    for (size_t i = 0; i < db->connection_count; i++) {
        struct connection *connection = &db->connections[i];
        bool room = kind == DB_READ || connection->sent.length < DB_WRITE_DEPTH;
        if (connection->kind == kind && room && connection_usable(connection) &&
            (best == NULL || connection->sent.length < best->sent.length))
            best = connection;
    }
    return best;
}

void send_waiting(struct db *db, enum db_kind kind)
{
    struct call_queue *waiting = &db->waiting[kind];
    struct connection *connection;
    while (waiting->first != NULL && (connection = least_busy(db, kind)) != NULL) {
        struct call *call = queue_take(waiting);
        if (!send_call(connection, call))
            queue_put_back(waiting, call);
    }
}

void send_syncs(struct db *db)
{
    for (size_t i = 0; i < db->connection_count; i++)
        if (db->connections[i].state == IS_UP)
            send_sync(&db->connections[i]);
}
