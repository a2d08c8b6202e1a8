/* SPDX-License-Identifier: Apache-2.0 */
/* Loading the keys, and the signed payment form held against the official SDK's. */
#include "workshop.h"

#include "alipay_vectors.h"
#include "base/clock.h"

#include <string.h>

static int64_t at(const char *text)
{
    int64_t unix_us;
    assert_true(clock_parse_plain(text, &unix_us));
    return unix_us;
}

static struct alipay_order good_order(void)
{
    return (struct alipay_order){.out_trade_no = "2026112113040501000000000101",
                                 .amount_fen = 8880,
                                 .subject = "深圳耗材平台 数字证书续期 12个月",
                                 .notify_url = "https://renew.example.cn/notify/alipay",
                                 .return_url = "https://renew.example.cn/renewals/01202611210000001?from=alipay&x=1",
                                 .expires_us = at("2026-11-21 14:34:05"),
                                 .now_us = at("2026-11-21 13:04:05")};
}

static void assert_signs(struct workshop *workshop, const struct form_fields *fields, const char *signed_text)
{
    const char *sign = form_value(fields, "sign");
    struct bytes signature;
    assert_non_null(sign);
    assert_true(base64_decode(workshop->arena, sign, strlen(sign), &signature));
    assert_true(rsa_verify(workshop->application_public_key, bytes_of_text(signed_text), signature));
}

static void signs_what_the_official_sdk_signs(void **state)
{
    struct workshop *workshop = *state;
    const struct alipay_order orders[] = {
        good_order(),
        {"0123456789abcdEF", 1, "quote \" backslash \\ <b> 😀", "https://a.example/notify/alipay", "https://a.example/r",
         at("2027-01-01 01:29:59"), at("2026-12-31 23:59:59")},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", INT64_C(10000000000), "a/b=c&d", "http://127.0.0.1:8080/notify/alipay",
         "http://127.0.0.1:8080/r", at("2028-02-29 00:00:01"), at("2028-02-29 00:00:00")},
    };
    assert_int_equal(ARRAY_SIZE(orders), ARRAY_SIZE(page_pay_vectors));
    for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
        struct form form;
        assert_int_equal(alipay_page_pay(workshop->alipay, &orders[i], workshop->arena, &form), OK);
        assert_string_equal(form_value(&form.fields, "biz_content"), page_pay_vectors[i].biz_content);
        assert_signs(workshop, &form.fields, page_pay_vectors[i].signed_text);
    }
}

static void posts_to_the_gateway_with_the_charset_in_the_address(void **state)
{
    struct workshop *workshop = *state;
    const struct alipay_order order = good_order();
    struct form form;
    assert_int_equal(alipay_page_pay(workshop->alipay, &order, workshop->arena, &form), OK);
    assert_string_equal(form.action, "https://openapi.alipay.com/gateway.do?charset=utf-8");
    assert_int_equal(form.fields.count, 11);
    assert_string_equal(form_value(&form.fields, "method"), "alipay.trade.page.pay");
    assert_string_equal(form_value(&form.fields, "timestamp"), "2026-11-21 13:04:05");
    assert_string_equal(form_value(&form.fields, "sign_type"), "RSA2");
    assert_string_equal(form_value(&form.fields, "return_url"), order.return_url);
}

static void cuts_a_subject_at_256_characters(void **state)
{
    struct workshop *workshop = *state;
    struct alipay_order order = good_order();
    char *subject = arena_alloc(workshop->arena, 300 * 3 + 1), *end = subject;
    for (int i = 0; i < 300; i++)
        end = stpcpy(end, "续");
    order.subject = subject;
    struct form form;
    assert_int_equal(alipay_page_pay(workshop->alipay, &order, workshop->arena, &form), OK);
    const char *content = form_value(&form.fields, "biz_content");
    size_t count = 0;
    while ((content = strstr(content, "续")) != NULL) {
        content += 3;
        count++;
    }
    assert_int_equal(count, 256);
}

static void refuses_orders_that_alipay_cannot_take(void **state)
{
    struct workshop *workshop = *state;
    struct alipay_order orders[12];
    for (size_t i = 0; i < ARRAY_SIZE(orders); i++)
        orders[i] = good_order();
    orders[0].out_trade_no = "123456789012345";
    orders[1].out_trade_no = "123456789012345678901234567890123";
    orders[2].out_trade_no = "20261121130405010000&amount=1";
    orders[3].amount_fen = 0;
    orders[4].amount_fen = -1;
    orders[5].amount_fen = INT64_C(10000000001);
    orders[6].subject = "";
    orders[7].subject = "\xff";
    orders[8].notify_url = "https://renew.example.cn/notify/alipay?x=1";
    orders[9].notify_url = "";
    orders[10].return_url = "javascript:alert(1)";
    orders[11].expires_us = orders[11].now_us;
    for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
        struct form form = {.action = "untouched"};
        assert_int_equal(alipay_page_pay(workshop->alipay, &orders[i], workshop->arena, &form), ERR_INTERNAL);
        assert_string_equal(form.action, "untouched");
    }
}

static void cannot_pay_without_the_private_key(void **state)
{
    struct workshop *workshop = *state;
    const struct alipay_order order = good_order();
    struct alipay *alipay;
    struct form form;
    workshop->settings.alipay_private_key_file = "";
    assert_int_equal(alipay_load(&workshop->settings, false, workshop->arena, &alipay), OK);
    assert_int_equal(alipay_page_pay(alipay, &order, workshop->arena, &form), ERR_INTERNAL);
    alipay_free(alipay);
}

static void refused_settings(struct workshop *workshop)
{
    struct alipay *alipay = NULL;
    assert_int_equal(alipay_load(&workshop->settings, true, workshop->arena, &alipay), ERR_SETTINGS_INVALID);
    assert_null(alipay);
}

static void refuses_settings_that_lack_something(void **state)
{
    struct workshop *workshop = *state;
    const struct settings good = workshop->settings;
    workshop->settings.alipay_seller_id = "";
    refused_settings(workshop);
    workshop->settings = good;
    workshop->settings.alipay_public_key_file = "";
    refused_settings(workshop);
    workshop->settings = good;
    workshop->settings.alipay_private_key_file = "";
    refused_settings(workshop);
    workshop->settings = good;
    workshop->settings.alipay_gateway_url = "https://openapi.alipay.com/gateway.do?a=b";
    refused_settings(workshop);
}

static void refuses_keys_that_are_not_what_they_should_be(void **state)
{
    struct workshop *workshop = *state;
    workshop_write(workshop, "public.pem", "nonsense", 0644);
    refused_settings(workshop);
    workshop_write(workshop, "public.pem", workshop->alipay_public_pem, 0644);
    workshop_write(workshop, "private.pem", workshop->application_public_pem, 0600);
    refused_settings(workshop);
}

static void refuses_a_private_key_that_others_may_read(void **state)
{
    struct workshop *workshop = *state;
    workshop_write(workshop, "private.pem", workshop->application_private_pem, 0644);
    refused_settings(workshop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, workshop_open, workshop_close)
        T(signs_what_the_official_sdk_signs),
        T(posts_to_the_gateway_with_the_charset_in_the_address),
        T(cuts_a_subject_at_256_characters),
        T(refuses_orders_that_alipay_cannot_take),
        T(cannot_pay_without_the_private_key),
        T(refuses_settings_that_lack_something),
        T(refuses_keys_that_are_not_what_they_should_be),
        T(refuses_a_private_key_that_others_may_read),
    };
    return cmocka_run_group_tests(tests, workshop_make_keys, NULL);
}
