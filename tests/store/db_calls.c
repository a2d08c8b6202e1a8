/* SPDX-License-Identifier: Apache-2.0 */
/* Many calls at once: each gets its own answer, and only its own failure. */
#include "fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MANY     1000
#define LOG_SIZE 65536

static const struct db_statement twice = {
    .name = "test_twice", .kind = DB_READ, .sql = "select $1 * 2", .params = "i", .columns = "i"};
static const struct db_statement divide = {
    .name = "test_divide", .kind = DB_READ, .sql = "select 100 / $1", .params = "i", .columns = "i"};
static const struct db_statement insert = {.name = "test_insert",
                                           .kind = DB_WRITE,
                                           .sql = "insert into note values ($1, $2) returning id",
                                           .params = "it",
                                           .columns = "i"};
static const struct db_statement empty = {
    .name = "test_empty", .kind = DB_WRITE, .sql = "delete from note", .params = "", .columns = ""};
static const struct db_statement insert_late = {.name = "test_insert_late",
                                                .kind = DB_WRITE,
                                                .sql = "insert into late values ($1) returning id",
                                                .params = "i",
                                                .columns = "i"};
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
static const struct db_statement pid = {
    .name = "test_pid", .kind = DB_WRITE, .sql = "select pg_backend_pid()::bigint", .params = "", .columns = "i"};
static const struct db_statement cast_text = {
    .name = "test_cast_text", .kind = DB_READ, .sql = "select $1::bigint", .params = "t", .columns = "i"};
static const struct db_statement *const statements[] = {&twice,      &divide,      &insert, &empty,    &insert_late,
                                                        &sleep_read, &sleep_write, &pid,    &cast_text};

static struct fixture *open_fixture(void **state, unsigned reads, unsigned writes)
{
    struct fixture *fixture = *state;
    fixture_open(fixture, reads, writes, MANY * 2, statements, ARRAY_SIZE(statements));
    return fixture;
}

static void call_integer(struct fixture *fixture, const struct db_statement *statement, int64_t value,
                         struct answer *answer)
{
    const struct db_param params[] = {db_integer(value), db_text("x")};
    fixture_call(fixture, statement, params, answer);
}

static void a_thousand_reads_and_writes_get_their_own_answers(void **state)
{
    struct fixture *fixture = open_fixture(state, 2, 4);
    static struct answer answers[MANY];
    for (int64_t i = 0; i < MANY; i++)
        call_integer(fixture, i % 3 == 0 ? &insert : &twice, i, &answers[i]);
    assert_int_equal(db_waiting(fixture->db) >= MANY, 1);
    fixture_wait(fixture, MANY);
    for (int64_t i = 0; i < MANY; i++) {
        assert_int_equal(answers[i].err, OK);
        assert_int_equal(answers[i].times, 1);
        assert_int_equal(answers[i].rows, 1);
        assert_int_equal(answers[i].integer, i % 3 == 0 ? i : i * 2);
    }
    assert_int_equal(db_waiting(fixture->db), 0);
    pg_run(fixture->pg, "truncate xuqi.note");
}

static void a_failing_read_takes_no_neighbour_along(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer answers[40];
    for (int64_t i = 0; i < 40; i++)
        call_integer(fixture, &divide, i % 10 == 3 ? 0 : 10, &answers[i]);
    fixture_wait(fixture, 40);
    for (int i = 0; i < 40; i++) {
        assert_int_equal(answers[i].err, i % 10 == 3 ? ERR_DB_REFUSED : OK);
        assert_int_equal(answers[i].times, 1);
    }
}

static void a_failing_write_takes_no_neighbour_along(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer answers[40];
    for (int64_t i = 0; i < 40; i++)
        call_integer(fixture, &insert, i % 10 == 3 ? 2 : i, &answers[i]);
    fixture_wait(fixture, 40);
    for (int i = 0; i < 40; i++)
        assert_int_equal(answers[i].err, i % 10 == 3 ? ERR_DB_REFUSED : OK);
    char *count = pg_value(fixture->pg, "select count(*) from xuqi.note");
    assert_string_equal(count, "36");
    free(count);
    pg_run(fixture->pg, "truncate xuqi.note");
}

static void a_failure_at_commit_is_the_call_s_failure(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer answers[20];
    for (int64_t i = 0; i < 20; i++)
        call_integer(fixture, &insert_late, i % 4 == 1 ? 1 : 100 + i, &answers[i]);
    fixture_wait(fixture, 20);
    for (int i = 0; i < 20; i++)
        assert_int_equal(answers[i].err, i % 4 == 1 ? ERR_DB_REFUSED : OK);
    pg_run(fixture->pg, "delete from xuqi.late where id > 1");
}

static void a_statement_without_rows_answers_no_rows(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer answer;
    fixture_call(fixture, &empty, NULL, &answer);
    fixture_wait(fixture, 1);
    assert_int_equal(answer.err, OK);
    assert_int_equal(answer.rows, 0);
}

static void a_full_queue_is_told_at_once(void **state)
{
    struct fixture *fixture = *state;
    fixture_open(fixture, 1, 1, 3, statements, ARRAY_SIZE(statements));
    struct answer answers[4] = {0};
    const struct db_param param = db_integer(1);
    for (int i = 0; i < 2; i++) /* the third place is taken by setting the deadline */
        fixture_call(fixture, &twice, &param, &answers[i]);
    assert_int_equal(db_call(fixture->db, &twice, &param, CALL_MS, answer_keep, &answers[3]), ERR_BUSY);
    fixture_wait(fixture, 2);
    fixture_run(fixture, 1);
    assert_int_equal(answers[3].times, 0);
    fixture_call(fixture, &twice, &param, &answers[3]);
    fixture_wait(fixture, 1);
    assert_int_equal(answers[3].err, OK);
}

static void a_read_past_its_deadline_is_unavailable(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer slow = {.fixture = fixture}, next;
    const struct db_param param = db_integer(1000);
    assert_int_equal(db_call(fixture->db, &sleep_read, &param, 100, answer_keep, &slow), OK);
    fixture_wait(fixture, 1);
    assert_int_equal(slow.err, ERR_DB_UNAVAILABLE);
    call_integer(fixture, &twice, 21, &next); /* the server stopped the slow one: its connection lives */
    fixture_wait(fixture, 1);
    assert_int_equal(next.integer, 42);
    assert_int_equal(slow.times, 1);
}

/* The server says nothing at all until the deadline is over: had it stopped the write in time, that would be known. */
static void a_write_past_its_deadline_is_unknown(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer server, slow = {.fixture = fixture};
    const struct db_param param = db_integer(0);
    fixture_call(fixture, &pid, NULL, &server);
    fixture_wait(fixture, 1);
    kill((pid_t)server.integer, SIGSTOP);
    assert_int_equal(db_call(fixture->db, &sleep_write, &param, 400, answer_keep, &slow), OK);
    fixture_wait(fixture, 1);
    kill((pid_t)server.integer, SIGCONT);
    assert_int_equal(slow.err, ERR_DB_UNKNOWN);
    fixture_run(fixture, 300);
    assert_int_equal(slow.times, 1);
    assert_int_equal(db_waiting(fixture->db), 0);
}

static void a_write_that_was_never_sent_is_unavailable_at_its_deadline(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer slow[8], last = {.fixture = fixture};
    const struct db_param param = db_integer(50);
    for (int i = 0; i < 8; i++)
        call_integer(fixture, &sleep_write, 100, &slow[i]);
    assert_int_equal(db_call(fixture->db, &sleep_write, &param, 40, answer_keep, &last), OK);
    fixture_wait(fixture, 1);
    assert_int_equal(last.err, ERR_DB_UNAVAILABLE);
    fixture_wait(fixture, 8);
    for (int i = 0; i < 8; i++)
        assert_int_equal(slow[i].err, OK);
}

static void deadlines_of_one_connection_may_differ(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer answers[4];
    const struct db_param param = db_integer(150);
    for (int i = 0; i < 4; i++) {
        answers[i] = (struct answer){.fixture = fixture};
        int64_t deadline_ms = i % 2 == 0 ? 3000 : 100;
        assert_int_equal(db_call(fixture->db, &sleep_write, &param, deadline_ms, answer_keep, &answers[i]), OK);
    }
    fixture_wait(fixture, 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(answers[i].err, i % 2 == 0 ? OK : ERR_DB_UNKNOWN);
}

struct chain {
    struct answer answer;
    int left;
};

static void call_again(void *context, enum err err, const struct row *rows)
{
    struct chain *chain = context;
    struct fixture *fixture = chain->answer.fixture;
    const struct db_param param = db_integer(chain->left);
    assert_int_equal(err, OK);
    if (chain->left-- == 0)
        answer_keep(&chain->answer, err, rows);
    else
        assert_int_equal(
            db_call(fixture->db, chain->left % 2 == 0 ? &sleep_write : &twice, &param, CALL_MS, call_again, chain), OK);
}

static void calls_may_be_made_from_answers(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 2);
    struct chain chains[8];
    const struct db_param param = db_integer(1);
    for (int i = 0; i < 8; i++) {
        chains[i] = (struct chain){.answer = {.fixture = fixture}, .left = 50};
        assert_int_equal(db_call(fixture->db, &twice, &param, CALL_MS, call_again, &chains[i]), OK);
    }
    fixture_wait(fixture, 8);
    assert_int_equal(db_waiting(fixture->db), 0);
}

static void refusals_are_logged_without_values(void **state)
{
    struct fixture *fixture = open_fixture(state, 1, 1);
    struct answer answers[3];
    const struct db_param secret = db_text("440301199001011234x");
    const struct db_param row[] = {db_integer(440301), db_text("secret body")};
    FILE *file = tmpfile();
    int standard_error = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    fixture_call(fixture, &cast_text, &secret, &answers[0]);
    fixture_call(fixture, &insert, row, &answers[1]);
    fixture_call(fixture, &insert, row, &answers[2]);
    fixture_wait(fixture, 3);
    dup2(standard_error, STDERR_FILENO);
    close(standard_error);
    static char log[LOG_SIZE];
    rewind(file);
    log[fread(log, 1, sizeof(log) - 1, file)] = '\0';
    fclose(file);
    assert_int_equal(answers[0].err, ERR_DB_REFUSED);
    assert_int_equal(answers[2].err, ERR_DB_REFUSED);
    assert_non_null(strstr(log, "test_cast_text failed with SQLSTATE 22P02"));
    assert_non_null(strstr(log, "test_insert failed with SQLSTATE 23505: duplicate key value violates"));
    assert_null(strstr(log, "440301"));
    assert_null(strstr(log, "secret"));
    pg_run(fixture->pg, "truncate xuqi.note");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_loop, fixture_loop_end)
        T(a_thousand_reads_and_writes_get_their_own_answers),
        T(a_failing_read_takes_no_neighbour_along),
        T(a_failing_write_takes_no_neighbour_along),
        T(a_failure_at_commit_is_the_call_s_failure),
        T(a_statement_without_rows_answers_no_rows),
        T(a_full_queue_is_told_at_once),
        T(a_read_past_its_deadline_is_unavailable),
        T(a_write_past_its_deadline_is_unknown),
        T(a_write_that_was_never_sent_is_unavailable_at_its_deadline),
        T(deadlines_of_one_connection_may_differ),
        T(calls_may_be_made_from_answers),
        T(refusals_are_logged_without_values),
    };
    return cmocka_run_group_tests(tests, fixture_start, fixture_end);
}
