/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines: one list in the order they fall due, one timer. A call that is due is answered, and its late result
 * dropped; one that stays unanswered much longer says that its connection is stuck. */
#include "base/clock.h"
#include "store/db_internal.h"

static void arm(struct db *db)
{
    if (db->soonest == NULL)
        return;
    int64_t due_ms = db->soonest->due_ms;
    if (db->deadline_armed_ms != 0 && db->deadline_armed_ms <= due_ms)
        return; /* fires early, and is armed again then: cheaper than moving it with every call */
    int64_t after_ms = due_ms - clock_monotonic_ms();
    loop_timer_start(db->deadline_timer, after_ms > 0 ? after_ms : 0);
    db->deadline_armed_ms = due_ms;
}

void deadline_put(struct db *db, struct call *call)
{
    struct call *before = db->latest;
    while (before != NULL && before->due_ms > call->due_ms)
        before = before->sooner;
    call->sooner = before;
    call->later = before != NULL ? before->later : db->soonest;
    *(call->sooner != NULL ? &call->sooner->later : &db->soonest) = call;
    *(call->later != NULL ? &call->later->sooner : &db->latest) = call;
    call->timed = true;
    arm(db);
}

void deadline_remove(struct db *db, struct call *call)
{
    if (!call->timed)
        return;
    *(call->sooner != NULL ? &call->sooner->later : &db->soonest) = call->later;
    *(call->later != NULL ? &call->later->sooner : &db->latest) = call->sooner;
    call->timed = false;
}

/* When a connection that says nothing has to be given up. The server stops each statement at its deadline, counted from
 * its beginning: a call may well be overdue only because of those before it. */
static int64_t stuck_at_ms(const struct connection *connection)
{
    return connection->answered_ms + DB_STUCK_FACTOR * connection->sent.first->deadline_ms;
}

static void expire(struct db *db, struct call *call, int64_t now_ms)
{
    enum db_kind kind = call->statement->kind;
    deadline_remove(db, call);
    if (call->connection == NULL) {
        queue_remove(&db->waiting[kind], call);
        call_answer(call, ERR_DB_UNAVAILABLE);
        call_end(db, call);
    } else if (call->done == NULL && stuck_at_ms(call->connection) <= now_ms) {
        connection_break(call->connection, "an answer is long overdue");
    } else {
        call->due_ms = stuck_at_ms(call->connection);
        if (call->due_ms <= now_ms)
            call->due_ms = now_ms + 1;
        deadline_put(db, call);
        call_answer(call, kind == DB_READ ? ERR_DB_UNAVAILABLE : ERR_DB_UNKNOWN);
    }
}

void deadline_fired(void *context)
{
    struct db *db = context;
    db->deadline_armed_ms = 0;
    db_enter(db);
    int64_t now_ms = clock_monotonic_ms();
    while (db->soonest != NULL && db->soonest->due_ms <= now_ms)
        expire(db, db->soonest, now_ms);
    arm(db);
    db_leave(db);
}
