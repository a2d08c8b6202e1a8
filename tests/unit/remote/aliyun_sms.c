/* SPDX-License-Identifier: Apache-2.0 */
/* The V3 signature held against the provider's document and its own library (@alicloud/openapi-util 0.3.3), and every
 * kind of answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "remote/aliyun_signature.h"
#include "remote/aliyun_sms.h"

#include <string.h>

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void assert_signature(struct arena *arena, const struct aliyun_call *call, const char *key_id,
                             const char *secret, const char *expected)
{
    const char *authorization = aliyun_authorization(arena, call, key_id, bytes_of_text(secret));
    const char *signature = strstr(authorization, ",Signature=");
    assert_non_null(signature);
    assert_string_equal(signature + strlen(",Signature="), expected);
    assert_non_null(strstr(authorization, arena_format(arena, "Credential=%s,", key_id)));
}

static void signs_as_the_document_does(void **state)
{
    struct form_field query[] = {{"RegionId", "cn-shanghai"},
                                 {"ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}};
    struct aliyun_call call = {.host = "ecs.cn-shanghai.aliyuncs.com",
                               .action = "RunInstances",
                               .version = "2014-05-26",
                               .date = "2023-10-26T10:22:32Z",
                               .nonce = "3156853299f313e23d1673dc12e1703d",
                               .query = {query, ARRAY_SIZE(query)}};
    assert_signature(*state, &call, "YourAccessKeyId", "YourAccessKeySecret",
                     "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
}

static void signs_send_sms_as_the_providers_library_does(void **state)
{
    struct form_field query[] = {{"PhoneNumbers", "13800138000"},
                                 {"SignName", "网证通"},
                                 {"TemplateCode", "SMS_71390007"},
                                 {"TemplateParam", "{\"no\":\"01201709210000846\"}"},
                                 {"OutId", "o1"}};
    struct aliyun_call call = {.host = "dysmsapi.aliyuncs.com",
                               .action = "SendSms",
                               .version = "2017-05-25",
                               .date = "2023-10-26T10:22:32Z",
                               .nonce = "3156853299f313e23d1673dc12e1703d",
                               .query = {query, ARRAY_SIZE(query)}};
    assert_signature(*state, &call, "YourAccessKeyId", "YourAccessKeySecret",
                     "b2fbe88b47edd6bde952d3342ebaa9d9b5f701f1b234eb9403c985d2fcb8738a");
}

static void escapes_every_character_as_the_providers_library_does(void **state)
{
    struct form_field query[] = {{"b", "a b+c&d=e/f~g*h'(i)!"}, {"a", "\"\\{}[]%"}, {"A", ""}, {"Z", "😀"}};
    struct aliyun_call call = {.host = "127.0.0.1:18097",
                               .action = "SendSms",
                               .version = "2017-05-25",
                               .date = "2027-01-01T00:00:00Z",
                               .nonce = "n",
                               .query = {query, ARRAY_SIZE(query)}};
    assert_signature(*state, &call, "LTAI-x", "secret",
                     "90e4e6e16bef46c41ebe6120bec840665e250e2fab2734ab3db233a88eeeec5e");
}

static void writes_a_query_that_is_sorted_and_escaped(void **state)
{
    struct form_field query[] = {{"b", "ü &"}, {"a", "~"}};
    assert_string_equal(aliyun_query(*state, &(struct form_fields){query, ARRAY_SIZE(query)}), "a=~&b=%C3%BC%20%26");
}

static enum sms_end read_answer(struct arena *arena, int status, const char *body, const char **word)
{
    const struct http_answer answer = {.status = status, .body = bytes_of_text(body)};
    return aliyun_sms_read(&answer, arena, word);
}

static void knows_what_each_answer_means(void **state)
{
    const struct {
        int status;
        const char *body;
        enum sms_end end;
        const char *word;
    } cases[] = {
        {200, "{\"Code\":\"OK\",\"Message\":\"OK\",\"BizId\":\"1^0\",\"RequestId\":\"r\"}", SMS_SENT, "OK"},
        {200, "{\"Code\":\"isv.BUSINESS_LIMIT_CONTROL\",\"Message\":\"触发分钟级流控Permits:1\"}", SMS_LIMITED,
         "isv.BUSINESS_LIMIT_CONTROL"},
        {200, "{\"Code\":\"isv.DAY_LIMIT_CONTROL\"}", SMS_LIMITED, "isv.DAY_LIMIT_CONTROL"},
        {200, "{\"Code\":\"isv.MOBILE_NUMBER_ILLEGAL\"}", SMS_NUMBER, "isv.MOBILE_NUMBER_ILLEGAL"},
        {200, "{\"Code\":\"isv.AMOUNT_NOT_ENOUGH\"}", SMS_OURS, "isv.AMOUNT_NOT_ENOUGH"},
        {200, "{\"Code\":\"isv.SMS_TEMPLATE_ILLEGAL\"}", SMS_OURS, "isv.SMS_TEMPLATE_ILLEGAL"},
        {400, "{\"Code\":\"SignatureDoesNotMatch\"}", SMS_OURS, "SignatureDoesNotMatch"},
        {200, "{\"Code\":\"isp.SYSTEM_ERROR\"}", SMS_LATER, "isp.SYSTEM_ERROR"},
        {400, "{\"Code\":\"Throttling.User\"}", SMS_LATER, "Throttling.User"},
        {503, "{\"Code\":\"ServiceUnavailable\"}", SMS_LATER, "ServiceUnavailable"},
        {500, "{\"Code\":\"OK\"}", SMS_UNKNOWN, "OK"},
        {500, "<html>", SMS_UNKNOWN, "status 500 without JSON"},
        {200, "", SMS_UNKNOWN, "status 200 without JSON"},
        {200, "{\"Code\":\"OK\", ", SMS_UNKNOWN, "status 200 without JSON"},
        {200, "[]", SMS_UNKNOWN, "status 200 without a code"},
        {200, "{\"Code\":7}", SMS_UNKNOWN, "status 200 without a code"},
        {200, "{\"Code\":\"13800138000 is bad\"}", SMS_UNKNOWN, "status 200 without a code"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *word = NULL;
        assert_int_equal(read_answer(*state, cases[i].status, cases[i].body, &word), cases[i].end);
        assert_string_equal(word, cases[i].word);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(signs_as_the_document_does, setup, teardown),
        cmocka_unit_test_setup_teardown(signs_send_sms_as_the_providers_library_does, setup, teardown),
        cmocka_unit_test_setup_teardown(escapes_every_character_as_the_providers_library_does, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_a_query_that_is_sorted_and_escaped, setup, teardown),
        cmocka_unit_test_setup_teardown(knows_what_each_answer_means, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
