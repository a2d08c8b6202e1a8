/* SPDX-License-Identifier: Apache-2.0 */
/* Receiving. Results are kept until the sync behind them is answered: only then has the transaction committed, and
 * what a deferred constraint or a missing standby has to say comes in between. */
#include "base/clock.h"
#include "base/log.h"
#include "store/db_internal.h"

#include <string.h>

/* What a failure means. The first row whose SQLSTATE begins like this decides (PostgreSQL 15, appendix A). */
static const struct {
    const char *begins;
    enum err read, write;
    bool retire; /* a new connection may do better */
} failures[] = {
    {"25006", ERR_DB_UNAVAILABLE, ERR_DB_UNAVAILABLE, true}, /* the server has become a standby */
    {"26000", ERR_DB_REFUSED, ERR_DB_REFUSED, true},         /* our prepared statement is gone */
    {"0A000", ERR_DB_REFUSED, ERR_DB_REFUSED, true},         /* "cached plan must not change result type" */
    {"40003", ERR_DB_UNAVAILABLE, ERR_DB_UNKNOWN, false},    /* statement completion unknown */
    {"40", ERR_BUSY, ERR_BUSY, false},                       /* rolled back: serialization, deadlock */
    {"08", ERR_DB_UNAVAILABLE, ERR_DB_UNKNOWN, true},
    {"57014", ERR_DB_UNAVAILABLE, ERR_DB_UNAVAILABLE, false}, /* statement_timeout: rolled back */
    {"57", ERR_DB_UNAVAILABLE, ERR_DB_UNAVAILABLE, true},
    {"53", ERR_DB_UNAVAILABLE, ERR_DB_UNAVAILABLE, false},
    {"", ERR_DB_REFUSED, ERR_DB_REFUSED, false},
};

/* Primary message only: DETAIL holds values, and so do the messages of class 22 (data exceptions). */
static void log_failure(const struct call *call, const char *state, enum err err)
{
    const char *message = PQresultErrorField(call->result, PG_DIAG_MESSAGE_PRIMARY);
    if (message == NULL || strncmp(state, "22", 2) == 0)
        message = "(its message holds values)";
    enum log_level level = err == ERR_DB_REFUSED || err == ERR_AUDIT_UNAVAILABLE ? LOG_ERROR
                           : err == ERR_BUSY                                     ? LOG_INFO
                                                                                 : LOG_WARN;
    log_line(level, "db", "%s failed with SQLSTATE %s: %s", call->statement->name, state, message);
}

/* What failed was writing down an event, and with it the business was rolled back. */
static bool is_of_the_trail(const PGresult *result)
{
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT), *statement = "insert into audit_event";
    return context != NULL && strstr(context, statement) != NULL;
}

static enum err failure_of(struct connection *connection, const struct call *call)
{
    const char *state = PQresultErrorField(call->result, PG_DIAG_SQLSTATE);
    if (state == NULL)
        state = "08000"; /* libpq's own failures have none */
    size_t i = 0;
    while (strncmp(state, failures[i].begins, strlen(failures[i].begins)) != 0)
        i++;
    if (failures[i].retire)
        connection->retiring = true;
    enum err err = call->statement->kind == DB_READ ? failures[i].read : failures[i].write;
    if (err == ERR_DB_REFUSED && is_of_the_trail(call->result))
        err = ERR_AUDIT_UNAVAILABLE;
    log_failure(call, state, err);
    return err;
}

/* Synchronous replication given up after the local commit is only a warning (src/backend/replication/syncrep.c); with
 * a standby that may take over, the outcome is unknown. */
void connection_notice(void *context, const PGresult *notice)
{
    struct connection *connection = context;
    const char *function = PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION);
    const char *message = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    if (message != NULL && writer_told(connection, message))
        return;
    if (function != NULL && strcmp(function, "SyncRepWaitForLSN") == 0)
        connection->commit_doubtful = true;
}

static enum err outcome_of(struct connection *connection, const struct call *call)
{
    bool doubtful = connection->commit_doubtful && call->statement->kind == DB_WRITE;
    switch (PQresultStatus(call->result)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        return doubtful ? ERR_DB_UNKNOWN : OK;
    case PGRES_PIPELINE_ABORTED:
        return ERR_DB_UNAVAILABLE;
    default:
        return failure_of(connection, call);
    }
}

/* A read that was aborted by a neighbour's failure. */
static bool goes_again(const struct call *call)
{
    return PQresultStatus(call->result) == PGRES_PIPELINE_ABORTED && call->statement->kind == DB_READ &&
           call->done != NULL && call->sends < DB_SENDS_MAX;
}

static void settle(struct connection *connection, struct call *call)
{
    struct db *db = connection->db;
    call->connection = NULL;
    if (goes_again(call)) {
        PQclear(TAKE(call->result));
        call->alone = true;
        queue_put(&db->waiting[DB_READ], call);
        return;
    }
    call->outcome = outcome_of(connection, call);
    deadline_remove(db, call);
    queue_put(&db->finished, call);
}

void answer_finished(struct db *db)
{
    struct call *call;
    while ((call = queue_take(&db->finished)) != NULL) {
        call_answer(call, call->outcome);
        call_end(db, call);
    }
}

/* The sync was answered, and with it the calls before it. Callers come last: theirs may send or close. */
static void settle_group(struct connection *connection)
{
    struct db *db = connection->db;
    bool last = false, committed = !connection->commit_doubtful;
    while (!last) {
        struct call *call = queue_take(&connection->sent);
        last = call->sync_behind;
        ExecStatusType status = PQresultStatus(call->result);
        committed = committed && (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK);
        settle(connection, call);
    }
    writer_settle(connection, committed);
    connection->commit_doubtful = false;
    connection->sync_awaited = false;
    connection->current = connection->sent.first;
    connection->answered_ms = clock_monotonic_ms();
    if (connection->retiring && connection->sent.first == NULL)
        connection_break(connection, "replaced after a refusal");
    send_waiting(db, DB_READ);
    send_waiting(db, DB_WRITE);
    answer_finished(db);
}

/* A result that comes while the sync is awaited is the commit's failure: it is the group's first call's. */
static void keep_result(struct connection *connection, PGresult *result)
{
    struct call *call = connection->current != NULL ? connection->current : connection->sent.first;
    PQclear(call->result);
    call->result = result;
}

/* The end of a call's results. False when there is nothing more to be had now: a dead connection has no sync to wait
 * for, however often it is asked. */
static bool pass_on(struct connection *connection)
{
    struct call *call = connection->current;
    if (call == NULL)
        return connection->sync_awaited && PQstatus(connection->pg) != CONNECTION_BAD;
    connection->sync_awaited = call->sync_behind;
    connection->current = call->sync_behind ? NULL : call->next;
    return true;
}

static bool receive_one(struct connection *connection)
{
    PGresult *result = PQgetResult(connection->pg);
    if (result == NULL)
        return pass_on(connection);
    if (PQresultStatus(result) != PGRES_PIPELINE_SYNC) {
        keep_result(connection, result);
        return true;
    }
    PQclear(result);
    settle_group(connection);
    return true;
}

void connection_receive(struct connection *connection)
{
    if (!PQconsumeInput(connection->pg)) {
        connection_break(connection, PQerrorMessage(connection->pg));
        return;
    }
    /* Sending what waits, behind a sync, may find the connection dead. */
    while (connection->state == IS_UP && !connection->broken && connection->sent.first != NULL &&
           !PQisBusy(connection->pg) && receive_one(connection))
        ;
    if (connection->state == IS_UP && !connection->broken && PQstatus(connection->pg) == CONNECTION_BAD)
        connection_break(connection, PQerrorMessage(connection->pg));
}
