/* SPDX-License-Identifier: Apache-2.0 */
/* Losing a connection: what was under way, and when to try again. */
#include "base/log.h"
#include "base/text.h"
#include "store/db_internal.h"

#include <stdio.h>
#include <string.h>

void connection_break(struct connection *connection, const char *reason)
{
    if (connection->broken)
        return;
    connection->broken = true;
    snprintf(connection->reason, sizeof(connection->reason), "%.*s", (int)strcspn(reason, "\n"), reason);
    db_want_turn(connection->db);
}

/* A read is sent again by another connection or by this one when it is back; nobody knows what became of a write. */
static void leave_behind(struct db *db, struct call *call)
{
    enum db_kind kind = call->statement->kind;
    call->connection = NULL;
    PQclear(TAKE(call->result));
    if (call->done != NULL && kind == DB_READ && call->sends < DB_SENDS_MAX && !db->closed) {
        queue_put(&db->waiting[DB_READ], call);
        return;
    }
    deadline_remove(db, call);
    call_answer(call, kind == DB_READ ? ERR_DB_UNAVAILABLE : ERR_DB_UNKNOWN);
    call_end(db, call);
}

void db_connection_close(struct connection *connection)
{
    loop_watch_free(TAKE(connection->watch));
    loop_timer_stop(connection->timer);
    PQfinish(TAKE(connection->pg));
    connection->state = IS_DOWN;
    connection->broken = connection->retiring = connection->commit_doubtful = false;
    connection->sync_owed = connection->sync_awaited = false;
    connection->current = NULL;
    struct call *call;
    while ((call = queue_take(&connection->sent)) != NULL)
        leave_behind(connection->db, call);
}

/* Half of it to all of it, so that processes do not come in step. */
static int64_t pause_ms(const struct connection *connection)
{
    if (connection->failure == ERR_DB_SCHEMA)
        return DB_SCHEMA_PAUSE_MS;
    unsigned rounds = connection->attempts / conninfo_hosts(connection->db->conninfo);
    int64_t pause = DB_BACK_OFF_FIRST_MS;
    while (rounds-- > 0 && pause < DB_BACK_OFF_MAX_MS)
        pause *= 2;
    if (pause > DB_BACK_OFF_MAX_MS)
        pause = DB_BACK_OFF_MAX_MS;
    uint32_t random;
    random_bytes(&random, sizeof(random));
    return pause / 2 + random % (pause / 2 + 1);
}

void refuse_waiting(struct db *db, enum db_kind kind)
{
    struct call *call;
    while ((call = queue_take(&db->waiting[kind])) != NULL) {
        deadline_remove(db, call);
        call_answer(call, ERR_DB_UNAVAILABLE);
        call_end(db, call);
    }
}

void connection_lost(struct connection *connection)
{
    struct db *db = connection->db;
    if (connection->attempts <= 1) /* once per outage, not per attempt */
        log_warn("db", "%s connection %u is lost: %s", connection->kind == DB_READ ? "read" : "write",
                 connection->number, connection->reason);
    db_connection_close(connection);
    if (db->closed)
        return;
    loop_timer_start(connection->timer, pause_ms(connection));
    send_waiting(db, DB_READ);
    /* Writes that were never sent need not wait for a server that is away: their callers may come again. */
    if (!db_kind_up(db, DB_WRITE))
        refuse_waiting(db, DB_WRITE);
}
