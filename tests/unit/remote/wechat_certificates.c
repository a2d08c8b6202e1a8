/* SPDX-License-Identifier: Apache-2.0 */
/* Platform certificates sealed here as WeChat seals them, made and signed by this run. */
#include "remote/wechat.h"

#include "base/clock.h"
#include "pki/expiry.h"
#include "remote/gateway.h"
#include "workshop.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define API_KEY "0123456789abcdef0123456789ABCDEF"
#define KEY_ID  "PUB_KEY_ID_0119000001092026112100000001"
#define DAY_S   86400L

struct bench {
    struct workshop *workshop;
    struct arena *arena;
    struct wechat *wechat;
    struct fault fault;
};

static void load(struct bench *bench, struct wechat **out)
{
    assert_int_equal(wechat_load(&bench->workshop->settings, true, bench->arena, out), OK);
}

static int open_bench(void **state)
{
    void *opened = NULL;
    workshop_open(&opened);
    struct workshop *workshop = opened;
    struct bench *bench = arena_alloc(workshop->arena, sizeof(*bench));
    *bench = (struct bench){.workshop = workshop, .arena = workshop->arena};
    fault_init(&bench->fault, bench->arena);
    workshop_write(workshop, "api.key", API_KEY, 0600);
    struct settings *settings = &workshop->settings;
    settings->wechat_merchant_id = "1900000109";
    settings->wechat_app_id = "wxd678efh567hg6787";
    settings->wechat_merchant_serial = "5157f09efdc096de15ebe81a47057a72";
    settings->wechat_private_key_file = "private.pem";
    settings->wechat_api_key_file = "api.key";
    settings->wechat_public_key_id = KEY_ID;
    settings->wechat_public_key_file = "public.pem";
    settings->wechat_certificate_files = "";
    settings->wechat_merchant_certificate_file = "";
    settings->wechat_api_url = "https://api.mch.weixin.qq.com";
    load(bench, &bench->wechat);
    *state = bench;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *bench = *state;
    void *workshop = bench->workshop;
    char path[128];
    snprintf(path, sizeof(path), "%s/api.key", bench->workshop->folder);
    unlink(path);
    wechat_free(bench->wechat);
    return workshop_close(&workshop);
}

/* -- WeChat's side --------------------------------------------------------------------------------------------------
 */

static EVP_PKEY *key; /* one for all: what differs is the serial number */

static int make_keys(void **state)
{
    key = EVP_RSA_gen(2048);
    return workshop_make_keys(state);
}

static const char *certificate(struct arena *arena, long serial, long from_s, long to_s)
{
    X509 *x509 = X509_new();
    char *text;
    BIO *bio = BIO_new(BIO_s_mem());
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), serial);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8, (const uint8_t *)"Tenpay", -1, -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(x509));
    X509_gmtime_adj(X509_getm_notBefore(x509), from_s);
    X509_gmtime_adj(X509_getm_notAfter(x509), to_s);
    X509_set_pubkey(x509, key);
    assert_true(X509_sign(x509, key, EVP_sha256()) > 0);
    PEM_write_bio_X509(bio, x509);
    long size = BIO_get_mem_data(bio, &text);
    const char *pem = arena_text_n(arena, text, (size_t)size);
    BIO_free(bio);
    X509_free(x509);
    return pem;
}

static struct bytes sealed(struct arena *arena, const char *plain, const char *api_key, const char *aad)
{
    size_t size = strlen(plain);
    uint8_t *out = arena_alloc(arena, size + 16);
    int part;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, (const uint8_t *)api_key, (const uint8_t *)"nonce1234567");
    EVP_EncryptUpdate(ctx, NULL, &part, (const uint8_t *)aad, (int)strlen(aad));
    EVP_EncryptUpdate(ctx, out, &part, (const uint8_t *)plain, (int)size);
    EVP_EncryptFinal_ex(ctx, out + size, &part);
    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, out + size);
    EVP_CIPHER_CTX_free(ctx);
    return (struct bytes){out, size + 16};
}

static struct wechat_sealed one(struct arena *arena, long serial, long from_s, long to_s)
{
    return (struct wechat_sealed){arena_format(arena, "%lX", serial), "nonce1234567", "certificate",
                                  sealed(arena, certificate(arena, serial, from_s, to_s), API_KEY, "certificate")};
}

/* Is a body believed that this serial number's certificate signed? */
static enum err believed(struct bench *bench, struct wechat *wechat, const char *serial, int64_t at_us)
{
    struct arena *arena = bench->arena;
    uint8_t signature[256];
    size_t size = sizeof(signature);
    const char *time = arena_format(arena, "%lld", (long long)(at_us / CLOCK_SECOND_US));
    const char *text = arena_format(arena, "%s\nn\n{}\n", time);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestSign(ctx, signature, &size, (const uint8_t *)text, strlen(text)), 1);
    EVP_MD_CTX_free(ctx);
    const struct wechat_headers headers = {time, "n", base64_encode(arena, (struct bytes){signature, size}), serial};
    return wechat_verify(wechat, &headers, bytes_of_text("{}"), at_us, arena, &bench->fault);
}

/* -- tests ----------------------------------------------------------------------------------------------------------
 */

static void asks_with_a_signature_for_rsa_certificates(void **state)
{
    struct bench *bench = *state;
    struct wechat_request request;
    assert_int_equal(wechat_certificates(bench->wechat, clock_now_us(), bench->arena, &request), OK);
    assert_string_equal(request.method, "GET");
    assert_string_equal(request.url, "https://api.mch.weixin.qq.com/v3/certificates?algorithm_type=RSA");
    assert_int_equal(request.body.size, 0);
    assert_non_null(strstr(request.authorization, "WECHATPAY2-SHA256-RSA2048 "));
}

static void believes_what_a_learnt_certificate_signs_and_not_before(void **state)
{
    struct bench *bench = *state;
    struct wechat_sealed it = one(bench->arena, 0x1234ab, -DAY_S, 10 * DAY_S);
    int64_t now_us = clock_now_us();
    bool learnt = false;
    assert_int_equal(believed(bench, bench->wechat, "1234AB", now_us), ERR_NOTICE_SIGNATURE);
    assert_int_equal(wechat_learn(bench->wechat, &it, now_us, bench->arena, &learnt), OK);
    assert_true(learnt);
    assert_int_equal(believed(bench, bench->wechat, "1234AB", now_us), OK);
    assert_int_equal(believed(bench, bench->wechat, "01234ab", now_us),
                     OK); /* the same number, as octets are written */
    assert_int_equal(wechat_learn(bench->wechat, &it, now_us, bench->arena, &learnt), OK);
    assert_false(learnt);
}

static void a_learnt_certificate_counts_within_its_validity_only(void **state)
{
    struct bench *bench = *state;
    struct wechat_sealed later = one(bench->arena, 7, DAY_S, 10 * DAY_S),
                         over = one(bench->arena, 8, -9 * DAY_S, -DAY_S);
    int64_t now_us = clock_now_us();
    bool learnt = false;
    assert_int_equal(wechat_learn(bench->wechat, &later, now_us, bench->arena, &learnt), OK);
    assert_true(learnt);
    assert_int_equal(believed(bench, bench->wechat, "7", now_us), ERR_NOTICE_SIGNATURE);
    assert_int_equal(believed(bench, bench->wechat, "7", now_us + 2 * CLOCK_DAY_US), OK);
    assert_int_equal(believed(bench, bench->wechat, "7", now_us + 11 * CLOCK_DAY_US), ERR_NOTICE_SIGNATURE);
    assert_int_equal(wechat_learn(bench->wechat, &over, now_us, bench->arena, &learnt), OK);
    assert_false(learnt);
}

static void refuses_what_another_key_sealed_or_calls_by_another_number_or_is_no_certificate(void **state)
{
    struct bench *bench = *state;
    struct arena *arena = bench->arena;
    const char *pem = certificate(arena, 9, -DAY_S, DAY_S);
    const struct {
        struct wechat_sealed it;
        enum err err;
    } cases[] = {
        {{"9", "nonce1234567", "certificate", sealed(arena, pem, "ffffffffffffffffffffffffffffffff", "certificate")},
         ERR_NOTICE_SIGNATURE},
        {{"9", "nonce1234567", "transaction", sealed(arena, pem, API_KEY, "certificate")}, ERR_NOTICE_SIGNATURE},
        {{"9", "nonce1234568", "certificate", sealed(arena, pem, API_KEY, "certificate")}, ERR_NOTICE_SIGNATURE},
        {{"9", "nonce1234567", "certificate", {pem == NULL ? NULL : (const uint8_t *)"short", 5}},
         ERR_NOTICE_SIGNATURE},
        {{"A", "nonce1234567", "certificate", sealed(arena, pem, API_KEY, "certificate")}, ERR_NOTICE_MISMATCH},
        {{"9", "nonce1234567", "certificate", sealed(arena, "hello", API_KEY, "certificate")},
         ERR_CERTIFICATE_MALFORMED},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        bool learnt = true;
        assert_int_equal(wechat_learn(bench->wechat, &cases[i].it, clock_now_us(), arena, &learnt), cases[i].err);
    }
    assert_int_equal(believed(bench, bench->wechat, "9", clock_now_us()), ERR_NOTICE_SIGNATURE);
}

static void a_successor_knows_what_was_learnt(void **state)
{
    struct bench *bench = *state;
    struct wechat *successor;
    struct wechat_sealed it = one(bench->arena, 0x51, -DAY_S, DAY_S);
    bool learnt;
    assert_int_equal(wechat_learn(bench->wechat, &it, clock_now_us(), bench->arena, &learnt), OK);
    load(bench, &successor);
    assert_int_equal(believed(bench, successor, "51", clock_now_us()), ERR_NOTICE_SIGNATURE);
    wechat_inherit(successor, bench->wechat, clock_now_us(), bench->arena);
    assert_int_equal(believed(bench, successor, "51", clock_now_us()), OK);
    wechat_free(successor);
}

static void is_full_at_its_limit_and_puts_away_what_has_ended(void **state)
{
    struct bench *bench = *state;
    int64_t now_us = clock_now_us();
    bool learnt;
    for (long i = 1; i < 8; i++) {
        struct wechat_sealed it = one(bench->arena, 0x100 + i, -DAY_S, i * DAY_S);
        assert_int_equal(wechat_learn(bench->wechat, &it, now_us, bench->arena, &learnt), OK);
    }
    struct wechat_sealed next = one(bench->arena, 0x200, -DAY_S, 30 * DAY_S);
    assert_int_equal(wechat_learn(bench->wechat, &next, now_us, bench->arena, &learnt), ERR_BUSY);
    assert_int_equal(wechat_learn(bench->wechat, &next, now_us + 2 * CLOCK_DAY_US, bench->arena, &learnt), OK);
    assert_int_equal(believed(bench, bench->wechat, "200", now_us + 2 * CLOCK_DAY_US), OK);
    assert_int_equal(believed(bench, bench->wechat, "107", now_us + 2 * CLOCK_DAY_US), OK);
}

static void reads_a_list_and_refuses_what_is_none(void **state)
{
    struct bench *bench = *state;
    struct wechat_sealed *items;
    size_t count;
    static const char good[] = "{\"data\":[{\"serial_no\":\"AB\",\"effective_time\":\"x\",\"encrypt_certificate\":{"
                               "\"algorithm\":\"AEAD_AES_256_GCM\",\"nonce\":\"n\",\"associated_data\":\"certificate\","
                               "\"ciphertext\":\"aGVsbG8=\"}}]}";
    assert_int_equal(wechat_read_certificates(bytes_of_text(good), bench->arena, &bench->fault, &items, &count), OK);
    assert_int_equal(count, 1);
    assert_string_equal(items[0].serial, "AB");
    assert_true(bytes_equal(items[0].ciphertext, bytes_of_text("hello")));
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{\"data\":[]}",
        "{\"data\":{}}",
        "{\"data\":[1]}",
        "{\"data\":[{\"serial_no\":\"A\"}]}",
        "{\"data\":[{\"serial_no\":\"A\",\"encrypt_certificate\":{}}]}",
        "{\"data\":[{\"serial_no\":\"A\",\"encrypt_certificate\":{\"algorithm\":\"NONE\",\"nonce\":\"n\","
        "\"ciphertext\":\"aGVsbG8=\"}}]}",
        "{\"data\":[{\"serial_no\":\"A\",\"encrypt_certificate\":{\"algorithm\":\"AEAD_AES_256_GCM\",\"nonce\":\"n\","
        "\"ciphertext\":\"!\"}}]}",
    };
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        enum err err = wechat_read_certificates(bytes_of_text(bad[i]), bench->arena, &bench->fault, &items, &count);
        assert_true(err == ERR_FORM_MALFORMED || err == ERR_JSON_MALFORMED);
    }
    for (size_t size = 0; size < strlen(good); size++)
        assert_int_not_equal(wechat_read_certificates((struct bytes){(const uint8_t *)good, size}, bench->arena,
                                                      &bench->fault, &items, &count),
                             OK);
}

static void several_public_keys_verify_side_by_side_and_the_first_is_asked_for(void **state)
{
    struct bench *bench = *state;
    struct wechat *both;
    struct wechat_request request;
    bench->workshop->settings.wechat_public_key_id = "PUB_KEY_ID_2 " KEY_ID;
    bench->workshop->settings.wechat_public_key_file = "public.pem public.pem";
    load(bench, &both);
    assert_int_equal(wechat_certificates(both, clock_now_us(), bench->arena, &request), OK);
    assert_string_equal(request.serial, "PUB_KEY_ID_2");
    wechat_free(both);
    bench->workshop->settings.wechat_public_key_file = "public.pem";
    assert_int_equal(wechat_load(&bench->workshop->settings, true, bench->arena, &both), ERR_SETTINGS_INVALID);
}

static void a_learnt_certificate_is_listed_with_its_end(void **state)
{
    struct bench *bench = *state;
    struct wechat_sealed it = one(bench->arena, 0xabc, -DAY_S, 5 * DAY_S);
    struct expiries list = {.arena = bench->arena};
    bool learnt;
    assert_int_equal(wechat_learn(bench->wechat, &it, clock_now_us(), bench->arena, &learnt), OK);
    const struct gateways gateways = {.settings = &bench->workshop->settings, .wechat = bench->wechat};
    gateways_expiries(&gateways, &list);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].subject, "ABC");
    assert_in_range(expiry_days_left(&list.items[0], clock_now_us()), 4, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(asks_with_a_signature_for_rsa_certificates),
        TEST(believes_what_a_learnt_certificate_signs_and_not_before),
        TEST(a_learnt_certificate_counts_within_its_validity_only),
        TEST(refuses_what_another_key_sealed_or_calls_by_another_number_or_is_no_certificate),
        TEST(a_successor_knows_what_was_learnt),
        TEST(is_full_at_its_limit_and_puts_away_what_has_ended),
        TEST(reads_a_list_and_refuses_what_is_none),
        TEST(several_public_keys_verify_side_by_side_and_the_first_is_asked_for),
        TEST(a_learnt_certificate_is_listed_with_its_end),
    };
    int status = cmocka_run_group_tests(tests, make_keys, NULL);
    EVP_PKEY_free(key);
    return status;
}
