/* SPDX-License-Identifier: Apache-2.0 */
/* application/x-www-form-urlencoded as strangers may post it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "remote/form.h"

#include <stdio.h>
#include <string.h>

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static struct form_fields parsed(struct arena *arena, const char *raw)
{
    struct form_fields fields;
    assert_int_equal(form_parse(bytes_of_text(raw), arena, &fields), OK);
    return fields;
}

static void refused(struct arena *arena, struct bytes raw)
{
    struct form_fields fields = {NULL, 4711};
    assert_int_equal(form_parse(raw, arena, &fields), ERR_FORM_MALFORMED);
    assert_int_equal(fields.count, 4711);
}

static void splits_at_ampersands_and_the_first_equals(void **state)
{
    struct form_fields fields = parsed(*state, "a=1&b=x=y==&c=&d");
    assert_int_equal(fields.count, 4);
    assert_string_equal(form_value(&fields, "a"), "1");
    assert_string_equal(form_value(&fields, "b"), "x=y==");
    assert_string_equal(form_value(&fields, "c"), "");
    assert_string_equal(form_value(&fields, "d"), "");
    assert_null(form_value(&fields, "e"));
}

static void decodes_plus_and_escapes_to_raw_bytes(void **state)
{
    struct form_fields fields = parsed(*state, "a+b%3d=%E7%BB%AD+%2b%2B%26&gbk=%d0%f8");
    assert_string_equal(fields.items[0].name, "a b=");
    assert_string_equal(fields.items[0].value, "续 ++&");
    assert_string_equal(fields.items[1].value, "\xd0\xf8");
}

static void refuses_broken_escapes(void **state)
{
    static const char *const broken[] = {"a=%",   "a=%4",  "a=%4g", "a=%g4",   "a=%%41",
                                         "a=%-1", "a=% 1", "%=1",   "a=%u7eed"};
    for (size_t i = 0; i < ARRAY_SIZE(broken); i++)
        refused(*state, bytes_of_text(broken[i]));
}

static void refuses_nul_bytes_escaped_or_not(void **state)
{
    refused(*state, bytes_of_text("a=1%00&b=2"));
    refused(*state, (struct bytes){(const uint8_t *)"a=1\0&b=2", 8});
}

static void refuses_spaces_and_control_bytes(void **state)
{
    refused(*state, bytes_of_text("a=1 2"));
    refused(*state, bytes_of_text("a=1\r\n"));
    refused(*state, bytes_of_text("a=\x7f"));
}

static void refuses_empty_names_and_empty_pairs(void **state)
{
    static const char *const empty[] = {"", "&", "=1", "a=1&", "&a=1", "a=1&&b=2", "="};
    for (size_t i = 0; i < ARRAY_SIZE(empty); i++)
        refused(*state, bytes_of_text(empty[i]));
}

static void refuses_a_name_given_twice_in_any_spelling(void **state)
{
    refused(*state, bytes_of_text("app_id=1&app_id=1"));
    refused(*state, bytes_of_text("app_id=1&app%5fid=2"));
}

static void refuses_more_fields_or_bytes_than_the_limits(void **state)
{
    char *raw = arena_alloc(*state, FORM_BYTES_MAX + 2), *at = raw;
    for (int i = 0; i <= FORM_COUNT_MAX; i++)
        at += sprintf(at, "%sf%d=1", i > 0 ? "&" : "", i);
    refused(*state, bytes_of_text(raw));
    *strrchr(raw, '&') = '\0';
    assert_int_equal(parsed(*state, raw).count, FORM_COUNT_MAX);
    memset(raw, 'a', FORM_BYTES_MAX + 1);
    refused(*state, (struct bytes){(const uint8_t *)raw, FORM_BYTES_MAX + 1});
    struct form_fields fields;
    assert_int_equal(form_parse((struct bytes){(const uint8_t *)raw, FORM_BYTES_MAX}, *state, &fields), OK);
}

static void sorts_by_bytes_and_joins_values_as_they_are(void **state)
{
    struct form_fields fields = parsed(*state, "b=%26&a_b=2&aB=1&a=%3D&Z=");
    form_sort(&fields);
    struct bytes joined = form_join(&fields, *state);
    static const char expected[] = "Z=&a==&aB=1&a_b=2&b=&";
    assert_int_equal(joined.size, sizeof(expected) - 1);
    assert_memory_equal(joined.data, expected, sizeof(expected) - 1);
}

static void what_is_posted_reads_back(void **state)
{
    struct arena *arena = *state;
    struct form_field items[] = {{"a", "x&y=z +%\r\n"}, {"乙", "中文"}, {"c", ""}, {"d", "-._*~"}};
    const struct form_fields fields = {items, ARRAY_SIZE(items)};
    struct bytes body = form_post_body(&fields, arena);
    struct form_fields read;
    assert_int_equal(form_parse(body, arena, &read), OK);
    assert_int_equal(read.count, fields.count);
    for (size_t i = 0; i < fields.count; i++)
        assert_string_equal(form_value(&read, items[i].name), items[i].value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(splits_at_ampersands_and_the_first_equals),
        T(decodes_plus_and_escapes_to_raw_bytes),
        T(refuses_broken_escapes),
        T(refuses_nul_bytes_escaped_or_not),
        T(refuses_spaces_and_control_bytes),
        T(refuses_empty_names_and_empty_pairs),
        T(refuses_a_name_given_twice_in_any_spelling),
        T(refuses_more_fields_or_bytes_than_the_limits),
        T(sorts_by_bytes_and_joins_values_as_they_are),
        T(what_is_posted_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
