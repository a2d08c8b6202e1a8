/* SPDX-License-Identifier: Apache-2.0 */
/* The account verification as the database tells it, its sentences, and codes as people type them. */
#include "unit/domain/unit.h"

#include "domain/account_verification.h"

#include <string.h>

static void reads_the_words(void **state)
{
    (void)state;
    arena = arena_new();
    struct account_verification it = account_verification_read(
        arena, "failed code_entry tries_used - 2 3 1763700000 ****6874 paid");
    assert_string_equal(it.state, "failed");
    assert_string_equal(it.mode, "code_entry");
    assert_string_equal(it.reason, "tries_used");
    assert_string_equal(it.proof, "");
    assert_int_equal(it.payouts, 2);
    assert_int_equal(it.tries, 3);
    assert_int_equal(it.expires_us, INT64_C(1763700000000000));
    assert_string_equal(it.masked, "****6874");
    assert_string_equal(it.payout, "paid");
    assert_string_equal(account_verification_read(arena, "").state, "");
    assert_int_equal(account_verification_read(arena, "paying - -").expires_us, 0);
    arena_free(arena);
}

static void says_what_to_do_for_every_reason(void **state)
{
    (void)state;
    static const char *const reasons[] = {"account_invalid", "name_mismatch",   "closed_or_frozen", "bank_temporary",
                                          "account_limit",   "account_missing", "tries_used",       "expired"};
    const char *other = account_reason("unheard of")->zh;
    for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
        const struct account_reason *reason = account_reason(reasons[i]);
        assert_string_not_equal(reason->zh, other);
        assert_true(reason->fix_zh[0] != '\0' && reason->fix_en[0] != '\0' && reason->en[0] != '\0');
    }
    assert_true(account_no_payout_left.fix_zh[0] != '\0');
}

static void asks_for_the_code_only_where_one_is(void **state)
{
    (void)state;
    struct account_verification it = {.state = "confirming", .mode = "code_entry", .reason = "", .payout = "paid"};
    assert_non_null(strstr(account_hint_zh(&it), "6位数字"));
    it.state = "paying";
    it.payout = "sent"; /* it may have arrived before the bank says so */
    assert_non_null(strstr(account_hint_zh(&it), "6位数字"));
    it.payout = "queued";
    assert_null(strstr(account_hint_zh(&it), "6位数字"));
    it.state = "confirming";
    it.mode = "payout_success";
    assert_null(strstr(account_hint_zh(&it), "6位数字"));
    it.state = "passed";
    assert_string_equal(account_state_zh(&it), "金融认证通过");
}

static void finds_the_code_in_what_was_typed(void **state)
{
    (void)state;
    arena = arena_new();
    static const char *const typed[] = {
        "482915", " 482915 ", "482915网证通认证", "附言：４８２９１５金融认证", "4 8 2 9 1 5", "482915，482915"};
    for (size_t i = 0; i < ARRAY_SIZE(typed); i++) {
        const char *code = account_code_in(arena, typed[i]);
        assert_non_null(code);
        assert_string_equal(code, "482915");
    }
    arena_free(arena);
}

static void takes_nothing_else_for_a_code(void **state)
{
    (void)state;
    arena = arena_new();
    static const char *const typed[] = {"", "48291", "4829150", "验证码", "482915或123456", "48291五", "0.01"};
    for (size_t i = 0; i < ARRAY_SIZE(typed); i++)
        assert_null(account_code_in(arena, typed[i]));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_words),
        cmocka_unit_test(says_what_to_do_for_every_reason),
        cmocka_unit_test(asks_for_the_code_only_where_one_is),
        cmocka_unit_test(finds_the_code_in_what_was_typed),
        cmocka_unit_test(takes_nothing_else_for_a_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
