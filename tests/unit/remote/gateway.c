/* SPDX-License-Identifier: Apache-2.0 */
/* When a gateway is asked, and which methods there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "remote/gateway.h"

#define OPENED (1000000 * CLOCK_SECOND_US)

static int64_t next_s(int64_t life_s, int64_t after_s)
{
    int64_t next = gateway_next_query_us(OPENED, OPENED + life_s * CLOCK_SECOND_US, OPENED + after_s * CLOCK_SECOND_US);
    return next == 0 ? 0 : (next - OPENED) / CLOCK_SECOND_US;
}

static void asks_ever_more_rarely_while_the_form_can_be_used(void **state)
{
    (void)state;
    assert_int_equal(gateway_first_query_s(), 5);
    assert_int_equal(next_s(1800, 0), 5);
    assert_int_equal(next_s(1800, 5), 30);
    assert_int_equal(next_s(1800, 31), 120);
    assert_int_equal(next_s(1800, 299), 300);
    assert_int_equal(next_s(1800, 300), 600);
}

static void asks_three_times_after_its_end_and_then_a_person(void **state)
{
    (void)state;
    assert_int_equal(next_s(1800, 600), 1920);
    assert_int_equal(next_s(1800, 1800), 1920);
    assert_int_equal(next_s(1800, 1920), 1800 + 3600);
    assert_int_equal(next_s(1800, 1800 + 3600), 1800 + 86400);
    assert_int_equal(next_s(1800, 1800 + 86400), 0);
}

static void every_question_is_later_than_the_one_before(void **state)
{
    (void)state;
    for (int64_t life_s = 300; life_s <= 86400; life_s += 299) {
        int64_t at = 0, count = 0;
        for (int64_t next = next_s(life_s, at); next != 0; next = next_s(life_s, at), count++) {
            assert_true(next > at);
            at = next;
        }
        assert_int_equal(at, life_s + 86400);
        assert_in_range(count, 6, 16);
    }
}

static void an_answer_is_final_two_minutes_after_the_end(void **state)
{
    (void)state;
    assert_false(gateway_answer_is_final(OPENED, OPENED));
    assert_false(gateway_answer_is_final(OPENED, OPENED + 119 * CLOCK_SECOND_US));
    assert_true(gateway_answer_is_final(OPENED, OPENED + 120 * CLOCK_SECOND_US));
}

static void knows_methods_and_offers_what_is_set_up(void **state)
{
    (void)state;
    struct gateways none = {0};
    assert_null(gateway_find("bitcoin"));
    assert_string_equal(gateway_find("unionpay")->rail, "unionpay");
    assert_string_equal(gateway_find("unionpay_b2b")->rail, "unionpay");
    assert_string_equal(gateway_find("alipay")->rail, "alipay");
    static const char *const methods[] = {"alipay", "unionpay", "unionpay_b2b", "bank_transfer", "bitcoin"};
    for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
        assert_false(gateway_offered(&none, methods[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_ever_more_rarely_while_the_form_can_be_used),
        cmocka_unit_test(asks_three_times_after_its_end_and_then_a_person),
        cmocka_unit_test(every_question_is_later_than_the_one_before),
        cmocka_unit_test(an_answer_is_final_two_minutes_after_the_end),
        cmocka_unit_test(knows_methods_and_offers_what_is_set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
