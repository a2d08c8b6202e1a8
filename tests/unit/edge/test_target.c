/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/edge/test.h"

#include "edge/target.h"

#include <stdio.h>
#include <string.h>

static struct arena *arena;
static struct target target;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* The bytes stand at the end of a block of their own, so that reading beyond them is seen. */
static enum err parse(const char *text)
{
    size_t size = strlen(text);
    const char *exact = arena_copy(arena, text, size);
    return target_parse(arena, exact, size, NULL, &target);
}

static void splits_the_path(void **state)
{
    (void)state;
    assert_int_equal(parse("/api/v1/x.y-z_"), OK);
    assert_int_equal(target.segment_count, 3);
    assert_string_equal(target.segments[0], "api");
    assert_string_equal(target.segments[2], "x.y-z_");
    assert_int_equal(target.query_count, 0);
}

static void decodes_the_path_once(void **state)
{
    (void)state;
    assert_int_equal(parse("/%61%2525/%E7%BB%AD"), OK);
    assert_string_equal(target.segments[0], "a%25");
    assert_string_equal(target.segments[1], "续");
}

static void keeps_plus_in_the_path(void **state)
{
    (void)state;
    assert_int_equal(parse("/a+b"), OK);
    assert_string_equal(target.segments[0], "a+b");
}

static void decodes_the_query_as_a_form(void **state)
{
    (void)state;
    assert_int_equal(parse("/?name=%E7%BB%AD+%2B&empty=&bare&&x==1&u=a?b/c:d[|]"), OK);
    assert_string_equal(target_query(&target, "name"), "续 +");
    assert_string_equal(target_query(&target, "empty"), "");
    assert_string_equal(target_query(&target, "bare"), "");
    assert_string_equal(target_query(&target, "x"), "=1");
    assert_string_equal(target_query(&target, "u"), "a?b/c:d[|]");
    assert_null(target_query(&target, "nam"));
}

static void takes_an_empty_query(void **state)
{
    (void)state;
    assert_int_equal(parse("/a?"), OK);
    assert_int_equal(target.query_count, 0);
}

static void refuses_what_two_readers_could_read_differently(void **state)
{
    (void)state;
    static const char *const targets[] = {
        "",
        "a",
        "*",
        "http://a/",
        "/a%",
        "/a%4",
        "/a%zz",
        "/a%00",
        "/a%0a",
        "/a%7f",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a\\b",
        "/.",
        "/..",
        "/a/../b",
        "/a/.",
        "/%2e",
        "/%2E%2e",
        "/a b",
        "/a\x01",
        "/a\xe4",
        "/%e4",
        "/%c0%af",
        "/%ed%a0%80",
        "/a#b",
        "/a\"",
        "/a<b",
        "/a{b}",
        "/a?b=%",
        "/a?b=%0",
        "/a?b=%00",
        "/a?%00=b",
        "/a?b=%0d%0a",
        "/a?b=c#d",
        "/a?b c",
        "/a?b=\"",
        "/a?b=\xe4",
        "/a?b=%e4",
        "/a?b&b",
        "/a?b=1&b=2",
        "/a?%62=1&b=2",
    };
    for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
        assert_int_equal(parse(targets[i]), ERR_BAD_REQUEST);
}

static void explains_a_refusal(void **state)
{
    (void)state;
    struct fault fault;
    fault_init(&fault, arena);
    assert_int_equal(target_parse(arena, "/a/..", 5, &fault, &target), ERR_BAD_REQUEST);
    assert_non_null(fault.detail_zh);
    assert_string_equal(fault.detail_en, "The path must not hold . or .. segments");
}

static void leaves_the_output_alone_when_it_refuses(void **state)
{
    (void)state;
    assert_int_equal(parse("/a/b"), OK);
    assert_int_equal(parse("/c?d&d"), ERR_BAD_REQUEST);
    assert_string_equal(target.segments[0], "a");
}

static void bounds_segments_and_parameters(void **state)
{
    (void)state;
    assert_int_equal(parse("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16"), OK);
    assert_int_equal(parse("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"), ERR_NOT_FOUND);
    char text[600] = "/?";
    for (int i = 0; i < TARGET_QUERY_MAX; i++)
        snprintf(text + strlen(text), sizeof("p-2147483648&"), "p%d&", i);
    assert_int_equal(parse(text), OK);
    snprintf(text + strlen(text), 8, "more");
    assert_int_equal(parse(text), ERR_BAD_REQUEST);
}

static void survives_every_byte_after_a_percent_sign(void **state)
{
    (void)state;
    for (int high = 0; high < 256; high++) {
        for (int low = 0; low < 256; low++) {
            const char text[] = {'/', '%', (char)high, (char)low, '?', '%', (char)high, (char)low};
            enum err err = target_parse(arena, text, sizeof(text), NULL, &target);
            assert_true(err == OK || err == ERR_BAD_REQUEST);
        }
        arena_reset(arena);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(splits_the_path),
        TEST(decodes_the_path_once),
        TEST(keeps_plus_in_the_path),
        TEST(decodes_the_query_as_a_form),
        TEST(takes_an_empty_query),
        TEST(refuses_what_two_readers_could_read_differently),
        TEST(explains_a_refusal),
        TEST(leaves_the_output_alone_when_it_refuses),
        TEST(bounds_segments_and_parameters),
        TEST(survives_every_byte_after_a_percent_sign),
    };
    return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
