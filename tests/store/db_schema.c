/* SPDX-License-Identifier: Apache-2.0 */
/* What db_open refuses, and that it says why. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOG_SIZE 8192

/* Opens with one statement; what was logged is put into log. */
static enum err open_with(struct fixture *fixture, const char *conninfo, const struct db_statement *statement,
                          char log[static LOG_SIZE])
{
    const struct db_options options = {.loop = fixture->loop,
                                       .conninfo = conninfo != NULL ? conninfo : pg_conninfo(fixture->pg),
                                       .read_connections = 1,
                                       .write_connections = 1,
                                       .queue_limit = 16,
                                       .statements = &statement,
                                       .statement_count = 1};
    FILE *file = tmpfile();
    int standard_error = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    struct db *db = NULL;
    enum err err = db_open(&options, &db);
    db_close(db);
    dup2(standard_error, STDERR_FILENO);
    close(standard_error);
    rewind(file);
    log[fread(log, 1, LOG_SIZE - 1, file)] = '\0';
    fclose(file);
    return err;
}

static void refused_naming(void **state, const struct db_statement *statement, const char *said)
{
    char log[LOG_SIZE];
    assert_int_equal(open_with(*state, NULL, statement, log), ERR_DB_SCHEMA);
    assert_non_null(strstr(log, statement->name));
    if (strstr(log, said) == NULL)
        fail_msg("\"%s\" is not in: %s", said, log);
}

#define STATEMENT(sql_, params_, columns_)                                                                             \
    &(struct db_statement)                                                                                             \
    {                                                                                                                  \
        .name = "test_statement", .kind = DB_READ, .sql = sql_, .params = params_, .columns = columns_                 \
    }

static void refuses_a_column_of_another_type_and_names_both(void **state)
{
    refused_naming(state, STATEMENT("select 1::bigint, 2 as two", "", "ii"),
                   "column 2 (two) is declared 'i' (bigint) but is integer");
}

static void refuses_an_enum_read_as_text(void **state)
{
    refused_naming(state, STATEMENT("select 'red'::colour", "", "t"), "column 1 (colour) is declared 't' (text)");
}

static void refuses_another_number_of_columns(void **state)
{
    refused_naming(state, STATEMENT("select 1::bigint", "", "ii"), "2 columns are declared but the database has 1");
}

static void refuses_a_column_that_is_not_there(void **state)
{
    refused_naming(state, STATEMENT("select nowhere from note", "", "t"), "SQLSTATE 42703");
}

static void refuses_a_procedure_with_other_parameters(void **state)
{
    refused_naming(state, STATEMENT("select length($1)::bigint", "i", "i"), "SQLSTATE 42883");
}

static void refuses_more_parameters_than_declared(void **state)
{
    refused_naming(state, STATEMENT("select $1::text || $2::text", "t", "t"), "1 parameters are declared");
}

static void takes_a_schema_that_fits(void **state)
{
    char log[LOG_SIZE];
    assert_int_equal(open_with(*state, NULL, STATEMENT("select body from note where id = $1", "i", "t"), log), OK);
    assert_string_equal(log, "");
}

static void takes_a_varchar_as_text(void **state)
{
    char log[LOG_SIZE];
    assert_int_equal(open_with(*state, NULL, STATEMENT("select 'x'::varchar(20)", "", "t"), log), OK);
}

static void says_that_no_server_is_there(void **state)
{
    char log[LOG_SIZE];
    assert_int_equal(open_with(*state, "host=/nowhere dbname=x", STATEMENT("select 1::bigint", "", "i"), log),
                     ERR_DB_UNAVAILABLE);
    assert_non_null(strstr(log, "no connection to the database"));
}

static void does_not_log_the_password_of_a_broken_connection_string(void **state)
{
    char log[LOG_SIZE];
    assert_int_equal(open_with(*state, "password=geheim nonsense", STATEMENT("select 1::bigint", "", "i"), log),
                     ERR_DB_UNAVAILABLE);
    assert_non_null(strstr(log, "connection string"));
    assert_null(strstr(log, "geheim"));
}

static void tries_every_host_of_the_list(void **state)
{
    struct fixture *fixture = *state;
    char log[LOG_SIZE], conninfo[512];
    const char *host = strstr(pg_conninfo(fixture->pg), "host=") + 5;
    snprintf(conninfo, sizeof(conninfo), "host=/nowhere,%.*s dbname=postgres user=postgres", (int)strcspn(host, " "),
             host);
    assert_int_equal(open_with(fixture, conninfo, STATEMENT("select 1::bigint", "", "i"), log), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_loop, fixture_loop_end)
        T(refuses_a_column_of_another_type_and_names_both),
        T(refuses_an_enum_read_as_text),
        T(refuses_another_number_of_columns),
        T(refuses_a_column_that_is_not_there),
        T(refuses_a_procedure_with_other_parameters),
        T(refuses_more_parameters_than_declared),
        T(takes_a_schema_that_fits),
        T(takes_a_varchar_as_text),
        T(says_that_no_server_is_there),
        T(does_not_log_the_password_of_a_broken_connection_string),
        T(tries_every_host_of_the_list),
    };
    return cmocka_run_group_tests(tests, fixture_start, fixture_end);
}
