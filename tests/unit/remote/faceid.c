/* SPDX-License-Identifier: Apache-2.0 */
/* The identity provider's messages: signatures against its published vectors, answers as it and strangers give them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/text.h"
#include "remote/faceid.h"
#include "remote/tc3.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdio.h>

#define NOW (1763700000 * CLOCK_SECOND_US) /* 2025-11-21 */

static const struct faceid_person person = {"张三", "11010519491231002X", "13800138000"};

struct bench {
    struct arena *arena;
    char folder[32];
    struct settings settings;
};

static int setup(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    bench->arena = arena_new();
    strcpy(bench->folder, "/tmp/xuqi-faceid-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    bench->settings = (struct settings){.folder = bench->folder,
                                        .faceid_secret_id = "AKIDEXAMPLE",
                                        .faceid_secret_key_file = "key",
                                        .faceid_rule_id = "7",
                                        .faceid_url = "https://faceid.tencentcloudapi.com",
                                        .identity_call_ms = 4000};
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    struct bench *bench = *state;
    unlink(arena_format(bench->arena, "%s/key", bench->folder));
    rmdir(bench->folder);
    arena_free(bench->arena);
    free(bench);
    return 0;
}

static void write_key(const struct bench *bench, const char *text)
{
    const char *path = arena_format(bench->arena, "%s/key", bench->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, 0600), 0);
}

static struct faceid *loaded(struct bench *bench)
{
    struct faceid *faceid = NULL;
    write_key(bench, "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE\n");
    assert_int_equal(faceid_load(&bench->settings, bench->arena, &faceid), OK);
    return faceid;
}

/* -- signatures -------------------------------------------------------------------------------------------------- */

/* The provider's documentation, "Signature Method v3". */
static void signs_as_the_documentation_does(void **state)
{
    struct bench *bench = *state;
    const struct tc3_key key = {"AKIDEXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"};
    const char *body =
        "{\"Limit\": 1, \"Filters\": [{\"Values\": [\"\\u672a\\u547d\\u540d\"], \"Name\": \"instance-name\"}]}";
    const char *header = tc3_authorization(bench->arena, &key, "cvm", "cvm.tencentcloudapi.com",
                                           "application/json; charset=utf-8", bytes_of_text(body), 1551113065);
    assert_string_equal(header, "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2019-02-25/cvm/tc3_request, "
                                "SignedHeaders=content-type;host, "
                                "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168");
}

static void signs_texts_in_utf_8(void **state)
{
    struct bench *bench = *state;
    const struct tc3_key key = {"AKIDEXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"};
    const char *body =
        "{\"PhoneNumberSet\":[\"+8613800138000\"],\"SmsSdkAppId\":\"1400006666\",\"SignName\":\"网证通\","
        "\"TemplateId\":\"1110\",\"TemplateParamSet\":[\"01201709210000846\"],\"SessionContext\":\"o1\"}";
    const char *header = tc3_authorization(bench->arena, &key, "sms", "sms.tencentcloudapi.com", "application/json",
                                           bytes_of_text(body), 1551113065);
    assert_non_null(strstr(header, "3f7536a6a1e83eb6215f89ffecb9868e146cb742cf898dd21289022a0bc22b17"));
}

/* -- loading and requests ---------------------------------------------------------------------------------------- */

static void refuses_to_start_without_key_or_flow(void **state)
{
    struct bench *bench = *state;
    struct faceid *faceid = NULL;
    assert_int_not_equal(faceid_load(&bench->settings, bench->arena, &faceid), OK);
    write_key(bench, "\n");
    assert_int_equal(faceid_load(&bench->settings, bench->arena, &faceid), ERR_SETTINGS_INVALID);
    write_key(bench, "secret");
    bench->settings.faceid_rule_id = "";
    assert_int_equal(faceid_load(&bench->settings, bench->arena, &faceid), ERR_SETTINGS_INVALID);
    assert_null(faceid);
}

static const char *header_of(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (strcmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return "";
}

static void sends_only_what_is_needed(void **state)
{
    struct bench *bench = *state;
    struct faceid *faceid = loaded(bench);
    struct http_request request;
    faceid_begin(faceid, bench->arena, &person, "https://x/identity/return", "12.ab", NOW, &request);
    assert_string_equal(request.method, "POST");
    assert_string_equal(request.url, "https://faceid.tencentcloudapi.com/");
    assert_string_equal(header_of(&request, "X-TC-Action"), "DetectAuth");
    assert_string_equal(header_of(&request, "X-TC-Version"), "2018-03-01");
    assert_string_equal(header_of(&request, "X-TC-Timestamp"), "1763700000");
    const char *body = arena_text_n(bench->arena, (const char *)request.body.data, request.body.size);
    assert_string_equal(body, "{\"RuleId\":\"7\",\"IdCard\":\"11010519491231002X\",\"Name\":\"张三\","
                              "\"RedirectUrl\":\"https://x/identity/return\",\"Extra\":\"12.ab\"}");
    faceid_look(faceid, bench->arena, "TOKEN", NOW, &request);
    body = arena_text_n(bench->arena, (const char *)request.body.data, request.body.size);
    assert_string_equal(body, "{\"BizToken\":\"TOKEN\",\"RuleId\":\"7\",\"InfoType\":\"1\"}");
    assert_int_equal(request.timeout_ms, 4000);
}

/* -- answers ----------------------------------------------------------------------------------------------------- */

static struct http_answer answer_of(const char *text)
{
    return (struct http_answer){.status = 200, .body = bytes_of_text(text)};
}

static void begins_with_a_token_and_a_url(void **state)
{
    struct bench *bench = *state;
    struct faceid_begun begun;
    const char *reason = NULL;
    struct http_answer good = answer_of(
        "{\"Response\":{\"BizToken\":\"T\",\"Url\":\"https://open.weixin\",\"RequestId\":\"r\"}}");
    assert_int_equal(faceid_begin_read(bench->arena, &good, &begun, &reason), OK);
    assert_string_equal(begun.biz_token, "T");
    static const struct {
        const char *text, *reason;
    } bad[] = {
        {"", "provider_busy"},
        {"{\"Response\":{\"BizToken\":\"T\",\"Url\":\"javascript:1\"}}", "provider_busy"},
        {"{\"Response\":{\"BizToken\":\"T\",\"Url\":\"https:z//x\"}}", "provider_busy"},
        {"{\"Response\":{\"BizToken\":\"T\",\"Url\":\"httpx://x\"}}", "provider_busy"},
        {"{\"Response\":{\"BizToken\":\"\",\"Url\":\"https://x\"}}", "provider_busy"},
        {"{\"Response\":{\"BizToken\":7,\"Url\":\"https://x\"}}", "provider_busy"},
        {"{\"Response\":[]}", "provider_busy"},
        {"[]", "provider_busy"},
        {"{\"Response\":{\"Error\":{\"Code\":\"RequestLimitExceeded\"}}}", "provider_busy"},
        {"{\"Response\":{\"Error\":{\"Code\":\"AuthFailure.SignatureFailure\"}}}", "provider_refused"},
        {"{\"Response\":{\"Error\":{\"Code\":\"InvalidParameter\"},\"BizToken\":\"T\",\"Url\":\"https://x\"}}",
         "provider_refused"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        struct http_answer answer = answer_of(bad[i].text);
        assert_int_equal(faceid_begin_read(bench->arena, &answer, &begun, &reason), ERR_IDENTITY_UNAVAILABLE);
        assert_string_equal(reason, bad[i].reason);
    }
    good.status = 500;
    assert_int_equal(faceid_begin_read(bench->arena, &good, &begun, &reason), ERR_IDENTITY_UNAVAILABLE);
}

#define TEXT(code, card, name, ocr, dates, live, compared, sim, extra)                                                 \
    "{\"Response\":{\"Text\":{\"ErrCode\":" code ",\"IdCard\":\"" card "\",\"Name\":\"" name "\",\"OcrIdCard\":" ocr   \
    ",\"OcrValidDate\":" dates ",\"LiveStatus\":" live ",\"Comparestatus\":" compared ",\"Sim\":" sim                  \
    ",\"Extra\":\"" extra "\"},\"RequestId\":\"r-1\"}}"
#define CARD "11010519491231002X"
#define GOOD TEXT("0", CARD, "张三", "\"" CARD "\"", "\"2016.05.04-2036.05.04\"", "0", "0", "\"98.71\"", "12.ab")

static struct faceid_verdict looked(struct bench *bench, const char *text)
{
    struct http_answer answer = answer_of(text);
    return faceid_look_read(bench->arena, &answer, &person, "12.ab", NOW);
}

static void passes_who_the_provider_passes(void **state)
{
    struct faceid_verdict verdict = looked(*state, GOOD);
    assert_int_equal(verdict.result, FACEID_PASSED);
    assert_int_equal(verdict.similarity, 9871);
    assert_string_equal(verdict.reference, "r-1");
    verdict = looked(*state, TEXT("0", CARD, "张三", "null", "\"2016.05.04-长期\"", "0", "0", "\"100.00\"", "12.ab"));
    assert_int_equal(verdict.result, FACEID_PASSED);
    assert_int_equal(verdict.similarity, 10000);
}

static void fails_a_success_that_is_not_this_persons(void **state)
{
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {TEXT("0", "440300199001010011", "张三", "null", "null", "0", "0", "null", "12.ab"), "identity_mismatch"},
        {TEXT("0", CARD, "李四", "null", "null", "0", "0", "null", "12.ab"), "identity_mismatch"},
        {TEXT("0", CARD, "张三", "null", "null", "0", "0", "null", "13.cd"), "identity_mismatch"},
        {TEXT("0", CARD, "张三", "\"440300199001010011\"", "null", "0", "0", "null", "12.ab"), "identity_mismatch"},
        {TEXT("0", CARD, "张三", "null", "\"2005.05.04-2015.05.04\"", "0", "0", "null", "12.ab"), "id_card_expired"},
        {TEXT("0", CARD, "张三", "null", "\"soon\"", "0", "0", "null", "12.ab"), "id_card_expired"},
        {TEXT("0", CARD, "张三", "null", "null", "1004", "0", "null", "12.ab"), "liveness_failed"},
        {TEXT("0", CARD, "张三", "null", "null", "null", "0", "null", "12.ab"), "liveness_failed"},
        {TEXT("0", CARD, "张三", "null", "null", "0", "2016", "null", "12.ab"), "face_mismatch"},
        {"{\"Response\":{\"Text\":{\"ErrCode\":0}}}", "identity_mismatch"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct faceid_verdict verdict = looked(*state, cases[i].text);
        assert_int_equal(verdict.result, FACEID_FAILED);
        assert_string_equal(verdict.reason, cases[i].reason);
    }
}

static void reads_every_kind_of_end(void **state)
{
    static const struct {
        const char *text;
        enum faceid_result result;
        const char *reason;
    } cases[] = {
        {"{\"Response\":{\"Text\":{\"ErrCode\":null}}}", FACEID_PENDING, ""},
        {"{\"Response\":{\"Text\":{}}}", FACEID_PENDING, ""},
        {"{\"Response\":{\"Text\":{\"ErrCode\":17}}}", FACEID_PENDING, ""},
        {"{\"Response\":{\"Text\":{\"ErrCode\":\"0\"}}}", FACEID_PENDING, ""}, /* not a number: not a success */
        {"{\"Response\":{\"Text\":{\"ErrCode\":2005}}}", FACEID_MANUAL, "no_record"},
        {"{\"Response\":{\"Text\":{\"ErrCode\":2016}}}", FACEID_FAILED, "face_mismatch"},
        {"{\"Response\":{\"Text\":{\"ErrCode\":2006}}}", FACEID_FAILED, "identity_mismatch"},
        {"{\"Response\":{\"Text\":{\"ErrCode\":15}}}", FACEID_VOID, "expired"},
        {"{\"Response\":{\"Text\":{\"ErrCode\":987654}}}", FACEID_VOID, "provider_fault"},
        {"{\"Response\":{\"Text\":null}}", FACEID_PENDING, ""},
        {"{\"Response\":{}}", FACEID_LATER, "provider_busy"},
        {"{\"Response\":{\"Error\":{\"Code\":\"InvalidParameterValue.BizTokenExpired\"}}}", FACEID_VOID, "expired"},
        {"{\"Response\":{\"Error\":{\"Code\":\"LimitExceeded\"}}}", FACEID_LATER, "provider_busy"},
        {"{\"Response\":{\"Error\":{\"Code\":\"UnauthorizedOperation.Arrears\"}}}", FACEID_LATER, "provider_refused"},
        {"<html>", FACEID_LATER, "provider_busy"},
        {"{\"Response\":{\"Text\":{\"ErrCode\":0", FACEID_LATER, "provider_busy"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct faceid_verdict verdict = looked(*state, cases[i].text);
        assert_int_equal(verdict.result, cases[i].result);
        assert_string_equal(verdict.reason, cases[i].reason);
    }
}

static void reads_no_similarity_but_one(void **state)
{
    static const char *const odd[] = {"\"\"",       "\"abc\"",    "\"101.00\"", "\"98\"",
                                      "\"98.71x\"", "\"100.01\"", "98.71",      "null"};
    struct bench *bench = *state;
    for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
        const char *text = arena_format(bench->arena, "{\"Response\":{\"Text\":{\"ErrCode\":2016,\"Sim\":%s}}}",
                                        odd[i]);
        assert_int_equal(looked(bench, text).similarity, -1);
    }
    assert_int_equal(looked(bench, "{\"Response\":{\"Text\":{\"ErrCode\":2016,\"Sim\":\"7.5\"}}}").similarity, 750);
}

static void reads_the_telecom_check(void **state)
{
    static const struct {
        const char *result, *detail;
        enum faceid_result means;
        const char *reason;
    } cases[] = {
        {"0", "", FACEID_PASSED, ""},
        {"-4", "PhoneIdCardMismatch", FACEID_FAILED, "phone_id_mismatch"},
        {"-4", "PhoneNameMismatch", FACEID_FAILED, "phone_name_mismatch"},
        {"-4", "", FACEID_FAILED, "phone_mismatch"},
        {"-6", "", FACEID_FAILED, "phone_invalid"},
        {"-9", "", FACEID_MANUAL, "no_record"},
        {"-13", "", FACEID_MANUAL, "phone_unsupported"},
        {"-11", "", FACEID_LATER, "provider_busy"},
        {"-12", "", FACEID_LATER, "provider_busy"},
        {"", "", FACEID_LATER, "provider_busy"},
        {"00", "", FACEID_LATER, "provider_busy"},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct http_answer answer = answer_of(arena_format(bench->arena,
                                                           "{\"Response\":{\"Result\":\"%s\",\"ResultDetail\":\"%s\"}}",
                                                           cases[i].result, cases[i].detail));
        struct faceid_verdict verdict = faceid_telecom_read(bench->arena, &answer);
        assert_int_equal(verdict.result, cases[i].means);
        assert_string_equal(verdict.reason, cases[i].reason);
    }
    struct http_answer number = answer_of("{\"Response\":{\"Result\":0}}");
    assert_int_equal(faceid_telecom_read(bench->arena, &number).result, FACEID_LATER);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(signs_as_the_documentation_does),
        TEST(signs_texts_in_utf_8),
        TEST(refuses_to_start_without_key_or_flow),
        TEST(sends_only_what_is_needed),
        TEST(begins_with_a_token_and_a_url),
        TEST(passes_who_the_provider_passes),
        TEST(fails_a_success_that_is_not_this_persons),
        TEST(reads_every_kind_of_end),
        TEST(reads_no_similarity_but_one),
        TEST(reads_the_telecom_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
