/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the database client share. Calls wait in their kind's queue or belong to one connection, in the
 * order they were sent; they stay there until the sync behind them has been answered, because a transaction commits at
 * its sync (PostgreSQL 15, 55.2.4) and not when its rows arrive. */
#pragma once

#include "base/cleanup.h"
#include "base/mem.h"
#include "store/db.h"

#include <libpq-fe.h>

DEFINE_CLEANUP(PGresult, PQclear)

#define DB_KINDS              2
#define DB_PARAMS_MAX         64
#define DB_CALL_BYTES_MAX     ((size_t)64 << 20) /* parameters of one call together */
#define DB_WRITE_DEPTH        8    /* sent and unanswered on one connection: what a broken one leaves unknown */
#define DB_SENDS_MAX          3    /* of one read: first, without its batch, after a break */
#define DB_CONNECT_MS         2000 /* for one host: connect, TLS, authentication, preparing */
#define DB_BACK_OFF_FIRST_MS  100
#define DB_BACK_OFF_MAX_MS    2000
#define DB_SCHEMA_PAUSE_MS    10000 /* somebody is migrating, and each attempt logs */
#define DB_STUCK_FACTOR       2     /* a call unanswered for this many deadlines: its connection is given up */
#define DB_REASON_SIZE        256
#define DB_IDLE_TRANSACTION_S 10

struct call {
    struct call *next;             /* in its queue */
    struct call *sooner, *later;   /* by deadline */
    struct connection *connection; /* NULL while waiting */
    const struct db_statement *statement;
    db_done *done; /* NULL: answered already, or ours */
    void *context;
    PGresult *result; /* until the sync is answered */
    enum err outcome; /* of a finished call */
    int64_t due_ms;   /* monotonic */
    int64_t deadline_ms;
    unsigned sends;
    bool sync_behind; /* the last one before a sync */
    bool alone;       /* a sync of its own */
    bool timed;       /* in the list of deadlines */
    int count;        /* parameters */
    const char **values;
    int *lengths;
};

struct call_queue {
    struct call *first, *last;
    size_t length;
};

enum connection_state {
    IS_DOWN,       /* until its timer fires */
    IS_CONNECTING, /* libpq's connect dialogue */
    IS_PREPARING,  /* every statement prepared and compared */
    IS_UP,
};

#define DB_WRITER_SIZE  96
#define DB_WRITER_LINE  192 /* of its line in the file */
#define DB_WRITER_SHOWN 32  /* octets of a MAC */

/* The last event that a session wrote. */
struct writer_head {
    char writer[DB_WRITER_SIZE];
    bool told;   /* of an event whose transaction is not over */
    int64_t seq; /* what was told */
    char mac[2 * DB_WRITER_SHOWN + 1];
    int64_t place; /* of its line; -1: none yet */
};

struct connection {
    struct db *db;
    enum db_kind kind;
    unsigned number;
    enum connection_state state;
    PGconn *pg;
    struct loop_watch *watch;
    struct loop_timer *timer; /* of connecting, or of the pause before it */
    bool wants_read, wants_write;
    size_t steps;      /* answers received while preparing */
    enum err failure;  /* what preparing found */
    unsigned attempts; /* since it was last up */
    struct call_queue sent;
    int64_t answered_ms;          /* the last sync answered, or the first call sent after it; monotonic */
    struct call *current;         /* of sent: whose results come next; NULL behind a sync and when there is none */
    bool sync_owed;               /* sent calls that no sync follows yet */
    bool sync_awaited;            /* the answer to a sync comes next */
    bool broken;                  /* given up at the end of this turn */
    bool retiring;                /* takes no more calls, given up when the last one is answered */
    bool commit_doubtful;         /* the commit under way was not confirmed by a standby */
    int64_t statement_timeout_ms; /* set in the session */
    struct writer_head head;
    char reason[DB_REASON_SIZE];
};

struct conninfo;
struct writer_file;

struct db {
    struct loop *loop;
    struct conninfo *conninfo;
    struct db_options options;
    struct writer_file *writer_file;        /* NULL: the sessions are nobody's */
    const struct db_statement **statements; /* the caller's and ours */
    size_t statement_count;
    struct connection *connections;
    size_t connection_count;
    struct call_queue waiting[DB_KINDS]; /* not sent, or to be sent again */
    struct call_queue finished;          /* to be answered within this handler */
    struct call *soonest, *latest;
    size_t call_count;
    struct loop_timer *turn_timer; /* what is due at the end of a turn */
    bool turn_due;
    struct loop_timer *deadline_timer;
    int64_t deadline_armed_ms; /* 0: not armed */
    unsigned entered;          /* depth of handlers that may answer calls */
    bool closed;
};

/* db.c */
/* Around everything that may answer calls: db_close inside an answer takes effect at the outermost leave. */
void db_enter(struct db *db);
void db_leave(struct db *db);
/* Has db_end_turn called at the end of this turn. */
void db_want_turn(struct db *db);
bool db_kind_up(const struct db *db, enum db_kind kind);

/* db_call.c */
struct call *call_new(const struct db_statement *statement, const struct db_param *params, size_t bytes);
size_t call_bytes(const struct db_statement *statement, const struct db_param *params);
void queue_put(struct call_queue *queue, struct call *call);
/* At its front. */
void queue_put_back(struct call_queue *queue, struct call *call);
struct call *queue_take(struct call_queue *queue);
void queue_remove(struct call_queue *queue, struct call *call);
/* Hands err or the call's result to its caller, unless that has been done. */
void call_answer(struct call *call, enum err err);
/* Takes the call out of the deadlines and frees it. */
void call_end(struct db *db, struct call *call);

/* db_deadline.c */
void deadline_put(struct db *db, struct call *call);
void deadline_remove(struct db *db, struct call *call);
void deadline_fired(void *db);

/* db_send.c */
extern const struct db_statement db_set_statement_timeout;
/* Sends what waits, as far as connections have room. */
void send_waiting(struct db *db, enum db_kind kind);
void send_syncs(struct db *db);
void connection_flush(struct connection *connection);
bool connection_usable(const struct connection *connection);

/* db_receive.c */
void connection_receive(struct connection *connection);
void answer_finished(struct db *db);
void connection_notice(void *connection, const PGresult *notice);

/* db_writer.c */
/* The file of this process in the folder, made with it; ERR_SETTINGS_INVALID, logged. */
enum err writer_open(const struct db_writer *writer, struct writer_file **out);
void writer_close(struct writer_file *file);
/* A name for the session that begins; sends the setting that holds it and its first key, answered with one row. */
bool writer_begin(struct connection *connection);
/* Whether the notice said what the session wrote; it counts once its transaction is committed. */
bool writer_told(struct connection *connection, const char *message);
void writer_settle(struct connection *connection, bool committed);

/* db_lost.c */
/* Remembers why and has the connection given up at the end of this turn. */
void connection_break(struct connection *connection, const char *reason);
/* Closes it; what was under way is answered or waits for another connection. No new attempt is planned. */
void db_connection_close(struct connection *connection);
/* db_connection_close, a log line, and the next attempt after a pause. */
void connection_lost(struct connection *connection);
/* Answers what waits with ERR_DB_UNAVAILABLE. */
void refuse_waiting(struct db *db, enum db_kind kind);

/* db_connect.c */
void connect_start(struct connection *connection);
/* Goes on as far as possible without waiting; sets wants_read and wants_write. */
void connect_step(struct connection *connection);
/* Connects on the loop. */
void connect_on_loop(void *connection);
/* Connects within DB_CONNECT_MS per host, waiting. */
enum err connect_waiting(struct connection *connection);

/* db_conninfo.c */
/* ERR_DB_UNAVAILABLE after logging what libpq says about it. */
enum err conninfo_parse(const char *text, struct conninfo **out);
void conninfo_free(struct conninfo *conninfo);
unsigned conninfo_hosts(const struct conninfo *conninfo);
PGconn *conninfo_connect(const struct conninfo *conninfo, unsigned host);

/* db_schema.c */
Oid schema_oid(char letter);
Oid schema_element_oid(char letter);
/* timestamptz counts microseconds from 2000-01-01; INT64_MAX and INT64_MIN stand for its infinities on both sides. */
int64_t schema_time_to_wire(int64_t unix_us);
int64_t schema_time_from_wire(int64_t wire_us);
/* Compares a description with the declaration; logs the first difference. */
enum err schema_check(const struct db_statement *statement, const PGresult *description);
/* Aborts on a declaration that no database could satisfy. */
void schema_check_declaration(const struct db_statement *statement);

/* row.c */
struct row {
    const PGresult *result;
    const char *columns;
};
