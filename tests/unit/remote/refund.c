/* SPDX-License-Identifier: Apache-2.0 */
/* What Alipay says of a refund, signed and not. */
#include "workshop.h"

#include <string.h>

#define NUMBER "2026112113040501000000000101"
#define TRADE  "2026112122001446880500000001"
#define REFUND "20261121130405010000000001R001"
#define SENT   "alipay_trade_refund_response"
#define ASKED  "alipay_trade_fastpay_refund_query_response"
#define GOOD   "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"" NUMBER "\",\"trade_no\":\"" TRADE "\","
#define FAULT  "{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\""
#define MADE   GOOD "\"out_request_no\":\"" REFUND "\",\"refund_amount\":\"88.80\",\"refund_status\":\"REFUND_SUCCESS\"}"
#define NOW_US INT64_C(1795238645000000)

static const struct alipay_refund refund = {NUMBER, TRADE, REFUND, 8880};

static const char *answer_of(struct workshop *workshop, const char *name, const char *node)
{
    struct bytes signature;
    assert_int_equal(rsa_sign(workshop->alipay_key, bytes_of_text(node), workshop->arena, &signature), OK);
    return arena_format(workshop->arena, "{\"%s\":%s,\"sign\":\"%s\"}", name, node,
                        base64_encode(workshop->arena, signature));
}

typedef enum err reader(const struct alipay *alipay, struct bytes body, const struct alipay_refund *refund,
                        struct arena *arena, struct fault *fault, struct alipay_refund_answer *out);

static void says(struct workshop *workshop, reader *read, const char *name, const char *node,
                 enum alipay_refund_state state)
{
    struct alipay_refund_answer answer;
    const char *body = answer_of(workshop, name, node);
    assert_int_equal(read(workshop->alipay, bytes_of_text(body), &refund, workshop->arena, &workshop->fault, &answer),
                     OK);
    assert_int_equal(answer.state, state);
}

static void refused(struct workshop *workshop, reader *read, const char *body, enum err err)
{
    struct alipay_refund_answer answer = {.said = "untouched"};
    assert_int_equal(read(workshop->alipay, bytes_of_text(body), &refund, workshop->arena, &workshop->fault, &answer),
                     err);
    assert_string_equal(answer.said, "untouched");
}

static void asks_with_our_number_and_the_trade_of_the_payment(void **state)
{
    struct workshop *workshop = *state;
    struct form form;
    assert_int_equal(alipay_refund(workshop->alipay, &refund, NOW_US, workshop->arena, &form), OK);
    assert_string_equal(form_value(&form.fields, "method"), "alipay.trade.refund");
    assert_string_equal(form_value(&form.fields, "biz_content"),
                        "{\"out_trade_no\":\"" NUMBER "\",\"trade_no\":\"" TRADE
                        "\",\"refund_amount\":\"88.80\",\"out_request_no\":\"" REFUND
                        "\",\"refund_reason\":\"数字证书续期退款\"}");
    assert_int_equal(alipay_refund_query(workshop->alipay, &refund, NOW_US, workshop->arena, &form), OK);
    assert_string_equal(form_value(&form.fields, "method"), "alipay.trade.fastpay.refund.query");
}

static void refuses_a_refund_that_alipay_cannot_take(void **state)
{
    struct workshop *workshop = *state;
    struct alipay_refund wrong[5];
    struct form form;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        wrong[i] = refund;
    wrong[0].amount_fen = 0;
    wrong[1].out_request_no = "1\",\"x\":\"1234567890";
    wrong[2].trade_no = "";
    wrong[3].trade_no = "\"";
    wrong[4].out_trade_no = "short";
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_int_equal(alipay_refund(workshop->alipay, &wrong[i], NOW_US, workshop->arena, &form), ERR_INTERNAL);
}

static void reads_what_became_of_it_when_it_was_sent(void **state)
{
    static const struct {
        const char *node;
        enum alipay_refund_state state;
    } cases[] = {
        {GOOD "\"fund_change\":\"Y\",\"refund_fee\":\"88.80\"}", ALIPAY_REFUND_DONE},
        {GOOD "\"fund_change\":\"N\",\"refund_fee\":\"88.80\"}", ALIPAY_REFUND_ACCEPTED},
        {GOOD "\"refund_fee\":\"88.80\"}", ALIPAY_REFUND_ACCEPTED},
        {FAULT "ACQ.SELLER_BALANCE_NOT_ENOUGH\"}", ALIPAY_REFUND_REFUSED},
        {FAULT "ACQ.TRADE_HAS_FINISHED\"}", ALIPAY_REFUND_REFUSED},
        {FAULT "ACQ.SYSTEM_ERROR\"}", ALIPAY_REFUND_UNKNOWN},
        {FAULT "ACQ.NEVER_HEARD_OF\"}", ALIPAY_REFUND_UNKNOWN},
        {"{\"code\":\"20000\",\"sub_code\":\"aop.ACQ.SYSTEM_ERROR\"}", ALIPAY_REFUND_UNKNOWN},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        says(*state, alipay_read_refund, SENT, cases[i].node, cases[i].state);
}

static void reads_what_became_of_it_when_it_is_asked(void **state)
{
    says(*state, alipay_read_refund_query, ASKED, MADE, ALIPAY_REFUND_DONE);
    says(*state, alipay_read_refund_query, ASKED, "{\"code\":\"10000\",\"msg\":\"Success\"}", ALIPAY_REFUND_NOT_FOUND);
    says(*state, alipay_read_refund_query, ASKED, FAULT "ACQ.TRADE_NOT_EXIST\"}", ALIPAY_REFUND_NOT_FOUND);
    says(*state, alipay_read_refund_query, ASKED, FAULT "ACQ.SYSTEM_ERROR\"}", ALIPAY_REFUND_UNKNOWN);
}

static const char *changed(struct workshop *workshop, const char *from, const char *to)
{
    const char *at = strstr(MADE, from);
    assert_non_null(at);
    return answer_of(workshop, ASKED,
                     arena_format(workshop->arena, "%.*s%s%s", (int)(at - MADE), MADE, to, at + strlen(from)));
}

static void refuses_an_answer_about_another_refund_trade_or_amount(void **state)
{
    struct workshop *workshop = *state;
    const char *const changes[][2] = {
        {REFUND, "20261121130405010000000001R002"},
        {TRADE, "2026112122001446880500000002"},
        {NUMBER, "2026112113040501000000000102"},
        {"88.80", "88.79"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
        refused(workshop, alipay_read_refund_query, changed(workshop, changes[i][0], changes[i][1]),
                ERR_NOTICE_MISMATCH);
    refused(workshop, alipay_read_refund_query, changed(workshop, "88.80", "88.8x"), ERR_FORM_MALFORMED);
}

static void believes_no_result_that_is_not_signed(void **state)
{
    struct workshop *workshop = *state;
    refused(workshop, alipay_read_refund_query, "{\"" ASKED "\":" MADE "}", ERR_NOTICE_SIGNATURE);
    const char *good = answer_of(workshop, ASKED, MADE), *at = strstr(good, "88.80");
    const char *altered = arena_format(workshop->arena, "%.*s88.81%s", (int)(at - good), good, at + 5);
    refused(workshop, alipay_read_refund_query, altered, ERR_NOTICE_SIGNATURE);
    refused(workshop, alipay_read_refund, good, ERR_FORM_MALFORMED); /* the answer to another question */
    struct alipay_refund_answer answer;
    assert_int_equal(alipay_read_refund(workshop->alipay,
                                        bytes_of_text("{\"" SENT "\":" FAULT "ACQ.TRADE_HAS_CLOSE\"}}"), &refund,
                                        workshop->arena, &workshop->fault, &answer),
                     OK);
    assert_int_equal(answer.state, ALIPAY_REFUND_UNKNOWN);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, workshop_open, workshop_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(asks_with_our_number_and_the_trade_of_the_payment),
        TEST(refuses_a_refund_that_alipay_cannot_take),
        TEST(reads_what_became_of_it_when_it_was_sent),
        TEST(reads_what_became_of_it_when_it_is_asked),
        TEST(refuses_an_answer_about_another_refund_trade_or_amount),
        TEST(believes_no_result_that_is_not_signed),
    };
    return cmocka_run_group_tests(tests, workshop_make_keys, NULL);
}
