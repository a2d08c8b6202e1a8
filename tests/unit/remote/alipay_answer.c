/* SPDX-License-Identifier: Apache-2.0 */
/* alipay.trade.query: what we ask, and answers as Alipay signs them, and as others would write them. */
#include "workshop.h"

#include "base/clock.h"

#include <string.h>

#define NUMBER "2026112113040501000000000101"
#define NODE   "alipay_trade_query_response"
#define NOW_US INT64_C(1795238645000000)
#define HEAD   "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" NUMBER "\","
#define PAID                                                                                                           \
    HEAD                                                                                                               \
        "\"trade_no\":\"2026112122001446880500000001\",\"trade_status\":\"TRADE_SUCCESS\",\"total_amount\":\"88.80\"," \
        "\"buyer_pay_amount\":\"80.00\",\"buyer_user_id\":\"2088102177846882\","                                       \
        "\"send_pay_date\":\"2026-11-21 13:05:09\"}"

static const char *signature_of(struct workshop *workshop, const char *node, const struct rsa_key *key)
{
    struct bytes signature;
    assert_int_equal(rsa_sign(key, bytes_of_text(node), workshop->arena, &signature), OK);
    return base64_encode(workshop->arena, signature);
}

/* As Alipay sends it. */
static const char *answer_of(struct workshop *workshop, const char *node)
{
    return arena_format(workshop->arena, "{\"" NODE "\":%s,\"sign\":\"%s\"}", node,
                        signature_of(workshop, node, workshop->alipay_key));
}

static enum err read_bytes(struct workshop *workshop, struct bytes body, struct alipay_trade *trade)
{
    return alipay_read_query(workshop->alipay, body, NUMBER, NOW_US, workshop->arena, &workshop->fault, trade);
}

static struct alipay_trade taken(struct workshop *workshop, const char *body)
{
    struct alipay_trade trade;
    assert_int_equal(read_bytes(workshop, bytes_of_text(body), &trade), OK);
    return trade;
}

static void refused(struct workshop *workshop, const char *body, enum err err)
{
    struct alipay_trade trade = {.amount_fen = 4711};
    assert_int_equal(read_bytes(workshop, bytes_of_text(body), &trade), err);
    assert_int_equal(trade.amount_fen, 4711);
}

static const char *changed(struct workshop *workshop, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    return arena_format(workshop->arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* -- what we ask -------------------------------------------------------------------------------------------------- */

static void asks_with_a_signed_form_and_the_charset_in_the_address(void **state)
{
    struct workshop *workshop = *state;
    struct form form;
    struct bytes signature;
    assert_int_equal(alipay_query(workshop->alipay, NUMBER, NOW_US, workshop->arena, &form), OK);
    assert_string_equal(form.action, "https://openapi.alipay.com/gateway.do?charset=utf-8");
    const char *sign = form_value(&form.fields, "sign");
    assert_true(base64_decode(workshop->arena, sign, strlen(sign), &signature));
    assert_true(rsa_verify(workshop->application_public_key,
                           bytes_of_text("app_id=" OUR_APP_ID "&biz_content={\"out_trade_no\":\"" NUMBER
                                         "\"}&charset=utf-8&format=JSON&method=alipay.trade.query&sign_type=RSA2&"
                                         "timestamp=2026-11-21 13:24:05&version=1.0"),
                           signature));
}

static void asks_about_no_number_that_it_could_not_have_given(void **state)
{
    struct workshop *workshop = *state;
    static const char *const numbers[] = {"", "1234567890", "20261121130405010000\"}", NUMBER NUMBER};
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        struct form form;
        assert_int_equal(alipay_query(workshop->alipay, numbers[i], NOW_US, workshop->arena, &form), ERR_INTERNAL);
    }
}

/* -- what Alipay says -----------------------------------------------------------------------------------------------
 */

static void reads_a_payment(void **state)
{
    struct workshop *workshop = *state;
    int64_t paid_us;
    struct alipay_trade trade = taken(workshop, answer_of(workshop, PAID));
    assert_int_equal(trade.state, ALIPAY_TRADE_PAID);
    assert_string_equal(trade.said, "TRADE_SUCCESS");
    assert_string_equal(trade.trade_no, "2026112122001446880500000001");
    assert_int_equal(trade.amount_fen, 8880);
    assert_true(clock_parse_plain("2026-11-21 13:05:09", &paid_us) && trade.paid_us == paid_us);
    assert_string_equal(trade.buyer_masked, "2088********6882");
    assert_string_equal(trade.app_id, OUR_APP_ID);
}

static void takes_the_time_of_the_answer_where_alipay_names_none(void **state)
{
    struct workshop *workshop = *state;
    const char *node = changed(workshop, PAID, ",\"send_pay_date\":\"2026-11-21 13:05:09\"", "");
    assert_int_equal(taken(workshop, answer_of(workshop, node)).paid_us, NOW_US);
}

static void knows_the_states_of_a_trade(void **state)
{
    struct workshop *workshop = *state;
    static const struct {
        const char *word;
        enum alipay_state state;
    } states[] = {{"TRADE_FINISHED", ALIPAY_TRADE_PAID},
                  {"WAIT_BUYER_PAY", ALIPAY_TRADE_WAITING},
                  {"TRADE_CLOSED", ALIPAY_TRADE_CLOSED}};
    for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
        const char *node = changed(workshop, PAID, "TRADE_SUCCESS", states[i].word);
        assert_int_equal(taken(workshop, answer_of(workshop, node)).state, states[i].state);
    }
    refused(workshop, answer_of(workshop, changed(workshop, PAID, "TRADE_SUCCESS", "TRADE_PENDING")),
            ERR_FORM_MALFORMED);
}

static void knows_a_trade_that_does_not_exist(void **state)
{
    struct workshop *workshop = *state;
    const char *node = "{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\","
                       "\"sub_msg\":\"交易不存在\",\"out_trade_no\":\"" NUMBER "\"}";
    struct alipay_trade trade = taken(workshop, answer_of(workshop, node));
    assert_int_equal(trade.state, ALIPAY_TRADE_NOT_FOUND);
    assert_string_equal(trade.said, "40004 ACQ.TRADE_NOT_EXIST");
    refused(workshop, answer_of(workshop, changed(workshop, node, "000101\"", "000102\"")), ERR_NOTICE_MISMATCH);
    const char *stranger = arena_format(workshop->arena, "{\"" NODE "\":%s}", node);
    assert_int_equal(taken(workshop, stranger).state, ALIPAY_TRADE_UNKNOWN);
}

static void learns_nothing_from_other_codes(void **state)
{
    struct workshop *workshop = *state;
    static const char *const codes[] = {"20000\",\"sub_code\":\"isp.unknow-error",
                                        "10003",
                                        "40004\",\"sub_code\":\"ACQ.SYSTEM_ERROR",
                                        "40002",
                                        "",
                                        "100000"};
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
        const char *node = changed(workshop, PAID, "10000", codes[i]);
        assert_int_equal(taken(workshop, answer_of(workshop, node)).state, ALIPAY_TRADE_UNKNOWN);
    }
}

static void learns_nothing_from_an_unsigned_error(void **state)
{
    struct workshop *workshop = *state;
    struct alipay_trade trade = taken(workshop, "{\"" NODE "\":{\"code\":\"40002\",\"msg\":\"Invalid Arguments\","
                                                "\"sub_code\":\"isv.invalid-signature\",\"sub_msg\":\"无效签名\"}}");
    assert_int_equal(trade.state, ALIPAY_TRADE_UNKNOWN);
    assert_string_equal(trade.said, "40002 isv.invalid-signature");
    trade = taken(workshop, "{\"error_response\":{\"code\":\"40002\",\"sub_code\":\"isv.invalid-app-id\"}}");
    assert_int_equal(trade.state, ALIPAY_TRADE_UNKNOWN);
    assert_string_equal(taken(workshop, "{\"error_response\":{\"code\":\"4\\n2\"}}").said, "");
}

/* GBK: of 誠 the second byte is a backslash, of the next one a brace. */
static void reads_gbk(void **state)
{
    struct workshop *workshop = *state;
    const char *node = changed(workshop, PAID, "\"msg\":\"Success\"",
                               "\"msg\":\"\xd5\x5c\",\"x\":\"\x81\x7d\xd6\xd0\"");
    struct alipay_trade trade = taken(workshop, answer_of(workshop, node));
    assert_int_equal(trade.state, ALIPAY_TRADE_PAID);
    assert_int_equal(trade.amount_fen, 8880);
    trade = taken(workshop, "{\"error_response\":{\"code\":\"40002\",\"msg\":\"\xce\xde\xd0\xa7\xc7\xa9\xc3\xfb\"}}");
    assert_int_equal(trade.state, ALIPAY_TRADE_UNKNOWN);
    refused(workshop, answer_of(workshop, changed(workshop, PAID, "Success", "\xff\xff")), ERR_FORM_MALFORMED);
}

/* -- the bytes that are signed ------------------------------------------------------------------------------------- */

static void verifies_the_bytes_as_they_stand(void **state)
{
    struct workshop *workshop = *state;
    static const char *const messages[] = {"\"msg\": \"Success\" ", "\"msg\":\"\\u6210\\u529f\\/\"",
                                           "\"msg\":\"say \\\"}\\\" , \\\\\"", "\"msg\":\"},\\\"sign\\\":\\\"\"",
                                           "\"msg\":[1,{\"a\":[]},\"]\"]"};
    for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
        const char *node = changed(workshop, PAID, "\"msg\":\"Success\"", messages[i]);
        assert_int_equal(taken(workshop, answer_of(workshop, node)).amount_fen, 8880);
    }
}

static void finds_them_in_any_order(void **state)
{
    struct workshop *workshop = *state;
    const char *sign = signature_of(workshop, PAID, workshop->alipay_key);
    static const char *const forms[] = {
        "{\"sign\":\"%s\",\"" NODE "\":%s}",
        "{ \"alipay_cert_sn\" : \"50\\\"a{\" , \"sign\" : \"%s\",\n\t\"" NODE "\" : %s\r\n}\n",
        "{\"other\":{\"" NODE "\":{\"code\":\"20000\"}},\"list\":[\"" NODE "\",{}],\"sign\":\"%s\",\"" NODE "\":%s}",
    };
    for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
        const char *at = strstr(forms[i], "%s"), *next = strstr(at + 2, "%s");
        const char *body = arena_format(workshop->arena, "%.*s%s%.*s%s%s", (int)(at - forms[i]), forms[i], sign,
                                        (int)(next - at - 2), at + 2, PAID, next + 2);
        assert_int_equal(taken(workshop, body).amount_fen, 8880);
    }
}

static void refuses_a_foreign_signature_and_none(void **state)
{
    struct workshop *workshop = *state;
    struct arena *arena = workshop->arena;
    refused(workshop,
            arena_format(arena, "{\"" NODE "\":%s,\"sign\":\"%s\"}", PAID,
                         signature_of(workshop, PAID, workshop->foreign_key)),
            ERR_NOTICE_SIGNATURE);
    refused(workshop, "{\"" NODE "\":" PAID "}", ERR_NOTICE_SIGNATURE);
    refused(workshop, "{\"" NODE "\":" PAID ",\"sign\":null}", ERR_NOTICE_SIGNATURE);
    refused(workshop, "{\"" NODE "\":" PAID ",\"sign\":\"\"}", ERR_NOTICE_SIGNATURE);
    refused(workshop, "{\"" NODE "\":" PAID ",\"sign\":\"not base64\"}", ERR_NOTICE_SIGNATURE);
    refused(workshop, changed(workshop, answer_of(workshop, PAID), "88.80", "88.81"), ERR_NOTICE_SIGNATURE);
    refused(workshop, changed(workshop, answer_of(workshop, PAID), "\"code\"", " \"code\""), ERR_NOTICE_SIGNATURE);
}

/* A true node where it does not count, a false one where it does. */
static void is_not_misled_by_a_second_node(void **state)
{
    struct workshop *workshop = *state;
    struct arena *arena = workshop->arena;
    const char *sign = signature_of(workshop, PAID, workshop->alipay_key);
    const char *lie = changed(workshop, PAID, "88.80", "0.01");
    static const struct {
        const char *before, *after;
        enum err err;
    } tricks[] = {
        {"{\"" NODE "\":", ",\"" NODE "\":", ERR_FORM_MALFORMED},
        {"{\"" NODE "\":{\"" NODE "\":", "},\"x\":", ERR_NOTICE_SIGNATURE},
        {"{\"x\":{\"" NODE "\":", "},\"" NODE "\":", ERR_NOTICE_SIGNATURE},
        {"{\"alipay_trade_query\\u005fresponse\":", ",\"" NODE "\":", ERR_FORM_MALFORMED},
        {"{\"alipay_trade_query\\u005fresponse\":", ",\"x\":", ERR_FORM_MALFORMED},
        {"{\"error_response\":", ",\"" NODE "\":", ERR_NOTICE_SIGNATURE},
        {"[{\"" NODE "\":", "},{\"x\":", ERR_FORM_MALFORMED},
    };
    for (size_t i = 0; i < ARRAY_SIZE(tricks); i++)
        refused(workshop,
                arena_format(arena, "%s%s%s%s,\"sign\":\"%s\"}%s", tricks[i].before, PAID, tricks[i].after, lie, sign,
                             tricks[i].before[0] == '[' ? "]" : ""),
                tricks[i].err);
    const char *in_text = arena_format(arena, "{\"x\":\"\\\"" NODE "\\\":{\",\"" NODE "\":%s,\"sign\":\"%s\"}", lie,
                                       sign);
    refused(workshop, in_text, ERR_NOTICE_SIGNATURE);
    refused(workshop, arena_format(arena, "{\"" NODE "\":\"%s\",\"sign\":\"%s\"}", "text", sign), ERR_FORM_MALFORMED);
    refused(workshop, arena_format(arena, "%s{}", answer_of(workshop, PAID)), ERR_FORM_MALFORMED);
}

static void refuses_duplicate_members_even_when_signed(void **state)
{
    struct workshop *workshop = *state;
    const char *node = changed(workshop, PAID, "\"total_amount\"", "\"total_amount\":\"0.01\",\"total_amount\"");
    refused(workshop, answer_of(workshop, node), ERR_FORM_MALFORMED);
}

static void refuses_every_truncation_and_every_flipped_bit(void **state)
{
    struct workshop *workshop = *state;
    const char *body = answer_of(workshop, PAID);
    size_t size = strlen(body);
    struct alipay_trade trade;
    for (size_t kept = 0; kept < size; kept++)
        assert_int_not_equal(read_bytes(workshop, arena_bytes(workshop->arena, body, kept), &trade), OK);
    for (size_t bit = 0; bit < size * 8; bit += 3) {
        uint8_t *flipped = arena_copy(workshop->arena, body, size);
        flipped[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_not_equal(read_bytes(workshop, (struct bytes){flipped, size}, &trade), OK);
    }
}

/* -- whose it is, and what it says -----------------------------------------------------------------------------------
 */

static void refuses_an_answer_about_something_else(void **state)
{
    struct workshop *workshop = *state;
    refused(workshop, answer_of(workshop, changed(workshop, PAID, NUMBER, "2026112113040501000000000102")),
            ERR_NOTICE_MISMATCH);
    refused(workshop, answer_of(workshop, changed(workshop, PAID, "\"out_trade_no\":\"" NUMBER "\",", "")),
            ERR_NOTICE_MISMATCH);
    static const char *const others[] = {"{\"app_id\":\"2021000000000002\",", "{\"seller_id\":\"2088000000000002\",",
                                         "{\"seller_id\":2088000000000001,"};
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        refused(workshop, answer_of(workshop, changed(workshop, PAID, "{", others[i])), ERR_NOTICE_MISMATCH);
    const char *ours = changed(workshop, PAID, "{",
                               "{\"app_id\":\"" OUR_APP_ID "\",\"seller_id\":\"" OUR_SELLER_ID "\",");
    assert_int_equal(taken(workshop, answer_of(workshop, ours)).state, ALIPAY_TRADE_PAID);
}

static void refuses_a_payment_that_cannot_be_read(void **state)
{
    struct workshop *workshop = *state;
    static const char *const changes[][2] = {
        {"\"88.80\"", "88.80"},
        {"88.80", "88.8"},
        {"88.80", "-88.80"},
        {"88.80", "0.00"},
        {"\"total_amount\"", "\"x\""},
        {"88.80", "1e3"},
        {"\"trade_no\"", "\"y\""},
        {"05:09\"", "65:09\""},
        {"2026112122001446880500000001", ""},
        {"2026112122001446880500000001", "2026 2001"},
        {"\"trade_status\"", "\"z\""},
    };
    for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
        refused(workshop, answer_of(workshop, changed(workshop, PAID, changes[i][0], changes[i][1])),
                ERR_FORM_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, workshop_open, workshop_close)
        TEST(asks_with_a_signed_form_and_the_charset_in_the_address),
        TEST(asks_about_no_number_that_it_could_not_have_given),
        TEST(reads_a_payment),
        TEST(takes_the_time_of_the_answer_where_alipay_names_none),
        TEST(knows_the_states_of_a_trade),
        TEST(knows_a_trade_that_does_not_exist),
        TEST(learns_nothing_from_other_codes),
        TEST(learns_nothing_from_an_unsigned_error),
        TEST(reads_gbk),
        TEST(verifies_the_bytes_as_they_stand),
        TEST(finds_them_in_any_order),
        TEST(refuses_a_foreign_signature_and_none),
        TEST(is_not_misled_by_a_second_node),
        TEST(refuses_duplicate_members_even_when_signed),
        TEST(refuses_every_truncation_and_every_flipped_bit),
        TEST(refuses_an_answer_about_something_else),
        TEST(refuses_a_payment_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, workshop_make_keys, NULL);
}
