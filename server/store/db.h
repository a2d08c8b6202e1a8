/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL (libpq in pipeline mode on the loop). A statement is declared once, prepared on every connection at
 * connect time and compared with the database's own description, so that a schema mismatch fails at start and names it.
 * Reads share few connections with one sync per loop turn; writes are spread over several, each followed by its own
 * sync. Lost connections come back with back-off; calls have deadlines; a full queue is told at once. Only this room
 * sees PGresult. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/loop.h"

#include <stdbool.h>
#include <stddef.h>

#define DB_WRITER_KEY_SIZE 32

struct db;
struct row;

enum db_kind {
    DB_READ,  /* may be sent again by itself when its connection breaks */
    DB_WRITE, /* never sent twice by us: a break after sending is ERR_DB_UNKNOWN */
};

/* params and columns: one letter each. t text, i int8, b bytea, o bool, z timestamptz (int64 unix microseconds),
 * T text[], I int8[], B bytea[], Z timestamptz[]. Columns may be of any of these but arrays. */
struct db_statement {
    const char *name;
    enum db_kind kind;
    const char *sql; /* $1…; never built at run time */
    const char *params;
    const char *columns;
};

struct db_param {
    char type;
    bool null;
    union {
        const char *text;
        int64_t integer; /* i, o, z */
        struct bytes bytes;
        struct {
            const char *const *texts;
            size_t count;
        } text_array;
        struct {
            const int64_t *integers; /* I, Z */
            size_t count;
        } integer_array;
        struct {
            const struct bytes *bytes;
            size_t count;
        } bytes_array;
    };
};

struct db_param db_text(const char *text); /* NULL: null */
struct db_param db_integer(int64_t value);
struct db_param db_bytes(struct bytes bytes); /* data NULL: null */
struct db_param db_boolean(bool value);
struct db_param db_time(int64_t unix_us);
struct db_param db_texts(const char *const *texts, size_t count);
struct db_param db_integers(const int64_t *values, size_t count);
struct db_param db_bytes_each(const struct bytes *values, size_t count); /* data NULL: null */
struct db_param db_times(const int64_t *unix_us, size_t count);

/* Called on the loop, exactly once per call. rows is valid during the call only; on error it is NULL. */
typedef void db_done(void *context, enum err err, const struct row *rows);

size_t row_count(const struct row *rows);
bool row_is_null(const struct row *rows, size_t row, size_t column);
/* Copied into arena; "" for null (bytes: {NULL, 0}). Asking for another type than declared aborts. */
const char *row_text(const struct row *rows, size_t row, size_t column, struct arena *arena);
int64_t row_integer(const struct row *rows, size_t row, size_t column);
bool row_boolean(const struct row *rows, size_t row, size_t column);
int64_t row_time(const struct row *rows, size_t row, size_t column);
struct bytes row_bytes(const struct row *rows, size_t row, size_t column, struct arena *arena);

/* What makes this process's sessions writers onto the audit trail: each gets a name of its own and a key that only they
 * and who verifies know, and what each has written last is kept in a file of the folder, outside of the database. */
struct db_writer {
    const char *role; /* begins the sessions' names */
    const char *folder;
    void (*derive)(const void *key, const char *writer, uint8_t out[static DB_WRITER_KEY_SIZE]);
    const void *key;
};

struct db_options {
    struct loop *loop;
    const char *conninfo;
    unsigned read_connections, write_connections;
    size_t queue_limit; /* calls waiting or under way; more are ERR_BUSY */
    const struct db_statement *const *statements;
    size_t statement_count;
    const struct db_writer *writer; /* NULL: what these sessions write is nobody's */
};

/* Opens every connection, prepares and checks every statement, blocking. ERR_DB_UNAVAILABLE, or ERR_DB_SCHEMA after
 * logging the statement's name and what differs. */
enum err db_open(const struct db_options *options, struct db **db) MUST_CHECK;
/* Calls under way end with ERR_DB_UNAVAILABLE or ERR_DB_UNKNOWN. NULL is fine. */
void db_close(struct db *db);

/* Parameters are copied. ERR_BUSY or ERR_DB_UNAVAILABLE: done is not called. After deadline_ms done gets
 * ERR_DB_UNAVAILABLE (not sent, or a read) or ERR_DB_UNKNOWN. A constraint or raise is ERR_DB_REFUSED, logged with its
 * SQLSTATE and message; 40001 and 40P01 are ERR_BUSY. */
enum err db_call(struct db *db, const struct db_statement *statement, const struct db_param *params,
                 int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
/* At least one connection of each kind is up. */
bool db_ready(const struct db *db);
size_t db_waiting(const struct db *db);
