/* SPDX-License-Identifier: Apache-2.0 */
/* A cluster, a loop and a database client for one test file; and calls whose answers are kept. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/loop.h"
#include "store/db.h"
#include "support/pg.h"

#define CALL_MS 5000 /* the usual deadline */

struct fixture {
    struct pg *pg;
    struct loop *loop;
    struct db *db;
    struct arena *arena;
    unsigned wanted; /* answers until fixture_wait ends */
};

struct answer {
    struct fixture *fixture;
    enum err err;
    unsigned times; /* done was called */
    size_t rows;
    int64_t integer; /* of a statement with the columns "i" */
};

/* Per file: the cluster with a few tables. Per test: loop, arena, client. */
int fixture_start(void **state);
int fixture_end(void **state);
int fixture_loop(void **state);
int fixture_loop_end(void **state);

/* Replaces the client by one with these numbers of connections. */
void fixture_open(struct fixture *fixture, unsigned reads, unsigned writes, size_t queue_limit,
                  const struct db_statement *const *statements, size_t count);
/* A done that keeps err, the number of rows and, for columns "i", the first integer. */
void answer_keep(void *context, enum err err, const struct row *rows);
/* Calls with CALL_MS; what db_call says must be OK. */
void fixture_call(struct fixture *fixture, const struct db_statement *statement, const struct db_param *params,
                  struct answer *answer);
/* Runs the loop until as many calls were answered, at most 20 s. */
void fixture_wait(struct fixture *fixture, unsigned answers);
/* Runs the loop for so long. */
void fixture_run(struct fixture *fixture, int64_t ms);
/* Runs the loop until the client is ready again, at most 20 s. */
void fixture_wait_ready(struct fixture *fixture);
