/* SPDX-License-Identifier: Apache-2.0 */
/* Values on their way to the database and back. */
#include "fixture.h"

#include <string.h>

#define HUGE_SIZE (8u << 20)

static const struct db_statement echo = {
    .name = "test_echo",
    .kind = DB_READ,
    .sql = "select $1, $2, $3, $4, $5",
    .params = "tiboz",
    .columns = "tiboz",
};
static const struct db_statement unnest_texts = {
    .name = "test_unnest_texts",
    .kind = DB_READ,
    .sql = "select t from unnest($1) with ordinality as u(t, n) order by n",
    .params = "T",
    .columns = "t",
};
static const struct db_statement unnest_integers = {
    .name = "test_unnest_integers",
    .kind = DB_READ,
    .sql = "select i from unnest($1) with ordinality as u(i, n) order by n",
    .params = "I",
    .columns = "i",
};
static const struct db_statement unnest_both = {
    .name = "test_unnest_both",
    .kind = DB_READ,
    .sql = "select b, z from unnest($1, $2) with ordinality as u(b, z, n) order by n",
    .params = "BZ",
    .columns = "bz",
};
static const struct db_statement time_text = {
    .name = "test_time_text",
    .kind = DB_READ,
    .sql = "select $1::text, '2026-11-21 13:04:05.000006+08'::timestamptz, 'infinity'::timestamptz, "
           "'-infinity'::timestamptz",
    .params = "z",
    .columns = "tzzz",
};
static const struct db_statement session = {
    .name = "test_session",
    .kind = DB_READ,
    .sql = "select current_setting($1)",
    .params = "t",
    .columns = "t",
};
static const struct db_statement *const statements[] = {&echo,        &unnest_texts, &unnest_integers,
                                                        &unnest_both, &time_text,    &session};

struct copy {
    struct fixture *fixture;
    enum err err;
    size_t count;
    bool null[5];
    const char *text;
    int64_t integer, time, times[3];
    struct bytes bytes;
    bool boolean;
    const char *texts[16];
    bool texts_null[16];
    int64_t integers[16];
    struct bytes each[16];
};

static void finish(struct copy *copy, enum err err, const struct row *rows)
{
    copy->err = err;
    copy->count = err == OK ? row_count(rows) : 0;
    if (--copy->fixture->wanted == 0)
        loop_stop(copy->fixture->loop);
}

static void keep_echo(void *context, enum err err, const struct row *rows)
{
    struct copy *copy = context;
    finish(copy, err, rows);
    if (err != OK)
        return;
    for (size_t i = 0; i < 5; i++)
        copy->null[i] = row_is_null(rows, 0, i);
    copy->text = row_text(rows, 0, 0, copy->fixture->arena);
    copy->integer = row_integer(rows, 0, 1);
    copy->bytes = row_bytes(rows, 0, 2, copy->fixture->arena);
    copy->boolean = row_boolean(rows, 0, 3);
    copy->time = row_time(rows, 0, 4);
}

static void keep_texts(void *context, enum err err, const struct row *rows)
{
    struct copy *copy = context;
    finish(copy, err, rows);
    for (size_t i = 0; i < copy->count && i < 16; i++) {
        copy->texts[i] = row_text(rows, i, 0, copy->fixture->arena);
        copy->texts_null[i] = row_is_null(rows, i, 0);
    }
}

static void keep_integers(void *context, enum err err, const struct row *rows)
{
    struct copy *copy = context;
    finish(copy, err, rows);
    for (size_t i = 0; i < copy->count && i < 16; i++)
        copy->integers[i] = row_integer(rows, i, 0);
}

static void keep_both(void *context, enum err err, const struct row *rows)
{
    struct copy *copy = context;
    finish(copy, err, rows);
    for (size_t i = 0; i < copy->count && i < 16; i++) {
        copy->texts_null[i] = row_is_null(rows, i, 0);
        copy->each[i] = row_bytes(rows, i, 0, copy->fixture->arena);
        copy->integers[i] = row_time(rows, i, 1);
    }
}

static void keep_times(void *context, enum err err, const struct row *rows)
{
    struct copy *copy = context;
    finish(copy, err, rows);
    if (err != OK)
        return;
    copy->text = row_text(rows, 0, 0, copy->fixture->arena);
    for (size_t i = 0; i < 3; i++)
        copy->times[i] = row_time(rows, 0, i + 1);
}

static struct copy call(struct fixture *fixture, const struct db_statement *statement, const struct db_param *params,
                        db_done *done)
{
    struct copy copy = {.fixture = fixture};
    fixture_open(fixture, 1, 1, 16, statements, ARRAY_SIZE(statements));
    assert_int_equal(db_call(fixture->db, statement, params, CALL_MS, done, &copy), OK);
    fixture_wait(fixture, 1);
    return copy;
}

static void values_come_back_as_they_were_sent(void **state)
{
    static const uint8_t bytes[] = {0, 1, 0, 255, 0};
    const struct db_param params[] = {db_text("续期 'quoted' \\ \"x\""), db_integer(INT64_MIN),
                                      db_bytes((struct bytes){bytes, sizeof(bytes)}), db_boolean(true),
                                      db_time(1795237445000006)};
    struct copy copy = call(*state, &echo, params, keep_echo);
    assert_int_equal(copy.err, OK);
    assert_string_equal(copy.text, "续期 'quoted' \\ \"x\"");
    assert_true(copy.integer == INT64_MIN);
    assert_int_equal(copy.bytes.size, sizeof(bytes));
    assert_memory_equal(copy.bytes.data, bytes, sizeof(bytes));
    assert_true(copy.boolean);
    assert_true(copy.time == 1795237445000006);
}

static void nulls_stay_nulls_and_read_as_nothing(void **state)
{
    struct db_param params[] = {db_text(NULL), db_integer(7), db_bytes((struct bytes){0}), db_boolean(true),
                                db_time(7)};
    params[1].null = params[3].null = params[4].null = true;
    struct copy copy = call(*state, &echo, params, keep_echo);
    assert_int_equal(copy.err, OK);
    for (size_t i = 0; i < 5; i++)
        assert_true(copy.null[i]);
    assert_string_equal(copy.text, "");
    assert_true(copy.integer == 0 && copy.time == 0 && !copy.boolean);
    assert_null(copy.bytes.data);
    assert_int_equal(copy.bytes.size, 0);
}

static void empty_values_are_not_nulls(void **state)
{
    const struct db_param params[] = {db_text(""), db_integer(0), db_bytes((struct bytes){(const uint8_t *)"", 0}),
                                      db_boolean(false), db_time(0)};
    struct copy copy = call(*state, &echo, params, keep_echo);
    assert_int_equal(copy.err, OK);
    for (size_t i = 0; i < 5; i++)
        assert_false(copy.null[i]);
    assert_non_null(copy.bytes.data);
    assert_int_equal(copy.bytes.size, 0);
    assert_true(copy.time == 0);
}

static void a_text_of_8_mib_comes_back_whole(void **state)
{
    struct fixture *fixture = *state;
    char *text = arena_alloc(fixture->arena, HUGE_SIZE + 1);
    for (size_t i = 0; i < HUGE_SIZE; i++)
        text[i] = (char)('a' + i % 26);
    const struct db_param params[] = {db_text(text), db_integer(1),
                                      db_bytes((struct bytes){(uint8_t *)text, HUGE_SIZE}), db_boolean(true),
                                      db_time(1)};
    struct copy copy = call(fixture, &echo, params, keep_echo);
    assert_int_equal(copy.err, OK);
    assert_string_equal(copy.text, text);
    assert_int_equal(copy.bytes.size, HUGE_SIZE);
    assert_memory_equal(copy.bytes.data, text, HUGE_SIZE);
}

static void parameters_beyond_the_limit_are_refused_at_once(void **state)
{
    struct fixture *fixture = *state;
    fixture_open(fixture, 1, 1, 16, statements, ARRAY_SIZE(statements));
    struct bytes large = {arena_alloc(fixture->arena, (size_t)65 << 20), (size_t)65 << 20};
    const struct db_param params[] = {db_text(""), db_integer(0), db_bytes(large), db_boolean(false), db_time(0)};
    assert_int_equal(db_call(fixture->db, &echo, params, CALL_MS, keep_echo, NULL), ERR_BODY_TOO_LARGE);
}

static void text_that_is_not_utf8_is_refused_by_the_database(void **state)
{
    const struct db_param params[] = {db_text("\xff\xfe"), db_integer(0), db_bytes((struct bytes){0}),
                                      db_boolean(false), db_time(0)};
    struct copy copy = call(*state, &echo, params, keep_echo);
    assert_int_equal(copy.err, ERR_DB_REFUSED);
}

static void arrays_of_text_keep_their_order_nulls_and_quotes(void **state)
{
    const char *const texts[] = {"a", "", NULL, "{\"x\",null}", "续期"};
    const struct db_param param = db_texts(texts, ARRAY_SIZE(texts));
    struct copy copy = call(*state, &unnest_texts, &param, keep_texts);
    assert_int_equal(copy.err, OK);
    assert_int_equal(copy.count, ARRAY_SIZE(texts));
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        assert_int_equal(copy.texts_null[i], texts[i] == NULL);
        assert_string_equal(copy.texts[i], texts[i] != NULL ? texts[i] : "");
    }
}

static void arrays_of_integers_keep_their_extremes(void **state)
{
    const int64_t integers[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
    const struct db_param param = db_integers(integers, ARRAY_SIZE(integers));
    struct copy copy = call(*state, &unnest_integers, &param, keep_integers);
    assert_int_equal(copy.err, OK);
    assert_int_equal(copy.count, ARRAY_SIZE(integers));
    assert_memory_equal(copy.integers, integers, sizeof(integers));
}

static void arrays_of_bytes_and_times_come_back(void **state)
{
    static const uint8_t zeros[] = {0, 255, 0};
    const struct bytes bytes[] = {{zeros, sizeof(zeros)}, {NULL, 0}, {zeros, 0}, {zeros, 1}};
    const int64_t times[] = {1795237445000006, INT64_MAX, 0, INT64_MIN};
    const struct db_param params[] = {db_bytes_each(bytes, ARRAY_SIZE(bytes)), db_times(times, ARRAY_SIZE(times))};
    struct copy copy = call(*state, &unnest_both, params, keep_both);
    assert_int_equal(copy.err, OK);
    assert_int_equal(copy.count, ARRAY_SIZE(bytes));
    for (size_t i = 0; i < ARRAY_SIZE(bytes); i++) {
        assert_int_equal(copy.texts_null[i], bytes[i].data == NULL);
        assert_int_equal(copy.each[i].size, bytes[i].size);
        assert_memory_equal(copy.each[i].data != NULL ? copy.each[i].data : zeros, zeros, bytes[i].size);
        assert_true(copy.integers[i] == times[i]);
    }
}

static void empty_arrays_are_empty(void **state)
{
    const struct db_param texts = db_texts(NULL, 0), integers = db_integers(NULL, 0);
    struct copy copy = call(*state, &unnest_texts, &texts, keep_texts);
    assert_true(copy.err == OK && copy.count == 0);
    copy = call(*state, &unnest_integers, &integers, keep_integers);
    assert_true(copy.err == OK && copy.count == 0);
    const struct db_param both[] = {db_bytes_each(NULL, 0), db_times(NULL, 0)};
    copy = call(*state, &unnest_both, both, keep_both);
    assert_true(copy.err == OK && copy.count == 0);
}

static void null_arrays_are_null(void **state)
{
    struct db_param param = db_texts(NULL, 0);
    param.null = true;
    struct copy copy = call(*state, &unnest_texts, &param, keep_texts);
    assert_true(copy.err == OK && copy.count == 0);
}

static void times_are_exact_and_shown_in_beijing_time(void **state)
{
    const struct db_param param = db_time(1795237445000006);
    struct copy copy = call(*state, &time_text, &param, keep_times);
    assert_int_equal(copy.err, OK);
    assert_string_equal(copy.text, "2026-11-21 13:04:05.000006+08");
    assert_true(copy.times[0] == 1795237445000006);
}

static void infinite_times_are_the_extremes(void **state)
{
    const struct db_param param = db_time(INT64_MAX);
    struct copy copy = call(*state, &time_text, &param, keep_times);
    assert_string_equal(copy.text, "infinity");
    assert_true(copy.times[1] == INT64_MAX);
    assert_true(copy.times[2] == INT64_MIN);
}

static void sessions_are_set_up_as_declared(void **state)
{
    static const char *const settings[][2] = {
        {"search_path", "xuqi,pg_temp"}, {"default_transaction_isolation", "read committed"},
        {"client_encoding", "UTF8"},     {"TimeZone", "Asia/Shanghai"},
        {"statement_timeout", "5s"},     {"idle_in_transaction_session_timeout", "10s"},
        {"application_name", "xuqid"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
        const struct db_param param = db_text(settings[i][0]);
        struct copy copy = call(*state, &session, &param, keep_texts);
        assert_string_equal(copy.texts[0], settings[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_loop, fixture_loop_end)
        T(values_come_back_as_they_were_sent),
        T(nulls_stay_nulls_and_read_as_nothing),
        T(empty_values_are_not_nulls),
        T(a_text_of_8_mib_comes_back_whole),
        T(parameters_beyond_the_limit_are_refused_at_once),
        T(text_that_is_not_utf8_is_refused_by_the_database),
        T(arrays_of_text_keep_their_order_nulls_and_quotes),
        T(arrays_of_integers_keep_their_extremes),
        T(arrays_of_bytes_and_times_come_back),
        T(empty_arrays_are_empty),
        T(null_arrays_are_null),
        T(times_are_exact_and_shown_in_beijing_time),
        T(infinite_times_are_the_extremes),
        T(sessions_are_set_up_as_declared),
    };
    return cmocka_run_group_tests(tests, fixture_start, fixture_end);
}
