/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/fault.h"

static struct fault *fault_of(struct arena *arena)
{
    struct fault *fault = ARENA_NEW(arena, struct fault);
    fault_init(fault, arena);
    return fault;
}

static void a_new_fault_finds_nothing_wrong(void **state)
{
    struct fault *fault = fault_of(*state);
    assert_int_equal(fault_check(fault), OK);
    assert_null(fault->detail_zh);
    assert_null(fault->detail_en);
}

static void explaining_keeps_both_sentences_and_gives_the_error_back(void **state)
{
    struct fault *fault = fault_of(*state);
    char zh[] = "中文", en[] = "English";
    assert_int_equal(fault_explain(fault, ERR_BUSY, zh, en), ERR_BUSY);
    zh[0] = en[0] = 'x';
    assert_string_equal(fault->detail_zh, "中文");
    assert_string_equal(fault->detail_en, "English");
    assert_int_equal(fault_check(fault), OK);
}

static void fields_are_copied_in_their_order(void **state)
{
    struct fault *fault = fault_of(*state);
    char path[] = "agent.mobile";
    fault_field(fault, path, "check_digit", "甲", "a");
    fault_field(fault, "agent.name", "required", "乙", "b");
    path[0] = 'x';
    assert_int_equal(fault_check(fault), ERR_FIELDS_INVALID);
    assert_int_equal(fault->field_count, 2);
    assert_string_equal(fault->fields[0].path, "agent.mobile");
    assert_string_equal(fault->fields[1].code, "required");
    assert_string_equal(fault->fields[1].zh, "乙");
}

static void fields_beyond_the_limit_are_dropped(void **state)
{
    struct fault *fault = fault_of(*state);
    for (int i = 0; i < FAULT_FIELDS_MAX + 10; i++)
        fault_field(fault, "x", "y", "z", "z");
    assert_int_equal(fault->field_count, FAULT_FIELDS_MAX);
}

static void nobody_needs_to_listen(void **state)
{
    (void)state;
    assert_int_equal(fault_explain(NULL, ERR_BUSY, "x", "y"), ERR_BUSY);
    fault_field(NULL, "x", "y", "z", "z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_new_fault_finds_nothing_wrong),  UNIT(explaining_keeps_both_sentences_and_gives_the_error_back),
        UNIT(fields_are_copied_in_their_order), UNIT(fields_beyond_the_limit_are_dropped),
        UNIT(nobody_needs_to_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
