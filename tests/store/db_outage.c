/* SPDX-License-Identifier: Apache-2.0 */
/* Broken connections, stuck servers, a cluster that goes away and comes back, and closing in the middle. */
#include "fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define GLANCE_MS 20

static const struct db_statement one = {
    .name = "test_one", .kind = DB_READ, .sql = "select 1::bigint", .params = "", .columns = "i"};
static const struct db_statement write_one = {
    .name = "test_write_one", .kind = DB_WRITE, .sql = "select 1::bigint", .params = "", .columns = "i"};
static const struct db_statement sleep_read = {.name = "test_sleep_read",
                                               .kind = DB_READ,
                                               .sql = "select $1 from pg_sleep($1 / 1000.0)",
                                               .params = "i",
                                               .columns = "i"};
static const struct db_statement sleep_write = {.name = "test_sleep_write",
                                                .kind = DB_WRITE,
                                                .sql = "select $1 from pg_sleep($1 / 1000.0)",
                                                .params = "i",
                                                .columns = "i"};
static const struct db_statement insert = {.name = "test_insert",
                                           .kind = DB_WRITE,
                                           .sql = "insert into note values ($1, '') returning id",
                                           .params = "i",
                                           .columns = "i"};
static const struct db_statement pid = {
    .name = "test_pid", .kind = DB_WRITE, .sql = "select pg_backend_pid()::bigint", .params = "", .columns = "i"};
static const struct db_statement read_note = {
    .name = "test_read_note", .kind = DB_READ, .sql = "select body from note", .params = "", .columns = "t"};
static const struct db_statement *const statements[] = {&one,    &write_one, &sleep_read, &sleep_write,
                                                        &insert, &pid,       &read_note};

#define KILL "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'xuqid'"

static struct fixture *open_fixture(void **state, unsigned reads, unsigned writes)
{
    struct fixture *fixture = *state;
    fixture_open(fixture, reads, writes, 100, statements, ARRAY_SIZE(statements));
    return fixture;
}

static void call_sleep(struct fixture *fixture, const struct db_statement *statement, int64_t ms, struct answer *answer)
{
    const struct db_param param = db_integer(ms);
    fixture_call(fixture, statement, &param, answer);
}

/* Every kind answers again, without a restart. */
static void works_again(struct fixture *fixture)
{
    struct answer read, write;
    fixture_wait_ready(fixture);
    fixture_call(fixture, &one, NULL, &read);
    fixture_call(fixture, &write_one, NULL, &write);
    fixture_wait(fixture, 2);
    assert_int_equal(read.err, OK);
    assert_int_equal(write.err, OK);
}

static void a_killed_backend_repeats_reads_and_leaves_writes_unknown(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer read[3], write[3];
    for (int i = 0; i < 3; i++) {
        call_sleep(fixture, &sleep_read, 100, &read[i]);
        call_sleep(fixture, &sleep_write, 100, &write[i]);
    }
    fixture_run(fixture, 30);
    pg_run(fixture->pg, KILL);
    fixture_wait(fixture, 6);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(read[i].err, OK);
        assert_int_equal(read[i].integer, 100);
        assert_int_equal(read[i].times, 1);
        assert_int_equal(write[i].err, ERR_DB_UNKNOWN);
        assert_int_equal(write[i].times, 1);
    }
    works_again(fixture);
}

static void idle_connections_that_are_killed_come_back(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 4);
    pg_run(fixture->pg, KILL);
    fixture_run(fixture, 30);
    assert_false(db_ready(fixture->db));
    works_again(fixture);
}

static void other_connections_go_on_when_one_is_killed(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 2);
    struct answer answers[10];
    pg_run(fixture->pg, "select pg_terminate_backend(max(pid)) from pg_stat_activity where application_name = 'xuqid'");
    fixture_run(fixture, 30);
    assert_true(db_ready(fixture->db));
    for (int i = 0; i < 10; i++)
        fixture_call(fixture, &write_one, NULL, &answers[i]);
    fixture_wait(fixture, 10);
    for (int i = 0; i < 10; i++)
        assert_int_equal(answers[i].err, OK);
}

static void without_a_server_calls_fail_at_once_and_work_after_its_return(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 2);
    struct answer under_way[2], refused = {.fixture = fixture};
    call_sleep(fixture, &sleep_read, 200, &under_way[0]);
    call_sleep(fixture, &sleep_write, 200, &under_way[1]);
    fixture_run(fixture, 30);
    pg_crash(fixture->pg);
    fixture_wait(fixture, 1);
    assert_int_equal(under_way[1].err, ERR_DB_UNKNOWN);
    assert_false(db_ready(fixture->db));
    assert_int_equal(db_call(fixture->db, &write_one, NULL, CALL_MS, answer_keep, &refused), ERR_DB_UNAVAILABLE);
    assert_int_equal(db_call(fixture->db, &one, NULL, CALL_MS, answer_keep, &refused), ERR_DB_UNAVAILABLE);
    fixture_run(fixture, 500);
    pg_restart(fixture->pg);
    fixture_wait(fixture, 1);
    assert_int_equal(under_way[0].err, OK);
    works_again(fixture);
    assert_int_equal(refused.times, 0);
}

static void a_read_waits_for_the_server_no_longer_than_its_deadline(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer read = {.fixture = fixture};
    const struct db_param param = db_integer(300);
    assert_int_equal(db_call(fixture->db, &sleep_read, &param, 600, answer_keep, &read), OK);
    fixture_run(fixture, 30);
    pg_crash(fixture->pg);
    fixture_wait(fixture, 1);
    assert_int_equal(read.err, ERR_DB_UNAVAILABLE);
    assert_int_equal(db_waiting(fixture->db), 0);
    pg_restart(fixture->pg);
    works_again(fixture);
}

static void a_stuck_server_process_is_given_up_after_two_deadlines(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer backend, stuck = {.fixture = fixture};
    fixture_call(fixture, &pid, NULL, &backend);
    fixture_wait(fixture, 1);
    kill((pid_t)backend.integer, SIGSTOP);
    assert_int_equal(db_call(fixture->db, &write_one, NULL, 100, answer_keep, &stuck), OK);
    fixture_wait(fixture, 1);
    assert_int_equal(stuck.err, ERR_DB_UNKNOWN);
    assert_true(db_ready(fixture->db));
    fixture_run(fixture, 130);
    works_again(fixture);
    struct answer other;
    fixture_call(fixture, &pid, NULL, &other);
    fixture_wait(fixture, 1);
    assert_int_not_equal(other.integer, backend.integer);
    assert_int_equal(stuck.times, 1);
    kill((pid_t)backend.integer, SIGCONT);
}

static void a_server_that_became_read_only_is_left(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer before, write;
    const struct db_param param = db_integer(1);
    fixture_call(fixture, &pid, NULL, &before);
    fixture_wait(fixture, 1);
    pg_run(fixture->pg, "alter system set default_transaction_read_only = on");
    pg_run(fixture->pg, "select pg_reload_conf()");
    fixture_run(fixture, 200);
    fixture_call(fixture, &insert, &param, &write);
    fixture_wait(fixture, 1);
    assert_int_equal(write.err, ERR_DB_UNAVAILABLE);
    fixture_run(fixture, 300);
    assert_false(db_ready(fixture->db)); /* target_session_attrs=read-write */
    pg_run(fixture->pg, "alter system reset default_transaction_read_only");
    pg_run(fixture->pg, "select pg_reload_conf()");
    works_again(fixture);
    fixture_call(fixture, &insert, &param, &write);
    fixture_wait(fixture, 1);
    assert_int_equal(write.err, OK);
    pg_run(fixture->pg, "truncate xuqi.note");
}

static void a_commit_that_no_standby_confirmed_is_unknown(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer write, next;
    const struct db_param param = db_integer(7), after = db_integer(8);
    pg_run(fixture->pg, "alter system set synchronous_standby_names = 'nobody'");
    pg_run(fixture->pg, "select pg_reload_conf()");
    fixture_run(fixture, 200);
    fixture_call(fixture, &insert, &param, &write);
    fixture_run(fixture, 200);
    assert_int_equal(write.times, 0);
    pg_run(fixture->pg, "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'");
    fixture_wait(fixture, 1);
    assert_int_equal(write.err, ERR_DB_UNKNOWN);
    pg_run(fixture->pg, "alter system reset synchronous_standby_names");
    pg_run(fixture->pg, "select pg_reload_conf()");
    fixture_run(fixture, 200);
    fixture_call(fixture, &insert, &after, &next);
    fixture_wait(fixture, 1);
    assert_int_equal(next.err, OK);
    char *count = pg_value(fixture->pg, "select count(*) from xuqi.note");
    assert_string_equal(count, "2");
    free(count);
    pg_run(fixture->pg, "truncate xuqi.note");
}

static void a_schema_that_changed_meanwhile_keeps_the_connection_down(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    pg_run(fixture->pg, "alter table xuqi.note alter body type bytea using ''");
    pg_run(fixture->pg, KILL);
    fixture_run(fixture, 500);
    assert_false(db_ready(fixture->db));
    pg_run(fixture->pg, "alter table xuqi.note alter body type text using ''");
    works_again(fixture);
}

static void closing_answers_what_is_under_way(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer read[3], write[12];
    for (int i = 0; i < 3; i++)
        call_sleep(fixture, &sleep_read, 1000, &read[i]);
    for (int i = 0; i < 12; i++)
        call_sleep(fixture, &sleep_write, 1000, &write[i]);
    fixture_run(fixture, 30);
    db_close(fixture->db);
    fixture->db = NULL;
    for (int i = 0; i < 3; i++)
        assert_true(read[i].times == 1 && read[i].err == ERR_DB_UNAVAILABLE);
    for (int i = 0; i < 12; i++) {
        bool sent = i < 8; /* as deep as a connection goes */
        assert_int_equal(write[i].times, 1);
        assert_int_equal(write[i].err, sent ? ERR_DB_UNKNOWN : ERR_DB_UNAVAILABLE);
    }
}

static void closing_before_the_turn_ends_answers_too(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer read;
    fixture_call(fixture, &one, NULL, &read);
    db_close(fixture->db);
    fixture->db = NULL;
    assert_int_equal(read.err, ERR_DB_UNAVAILABLE);
    fixture_run(fixture, 20);
}

static void close_inside(void *context, enum err err, const struct row *rows)
{
    struct answer *answer = context;
    struct fixture *fixture = answer->fixture;
    db_close(fixture->db);
    fixture->db = NULL;
    answer_keep(answer, err, rows); /* the rows live as long as this call */
}

static void closing_inside_an_answer_answers_the_others(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer first = {.fixture = fixture}, others[6];
    for (int i = 0; i < 3; i++) {
        fixture_call(fixture, &one, NULL, &others[i]);
        fixture_call(fixture, &write_one, NULL, &others[3 + i]);
    }
    assert_int_equal(db_call(fixture->db, &one, NULL, CALL_MS, close_inside, &first), OK);
    fixture_wait(fixture, 7);
    assert_int_equal(first.err, OK);
    assert_int_equal(first.integer, 1);
    for (int i = 0; i < 6; i++)
        assert_int_equal(others[i].times, 1);
}

static void closing_while_the_server_is_away_leaves_nothing(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 2);
    struct answer read;
    call_sleep(fixture, &sleep_read, 3000, &read);
    fixture_run(fixture, 30);
    pg_crash(fixture->pg);
    fixture_run(fixture, 250);
    db_close(fixture->db);
    fixture->db = NULL;
    assert_int_equal(read.err, ERR_DB_UNAVAILABLE);
    pg_restart(fixture->pg);
}

static void closing_nothing_is_fine(void **state)
{
    (void)state;
    db_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_loop, fixture_loop_end)
        T(a_killed_backend_repeats_reads_and_leaves_writes_unknown),
        T(idle_connections_that_are_killed_come_back),
        T(other_connections_go_on_when_one_is_killed),
        T(without_a_server_calls_fail_at_once_and_work_after_its_return),
        T(a_read_waits_for_the_server_no_longer_than_its_deadline),
        T(a_stuck_server_process_is_given_up_after_two_deadlines),
        T(a_server_that_became_read_only_is_left),
        T(a_commit_that_no_standby_confirmed_is_unknown),
        T(a_schema_that_changed_meanwhile_keeps_the_connection_down),
        T(closing_answers_what_is_under_way),
        T(closing_before_the_turn_ends_answers_too),
        T(closing_inside_an_answer_answers_the_others),
        T(closing_while_the_server_is_away_leaves_nothing),
        T(closing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, fixture_start, fixture_end);
}
