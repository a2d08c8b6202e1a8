/* SPDX-License-Identifier: Apache-2.0 */
/* alipay.trade.precreate (当面付): what we ask for, and codes as Alipay signs them, and as others would write them. */
#include "workshop.h"

#include <string.h>

#define NUMBER "2026112113040501000000000101"
#define NODE   "alipay_trade_precreate_response"
#define CODE   "https://qr.alipay.com/bavh4wjlxf12tper3a"
#define GOOD   "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" NUMBER "\",\"qr_code\":\"" CODE "\"}"
#define NOW_US INT64_C(1795238645000000)

static struct alipay_order order_of(void)
{
    return (struct alipay_order){.out_trade_no = NUMBER,
                                 .amount_fen = 8880,
                                 .subject = "数字证书续期",
                                 .notify_url = "https://ca.example/notify/alipay",
                                 .return_url = "https://ca.example/order/1",
                                 .expires_us = NOW_US + INT64_C(1800000000),
                                 .now_us = NOW_US};
}

static void asks_for_a_code_of_the_order(void **state)
{
    struct workshop *workshop = *state;
    struct alipay_order order = order_of();
    struct form form;
    assert_int_equal(alipay_precreate(workshop->alipay, &order, workshop->arena, &form), OK);
    assert_string_equal(form_value(&form.fields, "method"), "alipay.trade.precreate");
    assert_string_equal(form_value(&form.fields, "notify_url"), "https://ca.example/notify/alipay");
    assert_null(form_value(&form.fields, "return_url")); /* nobody comes back from a telephone */
    const char *content = form_value(&form.fields, "biz_content");
    assert_non_null(strstr(content, "\"out_trade_no\":\"" NUMBER "\""));
    assert_non_null(strstr(content, "\"total_amount\":\"88.80\""));
    assert_non_null(strstr(content, "\"product_code\":\"FACE_TO_FACE_PAYMENT\""));
    assert_non_null(strstr(content, "\"time_expire\":\"2026-11-21 13:54:05\""));
}

static void refuses_orders_that_alipay_cannot_take(void **state)
{
    struct workshop *workshop = *state;
    struct alipay_order wrong[3] = {order_of(), order_of(), order_of()};
    struct form form = {.action = "untouched"};
    wrong[0].amount_fen = 0;
    wrong[1].out_trade_no = "with space";
    wrong[2].notify_url = "ftp://ca.example";
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_int_equal(alipay_precreate(workshop->alipay, &wrong[i], workshop->arena, &form), ERR_INTERNAL);
    assert_string_equal(form.action, "untouched");
}

static enum err read_node(struct workshop *workshop, const char *node, const char **code, const char **said)
{
    struct bytes body = workshop_answer(workshop, workshop->arena, NODE, bytes_of_text(node));
    return alipay_read_precreate(workshop->alipay, body, NUMBER, workshop->arena, &workshop->fault, code, said);
}

static void reads_the_code(void **state)
{
    struct workshop *workshop = *state;
    const char *code = NULL, *said = NULL;
    assert_int_equal(read_node(workshop, GOOD, &code, &said), OK);
    assert_string_equal(code, CODE);
}

static void says_why_there_is_none(void **state)
{
    struct workshop *workshop = *state;
    const char *code = NULL, *said = NULL;
    assert_int_equal(read_node(workshop, "{\"code\":\"40004\",\"sub_code\":\"ACQ.ACCESS_FORBIDDEN\"}", &code, &said),
                     ERR_GATEWAY_UNAVAILABLE);
    assert_string_equal(said, "40004 ACQ.ACCESS_FORBIDDEN");
    assert_null(code);
}

static void refuses_a_code_of_another_order_or_none_at_all(void **state)
{
    struct workshop *workshop = *state;
    static const struct {
        const char *node;
        enum err err;
    } rows[] = {
        {"{\"code\":\"10000\",\"out_trade_no\":\"2026112113040501000000000102\",\"qr_code\":\"" CODE "\"}",
         ERR_NOTICE_MISMATCH},
        {"{\"code\":\"10000\",\"out_trade_no\":\"" NUMBER "\"}", ERR_FORM_MALFORMED},
        {"{\"code\":\"10000\",\"out_trade_no\":\"" NUMBER "\",\"qr_code\":\"javascript:alert(1)\"}",
         ERR_FORM_MALFORMED},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const char *code = NULL, *said = NULL;
        assert_int_equal(read_node(workshop, rows[i].node, &code, &said), rows[i].err);
        assert_null(code);
    }
}

static void believes_no_code_that_is_not_signed(void **state)
{
    struct workshop *workshop = *state;
    struct bytes body = workshop_answer(workshop, workshop->arena, NODE, bytes_of_text(GOOD));
    uint8_t *bent = arena_copy(workshop->arena, body.data, body.size);
    const char *code = NULL, *said = NULL;
    for (size_t i = strlen("{\"" NODE "\":"); i < strlen("{\"" NODE "\":" GOOD); i++) {
        bent[i] ^= 1;
        assert_int_not_equal(alipay_read_precreate(workshop->alipay, (struct bytes){bent, body.size}, NUMBER,
                                                   workshop->arena, &workshop->fault, &code, &said),
                             OK);
        bent[i] = body.data[i];
    }
    assert_int_not_equal(alipay_read_precreate(workshop->alipay, bytes_of_text("{\"" NODE "\":" GOOD "}"), NUMBER,
                                               workshop->arena, &workshop->fault, &code, &said),
                         OK);
    assert_null(code);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, workshop_open, workshop_close)
    const struct CMUnitTest tests[] = {
        STORY(asks_for_a_code_of_the_order),
        STORY(refuses_orders_that_alipay_cannot_take),
        STORY(reads_the_code),
        STORY(says_why_there_is_none),
        STORY(refuses_a_code_of_another_order_or_none_at_all),
        STORY(believes_no_code_that_is_not_signed),
    };
    return cmocka_run_group_tests(tests, workshop_make_keys, NULL);
}
