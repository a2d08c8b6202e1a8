/* SPDX-License-Identifier: Apache-2.0 */
/* Identity steps as the database tells them, and the sentences for what went wrong. */
#include "unit/domain/unit.h"

#include "domain/identity_step.h"

#include <string.h>

static void reads_the_lines(void **state)
{
    arena = arena_new();
    (void)state;
    struct identity_steps steps = identity_steps_read(
        arena, "id_photos phone - 1763700000\nliveness failed face_mismatch 5\ntelecom todo - 0");
    assert_int_equal(steps.count, 3);
    assert_string_equal(steps.items[0].step, "id_photos");
    assert_string_equal(steps.items[0].state, "phone");
    assert_string_equal(steps.items[0].reason, "");
    assert_int_equal(steps.items[0].since_us, INT64_C(1763700000000000));
    assert_string_equal(steps.items[1].reason, "face_mismatch");
    assert_int_equal(steps.items[2].since_us, 0);
    arena_free(arena);
}

static void leaves_out_what_is_no_line(void **state)
{
    arena = arena_new();
    (void)state;
    assert_int_equal(identity_steps_read(arena, "").count, 0);
    assert_int_equal(identity_steps_read(arena, "\n\n").count, 0);
    assert_int_equal(identity_steps_read(arena, "liveness failed\nx").count, 0);
    assert_int_equal(identity_steps_read(arena, "liveness failed - soon").count, 0);
    const char *many = "a b - 1\na b - 1\na b - 1\na b - 1\na b - 1\na b - 1\na b - 1\na b - 1\na b - 1\n";
    assert_int_equal(identity_steps_read(arena, many).count, IDENTITY_STEPS_MAX);
    arena_free(arena);
}

static void has_a_sentence_for_every_reason(void **state)
{
    (void)state;
    assert_string_equal(identity_reason_zh(""), "");
    assert_string_equal(identity_reason_en(""), "");
    assert_non_null(strstr(identity_reason_zh("phone_id_mismatch"), "运营商APP"));
    assert_non_null(strstr(identity_reason_zh("attempts"), "审核人员"));
    assert_string_not_equal(identity_reason_zh("a word from tomorrow"), "");
    assert_string_not_equal(identity_reason_en("a word from tomorrow"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_lines),
        cmocka_unit_test(leaves_out_what_is_no_line),
        cmocka_unit_test(has_a_sentence_for_every_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
