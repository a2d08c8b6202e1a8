/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 20000
#define GLANCE_MS   20

static const char schema[] = "create schema xuqi;"
                             "create table xuqi.note (id bigint primary key, body text not null);"
                             "create table xuqi.late (id bigint unique deferrable initially deferred);"
                             "create type xuqi.colour as enum ('red', 'green');"
                             "insert into xuqi.late values (1);";

int fixture_start(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    fixture->pg = pg_start();
    pg_run(fixture->pg, schema);
    *state = fixture;
    return 0;
}

int fixture_end(void **state)
{
    struct fixture *fixture = *state;
    pg_free(fixture->pg);
    free(fixture);
    return 0;
}

int fixture_loop(void **state)
{
    struct fixture *fixture = *state;
    fixture->loop = loop_new();
    fixture->arena = arena_new();
    fixture->wanted = 0;
    return 0;
}

int fixture_loop_end(void **state)
{
    struct fixture *fixture = *state;
    db_close(fixture->db);
    fixture->db = NULL;
    loop_free(fixture->loop);
    arena_free(fixture->arena);
    return 0;
}

void fixture_open(struct fixture *fixture, unsigned reads, unsigned writes, size_t queue_limit,
                  const struct db_statement *const *statements, size_t count)
{
    const struct db_options options = {.loop = fixture->loop,
                                       .conninfo = pg_conninfo(fixture->pg),
                                       .read_connections = reads,
                                       .write_connections = writes,
                                       .queue_limit = queue_limit,
                                       .statements = statements,
                                       .statement_count = count};
    db_close(fixture->db);
    fixture->db = NULL;
    assert_int_equal(db_open(&options, &fixture->db), OK);
}

void answer_keep(void *context, enum err err, const struct row *rows)
{
    struct answer *answer = context;
    answer->err = err;
    answer->times++;
    if (err == OK)
        answer->rows = row_count(rows);
    else
        assert_null(rows);
    if (err == OK && answer->rows > 0)
        answer->integer = row_integer(rows, 0, 0);
    if (answer->fixture->wanted > 0 && --answer->fixture->wanted == 0)
        loop_stop(answer->fixture->loop);
}

void fixture_call(struct fixture *fixture, const struct db_statement *statement, const struct db_param *params,
                  struct answer *answer)
{
    *answer = (struct answer){.fixture = fixture};
    assert_int_equal(db_call(fixture->db, statement, params, CALL_MS, answer_keep, answer), OK);
    assert_int_equal(answer->times, 0); /* never from inside db_call */
}

static void out_of_patience(void *context)
{
    struct fixture *fixture = context;
    loop_stop(fixture->loop);
}

void fixture_run(struct fixture *fixture, int64_t ms)
{
    struct loop_timer *timer = loop_timer_new(fixture->loop, out_of_patience, fixture);
    loop_timer_start(timer, ms);
    loop_run(fixture->loop);
    loop_timer_free(timer);
}

void fixture_wait(struct fixture *fixture, unsigned answers)
{
    fixture->wanted = answers;
    fixture_run(fixture, PATIENCE_MS);
    assert_int_equal(fixture->wanted, 0);
}

void fixture_wait_ready(struct fixture *fixture)
{
    for (int i = 0; i < PATIENCE_MS / GLANCE_MS && !db_ready(fixture->db); i++)
        fixture_run(fixture, GLANCE_MS);
    assert_true(db_ready(fixture->db));
}
