/* SPDX-License-Identifier: Apache-2.0 */
/* What we send to UnionPay, who we are to it, and its codes. */
#include "unionpay_workshop.h"

#include "base/clock.h"

#include <string.h>

static struct unionpay_order order(struct union_workshop *workshop)
{
    return (struct unionpay_order){
        .transaction = {OUR_ORDER, workshop->now_us + 123456, UNIONPAY_B2C},
        .amount_fen = 20000,
        .expires_us = workshop->now_us + 1800 * CLOCK_SECOND_US,
        .back_url = "https://ca.example/notify/unionpay",
        .front_url = "https://ca.example/return/unionpay",
    };
}

static void the_form_is_what_the_specification_asks_for(void **state)
{
    struct union_workshop *workshop = *state;
    struct unionpay_order asked = order(workshop);
    struct form form;
    assert_int_equal(unionpay_front_pay(workshop->unionpay, &asked, workshop->arena, &form), OK);
    static const struct form_field expected[] = {
        {"version", "5.1.0"},
        {"encoding", "UTF-8"},
        {"signMethod", "01"},
        {"txnType", "01"},
        {"txnSubType", "01"},
        {"bizType", "000201"},
        {"channelType", "07"},
        {"accessType", "0"},
        {"merId", OUR_MERCHANT},
        {"orderId", OUR_ORDER},
        {"txnTime", OUR_TXN_TIME},
        {"txnAmt", "20000"},
        {"currencyCode", "156"},
        {"payTimeout", "20261121133509"},
        {"backUrl", "https://ca.example/notify/unionpay"},
        {"frontUrl", "https://ca.example/return/unionpay"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
        assert_string_equal(form_value(&form.fields, expected[i].name), expected[i].value);
    assert_string_equal(form.action, workshop->settings.unionpay_front_url);
    assert_true(merchant_signed(workshop, &form.fields));
}

static void companies_use_another_product(void **state)
{
    struct union_workshop *workshop = *state;
    struct unionpay_order asked = order(workshop);
    struct form form;
    asked.transaction.product = UNIONPAY_B2B;
    assert_int_equal(unionpay_front_pay(workshop->unionpay, &asked, workshop->arena, &form), OK);
    assert_string_equal(form_value(&form.fields, "bizType"), "000202");
}

static void refuses_orders_that_unionpay_cannot_take(void **state)
{
    struct union_workshop *workshop = *state;
    struct unionpay_order wrong[9];
    struct form form = {.action = "untouched"};
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        wrong[i] = order(workshop);
    wrong[0].transaction.order_id = "1234567";
    wrong[1].transaction.order_id = "123456789012345678901234567890123";
    wrong[2].transaction.order_id = "2026-1121-1304";
    wrong[3].amount_fen = 0;
    wrong[4].amount_fen = INT64_C(1000000000000);
    wrong[5].expires_us = wrong[5].transaction.txn_time_us;
    wrong[6].back_url = "https://ca.example/notify?x=1";
    wrong[7].back_url = "ftp://ca.example/";
    wrong[8].front_url = "https://ca.example/return?x=1";
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_int_equal(unionpay_front_pay(workshop->unionpay, &wrong[i], workshop->arena, &form), ERR_INTERNAL);
    assert_string_equal(form.action, "untouched");
}

static void asks_with_the_numbers_of_the_original(void **state)
{
    struct union_workshop *workshop = *state;
    struct unionpay_transaction transaction = {OUR_ORDER, workshop->now_us, UNIONPAY_B2C};
    struct bytes body;
    struct form_fields fields;
    assert_int_equal(unionpay_query(workshop->unionpay, &transaction, workshop->arena, &body), OK);
    assert_int_equal(form_parse(body, workshop->arena, &fields), OK);
    assert_string_equal(form_value(&fields, "txnType"), "00");
    assert_string_equal(form_value(&fields, "orderId"), OUR_ORDER);
    assert_string_equal(form_value(&fields, "txnTime"), OUR_TXN_TIME);
    assert_null(form_value(&fields, "txnAmt"));
    assert_null(form_value(&fields, "backUrl"));
    assert_true(merchant_signed(workshop, &fields));
}

static void signs_nothing_without_the_key(void **state)
{
    struct union_workshop *workshop = *state;
    struct unionpay *web = NULL;
    struct unionpay_order asked = order(workshop);
    struct form form;
    struct bytes body;
    workshop->settings.unionpay_pfx_file = "";
    workshop->settings.unionpay_password_file = "";
    assert_int_equal(unionpay_load(&workshop->settings, false, workshop->arena, &web), OK);
    assert_int_equal(unionpay_front_pay(web, &asked, workshop->arena, &form), ERR_INTERNAL);
    assert_int_equal(unionpay_query(web, &asked.transaction, workshop->arena, &body), ERR_INTERNAL);
    unionpay_free(web);
}

static void refused_settings(struct union_workshop *workshop, const struct settings *settings)
{
    struct unionpay *loaded = NULL;
    assert_int_equal(unionpay_load(settings, true, workshop->arena, &loaded), ERR_SETTINGS_INVALID);
    assert_null(loaded);
}

static void refuses_settings_that_are_not_whole(void **state)
{
    struct union_workshop *workshop = *state;
    struct settings wrong[11];
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        wrong[i] = workshop->settings;
    union_write(workshop, "other", "not the password", 16, 0600);
    wrong[0].unionpay_merchant_id = "77729005811009";
    wrong[1].unionpay_merchant_id = "77729005811009x";
    wrong[2].unionpay_pfx_file = "";
    wrong[3].unionpay_pfx_file = "root.pem";
    wrong[4].unionpay_password_file = "";
    wrong[5].unionpay_password_file = "other";
    wrong[6].unionpay_root_file = "middle.pem"; /* nothing a chain could end at */
    wrong[7].unionpay_middle_file = "absent.pem";
    wrong[8].unionpay_middle_file = "password";
    wrong[9].unionpay_query_url = "";
    wrong[10].unionpay_back_url = "";
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        refused_settings(workshop, &wrong[i]);
}

static void refuses_a_password_that_others_may_read(void **state)
{
    struct union_workshop *workshop = *state;
    union_write(workshop, "other", "000000", 6, 0644);
    workshop->settings.unionpay_password_file = "other";
    refused_settings(workshop, &workshop->settings);
}

static void an_unlisted_code_is_unknown_never_failed(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum unionpay_outcome outcome;
    } rows[] = {
        {"00", UNIONPAY_SUCCESS},   {"A6", UNIONPAY_SUCCESS},   {"01", UNIONPAY_REFUSED}, {"02", UNIONPAY_REFUSED},
        {"03", UNIONPAY_UNKNOWN},   {"04", UNIONPAY_UNKNOWN},   {"05", UNIONPAY_UNKNOWN}, {"06", UNIONPAY_UNKNOWN},
        {"10", UNIONPAY_OUR_FAULT}, {"12", UNIONPAY_OUR_FAULT}, {"33", UNIONPAY_REFUSED}, {"34", UNIONPAY_NOT_FOUND},
        {"35", UNIONPAY_UNKNOWN},   {"37", UNIONPAY_OUR_FAULT}, {"42", UNIONPAY_REFUSED}, {"61", UNIONPAY_REFUSED},
        {"64", UNIONPAY_REFUSED},   {"70", UNIONPAY_UNKNOWN},   {"83", UNIONPAY_UNKNOWN}, {"98", UNIONPAY_UNKNOWN},
        {"07", UNIONPAY_UNKNOWN},   {"", UNIONPAY_UNKNOWN},     {"0", UNIONPAY_UNKNOWN},  {"000", UNIONPAY_UNKNOWN},
        {"A7", UNIONPAY_UNKNOWN},   {"6A", UNIONPAY_UNKNOWN},   {"a6", UNIONPAY_UNKNOWN}, {"O0", UNIONPAY_UNKNOWN},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_int_equal(unionpay_code(rows[i].code), rows[i].outcome);
}

static void times_are_beijing_whatever_the_host_thinks(void **state)
{
    (void)state;
    char text[UNIONPAY_TIME_SIZE];
    int64_t time;
    unionpay_format_time(INT64_C(1767196799) * CLOCK_SECOND_US + 999999, text);
    assert_string_equal(text, "20251231235959");
    assert_true(unionpay_parse_time(text, &time) && time == INT64_C(1767196799) * CLOCK_SECOND_US);
    static const char *const wrong[] = {
        "", "2025123123595", "202512312359599", "20251331235959", "20250230000000", "2025123124000a", "-0251231235959"};
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_false(unionpay_parse_time(wrong[i], &time));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, union_open, union_close)
    const struct CMUnitTest tests[] = {
        TEST(the_form_is_what_the_specification_asks_for),
        TEST(companies_use_another_product),
        TEST(refuses_orders_that_unionpay_cannot_take),
        TEST(asks_with_the_numbers_of_the_original),
        TEST(signs_nothing_without_the_key),
        TEST(refuses_settings_that_are_not_whole),
        TEST(refuses_a_password_that_others_may_read),
        TEST(an_unlisted_code_is_unknown_never_failed),
        TEST(times_are_beijing_whatever_the_host_thinks),
    };
    return cmocka_run_group_tests(tests, union_make_keys, union_drop_keys);
}
