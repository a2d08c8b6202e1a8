/* SPDX-License-Identifier: Apache-2.0 */
/* Certificate mode, byte for byte as alipay-sdk has it (alipay_certificate_cases.mjs). */
#include "workshop.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NUMBER "2026112113040501000000000101"
#define NOW_US INT64_C(1795238645000000)

struct bench {
    struct arena *arena;
    struct settings settings;
    struct alipay *alipay;
    struct fault fault;
};

static char folder[] = "/tmp/xuqi-certificates-XXXXXX";

static int make_certificates(void **state)
{
    char command[256];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof(command), "node %s/unit/remote/alipay_certificate_cases.mjs %s", XUQI_TESTS_DIR, folder);
    return system(command);
}

static int remove_certificates(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

static int open_bench(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    bench->arena = arena_new();
    fault_init(&bench->fault, bench->arena);
    bench->settings = (struct settings){.folder = folder,
                                        .alipay_app_id = OUR_APP_ID,
                                        .alipay_seller_id = OUR_SELLER_ID,
                                        .alipay_private_key_file = "app.key",
                                        .alipay_public_key_file = "alipay.crt",
                                        .alipay_app_certificate_file = "app.crt",
                                        .alipay_root_certificate_file = "roots.crt",
                                        .alipay_gateway_url = "https://openapi.alipay.com/gateway.do"};
    assert_int_equal(alipay_load(&bench->settings, true, bench->arena, &bench->alipay), OK);
    *state = bench;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *bench = *state;
    alipay_free(bench->alipay);
    arena_free(bench->arena);
    free(bench);
    return 0;
}

static const char *made(struct bench *bench, const char *name)
{
    struct bytes text;
    assert_int_equal(file_read(bench->arena, arena_format(bench->arena, "%s/%s", folder, name), 65536, &text), OK);
    return arena_text_n(bench->arena, (const char *)text.data, text.size);
}

static enum err read_answer(struct bench *bench, const char *text, struct alipay_trade *trade)
{
    return alipay_read_query(bench->alipay, bytes_of_text(text), NUMBER, NOW_US, bench->arena, &bench->fault, trade);
}

static void names_the_certificates_and_signs_as_the_sdk_does(void **state)
{
    struct bench *bench = *state;
    struct form form;
    assert_int_equal(alipay_query(bench->alipay, NUMBER, NOW_US, bench->arena, &form), OK);
    assert_string_equal(form_value(&form.fields, "app_cert_sn"), made(bench, "app_cert_sn"));
    assert_string_equal(form_value(&form.fields, "alipay_root_cert_sn"), made(bench, "root_cert_sn"));
    assert_string_equal(form_value(&form.fields, "sign"), made(bench, "sign"));
}

static void leaves_out_roots_that_are_not_signed_with_rsa(void **state)
{
    assert_int_equal(strlen(made(*state, "root_cert_sn")), 2 * 32 + 1); /* of three */
}

static void reads_an_answer_that_names_our_certificate_of_alipay(void **state)
{
    struct bench *bench = *state;
    struct alipay_trade trade;
    assert_int_equal(read_answer(bench, made(bench, "answer"), &trade), OK);
    assert_int_equal(trade.state, ALIPAY_TRADE_PAID);
    assert_int_equal(trade.amount_fen, 8880);
}

static void refuses_an_answer_under_another_certificate_until_that_is_set_up_as_well(void **state)
{
    struct bench *bench = *state;
    struct alipay_trade trade;
    struct alipay *both;
    const char *answer = made(bench, "answer-new");
    assert_int_equal(read_answer(bench, answer, &trade), ERR_NOTICE_SIGNATURE);
    bench->settings.alipay_public_key_file = "alipay.crt alipay-new.crt";
    assert_int_equal(alipay_load(&bench->settings, true, bench->arena, &both), OK);
    enum err err = alipay_read_query(both, bytes_of_text(answer), NUMBER, NOW_US, bench->arena, &bench->fault, &trade);
    alipay_free(both);
    assert_int_equal(err, OK);
}

static void refuses_an_answer_that_names_no_certificate_or_a_part_of_one(void **state)
{
    struct bench *bench = *state;
    struct alipay_trade trade;
    const char *answer = made(bench, "answer"), *at = strstr(answer, "\"alipay_cert_sn\"");
    const char *without = arena_format(bench->arena, "%.*s%s", (int)(at - answer), answer, strstr(at, "\"sign\""));
    const char *half = arena_format(bench->arena, "%.*s\"alipay_cert_sn\":\"\",%s", (int)(at - answer), answer,
                                    strstr(at, "\"sign\""));
    assert_int_equal(read_answer(bench, without, &trade), ERR_NOTICE_SIGNATURE);
    assert_int_equal(read_answer(bench, half, &trade), ERR_NOTICE_SIGNATURE);
}

static void wants_both_files_and_certificates_in_them(void **state)
{
    struct bench *bench = *state;
    struct settings wrong[4];
    struct alipay *alipay;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        wrong[i] = bench->settings;
    wrong[0].alipay_root_certificate_file = "";
    wrong[1].alipay_app_certificate_file = "";
    wrong[2].alipay_app_certificate_file = "app.csr";
    wrong[3].alipay_root_certificate_file = "root2.crt"; /* none of RSA */
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_int_equal(alipay_load(&wrong[i], true, bench->arena, &alipay), ERR_SETTINGS_INVALID);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_bench, close_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_the_certificates_and_signs_as_the_sdk_does),
        TEST(leaves_out_roots_that_are_not_signed_with_rsa),
        TEST(reads_an_answer_that_names_our_certificate_of_alipay),
        TEST(refuses_an_answer_under_another_certificate_until_that_is_set_up_as_well),
        TEST(refuses_an_answer_that_names_no_certificate_or_a_part_of_one),
        TEST(wants_both_files_and_certificates_in_them),
    };
    return cmocka_run_group_tests(tests, make_certificates, remove_certificates);
}
