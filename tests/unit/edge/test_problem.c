/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/edge/test.h"

#include "edge/problem.h"

#include <string.h>

static void names_the_error_and_what_to_do(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    size_t size;
    const char *text = problem_text(arena, ERR_NOT_FOUND, NULL, "0123456789abcdef", &size);
    assert_int_equal(size, strlen(text));
    assert_string_equal(text, "{\"type\":\"about:blank\",\"title\":\"没有这个地址\","
                              "\"title_en\":\"There is nothing at this address\",\"status\":404,\"code\":\"not_found\","
                              "\"fix\":\"请核对地址，接口说明见 docs/openapi.yaml\","
                              "\"fix_en\":\"Check the address; docs/openapi.yaml lists all of them\","
                              "\"request_id\":\"0123456789abcdef\"}");
    arena_free(arena);
}

static void carries_a_member_more(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct fault fault;
    fault_init(&fault, arena);
    fault_extend(&fault, "quote", "{\"shown\":null,\"offered_months\":[12,24]}");
    size_t size;
    const char *text = problem_text(arena, ERR_QUOTE_CHANGED, &fault, "0123456789abcdef", &size);
    assert_non_null(strstr(text, ",\"quote\":{\"shown\":null,\"offered_months\":[12,24]},\"request_id\""));
    fault_extend(&fault, "quote", "{"); /* never ours, and never worth an answer less */
    assert_null(strstr(problem_text(arena, ERR_QUOTE_CHANGED, &fault, "0123456789abcdef", &size), "quote\":"));
    arena_free(arena);
}

static void says_more_when_there_is_more(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct fault fault;
    fault_init(&fault, arena);
    assert_int_equal(fault_explain(&fault, ERR_FIELDS_INVALID, "细节", "detail \"x\""), ERR_FIELDS_INVALID);
    fault_field(&fault, "agent.mobile", "length", "应为11位", "Must be 11 digits");
    size_t size;
    const char *text = problem_text(arena, ERR_FIELDS_INVALID, &fault, "id", &size);
    assert_non_null(strstr(text, "\"detail\":\"细节\",\"detail_en\":\"detail \\\"x\\\"\","));
    assert_non_null(strstr(text, "\"fields\":[{\"path\":\"agent.mobile\",\"code\":\"length\",\"message\":\"应为11位\","
                                 "\"message_en\":\"Must be 11 digits\"}]"));
    arena_free(arena);
}

static void exists_for_every_error(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    for (int err = OK + 1; err < ERR_COUNT; err++) {
        size_t size;
        const char *text = problem_text(arena, (enum err)err, NULL, "id", &size);
        assert_non_null(strstr(text, err_code((enum err)err)));
        assert_true(err_info((enum err)err)->status >= 400 && err_info((enum err)err)->status < 600);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_error_and_what_to_do),
        cmocka_unit_test(carries_a_member_more),
        cmocka_unit_test(says_more_when_there_is_more),
        cmocka_unit_test(exists_for_every_error),
    };
    return cmocka_run_group_tests_name("problem", tests, NULL, NULL);
}
