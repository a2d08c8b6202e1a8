/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/money.h"
#include "unit/domain/unit.h"

static void reads_yuan_as_gateways_write_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t fen;
    } good[] = {{"0.01", 1}, {"0.00", 0}, {"88.80", 8880}, {"200.00", 20000}, {"1000000000.00", MONEY_MAX_FEN}};
    for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
        int64_t fen = -1;
        assert_true(money_parse_yuan(good[i].text, &fen));
        assert_int_equal(fen, good[i].fen);
    }
}

static void refuses_every_other_way_to_write_an_amount(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "200",
        "200.",
        "200.0",
        "200.000",
        ".50",
        "00.50",
        "01.00",
        "-1.00",
        "+1.00",
        " 1.00",
        "1.00 ",
        "1,000.00",
        "1e3",
        "1.0e2",
        "0x1.00",
        "1.00\n",
        "１.００",
        "1..00",
        "1.00.00",
        "1.0a",
        "a.00",
        "NaN",
        "inf",
        "¥1.00",
        "1000000000.01",
        "99999999999.00",
        "99999999999999999999999999.00",
    };
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        int64_t fen = -7;
        assert_false(money_parse_yuan(bad[i], &fen));
        assert_int_equal(fen, -7);
    }
}

static void writes_yuan_with_two_decimals(void **state)
{
    (void)state;
    assert_string_equal(money_text_yuan(arena, 1), "0.01");
    assert_string_equal(money_text_yuan(arena, 20000), "200.00");
    assert_string_equal(money_text_yuan(arena, -5), "-0.05");
    assert_string_equal(money_text_yuan(arena, MONEY_MAX_FEN), "1000000000.00");
}

static void reads_back_what_it_writes(void **state)
{
    (void)state;
    for (int64_t fen = 0; fen < 20000; fen += 7) {
        int64_t again = -1;
        assert_true(money_parse_yuan(money_text_yuan(arena, fen), &again));
        assert_int_equal(again, fen);
    }
}

static void takes_the_tax_out_of_a_gross_amount(void **state)
{
    (void)state;
    assert_int_equal(money_tax_fen(20000, 600), 1132); /* 200.00 / 1.06 = 188.679… */
    assert_int_equal(money_tax_fen(10600, 600), 600);
    assert_int_equal(money_tax_fen(10000, 0), 0);
    assert_int_equal(money_tax_fen(1, 600), 0); /* 0.0094… rounds to 0.01 net */
    assert_int_equal(money_tax_fen(0, 600), 0);
}

static void rounds_the_net_amount_half_up(void **state)
{
    (void)state;
    assert_int_equal(money_tax_fen(5, 10000), 2); /* 2.5 net becomes 3 */
    assert_int_equal(money_tax_fen(3, 10000), 1);
}

/* Every price from 1 fen to 1,000 yuan at every rate: net is the price without tax rounded half up, whatever that price
 * is. */
static void splits_every_price_into_net_and_tax(void **state)
{
    (void)state;
    static const int64_t rates[] = {0, 100, 300, 600, 900, 1300};
    for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++)
        for (int64_t gross = 1; gross <= 100000; gross++) {
            int64_t whole = 10000 + rates[i], tax = money_tax_fen(gross, rates[i]), net = gross - tax;
            int64_t twice_off = 2 * (net * whole - gross * 10000);
            if (tax < 0 || net < 0 || twice_off <= -whole || twice_off > whole)
                fail_msg("%lld fen at %lld/10000: tax %lld", (long long)gross, (long long)rates[i], (long long)tax);
        }
}

static void mirrors_tax_of_refunds(void **state)
{
    (void)state;
    assert_int_equal(money_tax_fen(-20000, 600), -1132);
    assert_int_equal(money_tax_fen(MONEY_MAX_FEN, 600), INT64_C(5660377358));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_yuan_as_gateways_write_it),     TEST(refuses_every_other_way_to_write_an_amount),
        TEST(writes_yuan_with_two_decimals),       TEST(reads_back_what_it_writes),
        TEST(takes_the_tax_out_of_a_gross_amount), TEST(rounds_the_net_amount_half_up),
        TEST(splits_every_price_into_net_and_tax), TEST(mirrors_tax_of_refunds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
