/* SPDX-License-Identifier: Apache-2.0 */
/* What reaches the log, and that nobody can forge a line of it. */
#include "unit.h"

#include "base/log.h"
#include "base/text.h"

#define LINE_SIZE_MAX 2048

static const char *logged(struct arena *arena, enum log_level level, const char *value)
{
    FILE *caught;
    int standard_error = unit_catch(&caught);
    log_line(level, "test", "value=%s", value);
    return unit_caught(arena, caught, standard_error);
}

static void a_line_tells_level_role_area_and_sentence(void **state)
{
    log_init("web.1", LOG_INFO);
    const char *line = logged(*state, LOG_WARN, "续期");
    assert_non_null(strstr(line, "+08:00 warn  web.1 test: value=续期\n"));
}

static void lines_below_the_lowest_level_are_dropped(void **state)
{
    log_init("web.1", LOG_WARN);
    assert_string_equal(logged(*state, LOG_INFO, "x"), "");
    assert_string_not_equal(logged(*state, LOG_ERROR, "x"), "");
    log_init("web.1", LOG_INFO);
}

static void no_value_can_make_another_line(void **state)
{
    const char *line = logged(*state, LOG_INFO, "a\n2026 error web.1 db: forged\r\n\x1b[31m\x7f\t\x01");
    const char *end = strchr(line, '\n');
    assert_non_null(end);
    assert_string_equal(end, "\n");
    assert_non_null(strstr(line, "value=a?2026 error web.1 db: forged???[31m???"));
}

static void c1_controls_are_neutralised_and_other_text_is_not(void **state)
{
    const char *line = logged(*state, LOG_INFO,
                              "\xc2\x9b"
                              "31m \xc2\x85 £ é 中");
    assert_non_null(strstr(line, "value=??31m ?? £ é 中\n"));
}

static void a_long_line_is_cut_between_characters(void **state)
{
    for (size_t padding = 0; padding < 4; padding++) {
        char value[LINE_SIZE_MAX * 2] = {0};
        memset(value, 'a', padding);
        for (size_t i = padding; i + 3 < sizeof(value); i += 3)
            memcpy(value + i, "续", 3);
        const char *line = logged(*state, LOG_INFO, value);
        size_t size = strlen(line);
        assert_true(size <= LINE_SIZE_MAX && size > LINE_SIZE_MAX - 8);
        assert_int_equal(line[size - 1], '\n');
        assert_true(utf8_valid(line, size));
    }
}

static void levels_have_names(void **state)
{
    (void)state;
    assert_int_equal(log_level_from_text("debug"), LOG_DEBUG);
    assert_int_equal(log_level_from_text("error"), LOG_ERROR);
    assert_int_equal(log_level_from_text("Error"), -1);
    assert_int_equal(log_level_from_text(""), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_line_tells_level_role_area_and_sentence),
        UNIT(lines_below_the_lowest_level_are_dropped),
        UNIT(no_value_can_make_another_line),
        UNIT(c1_controls_are_neutralised_and_other_text_is_not),
        UNIT(a_long_line_is_cut_between_characters),
        UNIT(levels_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
