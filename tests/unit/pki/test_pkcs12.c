/* SPDX-License-Identifier: Apache-2.0 */
/* Merchants' keys as acquirers hand them out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "pki/certificate.h"
#include "pki/pkcs12.h"

#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#define PASSWORD "merchant 密码"

static EVP_PKEY *key, *other_key;
static X509 *certificate, *other_certificate;
static OSSL_LIB_CTX *context; /* with the legacy provider */
static OSSL_PROVIDER *providers[2];

static X509 *certify(EVP_PKEY *subject_key, int64_t serial)
{
    X509 *made = X509_new();
    assert_int_equal(X509_set_version(made, 2), 1);
    assert_int_equal(ASN1_INTEGER_set_int64(X509_get_serialNumber(made), serial), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), 0);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8, (const unsigned char *)"m", -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(made));
    X509_set_pubkey(made, subject_key);
    assert_true(X509_sign(made, subject_key, EVP_sha256()) > 0);
    return made;
}

static int make(void **state)
{
    (void)state;
    key = EVP_RSA_gen(2048);
    other_key = EVP_RSA_gen(2048);
    certificate = certify(key, INT64_C(68759585097));
    other_certificate = certify(other_key, 2);
    context = OSSL_LIB_CTX_new();
    providers[0] = OSSL_PROVIDER_load(context, "default");
    providers[1] = OSSL_PROVIDER_load(context, "legacy");
    return providers[0] != NULL && providers[1] != NULL ? 0 : -1;
}

static int drop(void **state)
{
    (void)state;
    EVP_PKEY_free(key);
    EVP_PKEY_free(other_key);
    X509_free(certificate);
    X509_free(other_certificate);
    for (size_t i = 0; i < ARRAY_SIZE(providers); i++)
        OSSL_PROVIDER_unload(providers[i]);
    OSSL_LIB_CTX_free(context);
    return 0;
}

static struct bytes pfx(struct arena *arena, EVP_PKEY *with_key, X509 *with_certificate, STACK_OF(X509) * more,
                        int key_cipher, int certificate_cipher)
{
    PKCS12 *file = PKCS12_create_ex(PASSWORD, "merchant", with_key, with_certificate, more, key_cipher,
                                    certificate_cipher, 2000, 2000, 0, context, NULL);
    assert_non_null(file);
    unsigned char *der = NULL;
    int size = i2d_PKCS12(file, &der);
    assert_true(size > 0);
    struct bytes copy = arena_bytes(arena, der, (size_t)size);
    OPENSSL_free(der);
    PKCS12_free(file);
    return copy;
}

static struct bytes usual(struct arena *arena)
{
    return pfx(arena, key, certificate, NULL, NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
               NID_pbe_WithSHA1And3_Key_TripleDES_CBC);
}

static void loads(struct bytes file)
{
    struct arena *arena = arena_new();
    struct rsa_key *loaded = NULL;
    struct bytes der, signature, message = bytes_of_text("message");
    struct certificate read;
    assert_int_equal(pkcs12_load(file, PASSWORD, arena, &loaded, &der), OK);
    assert_int_equal(certificate_parse(arena, der, &read), OK);
    assert_string_equal(certificate_serial_decimal(arena, &read), "68759585097");
    assert_int_equal(rsa_sign(loaded, message, arena, &signature), OK);
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestVerify(digest, signature.data, signature.size, message.data, message.size), 1);
    EVP_MD_CTX_free(digest);
    rsa_free(loaded);
    arena_free(arena);
}

static void refused(struct bytes file, const char *password)
{
    struct arena *arena = arena_new();
    struct rsa_key *loaded = NULL;
    struct bytes der = {0};
    assert_int_equal(pkcs12_load(file, password, arena, &loaded, &der), ERR_SETTINGS_INVALID);
    assert_null(loaded);
    assert_null(der.data);
    arena_free(arena);
}

static void loads_what_acquirers_encrypt_with(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    static const int ciphers[][2] = {
        {NID_pbe_WithSHA1And3_Key_TripleDES_CBC, NID_pbe_WithSHA1And3_Key_TripleDES_CBC},
        {NID_pbe_WithSHA1And3_Key_TripleDES_CBC, NID_pbe_WithSHA1And40BitRC2_CBC},
        {NID_aes_256_cbc, NID_aes_256_cbc},
    };
    for (size_t i = 0; i < ARRAY_SIZE(ciphers); i++)
        loads(pfx(arena, key, certificate, NULL, ciphers[i][0], ciphers[i][1]));
    arena_free(arena);
}

static void takes_the_certificate_that_belongs_to_the_key(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    STACK_OF(X509) *more = sk_X509_new_null();
    sk_X509_push(more, other_certificate);
    loads(pfx(arena, key, certificate, more, NID_aes_256_cbc, NID_aes_256_cbc));
    sk_X509_free(more);
    arena_free(arena);
}

static void refuses_another_password(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    static const char *const wrong[] = {"", "merchant", PASSWORD " "};
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        refused(usual(arena), wrong[i]);
    arena_free(arena);
}

static void refuses_a_file_without_key_or_certificate(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    refused(pfx(arena, key, NULL, NULL, NID_aes_256_cbc, NID_aes_256_cbc), PASSWORD);
    refused(pfx(arena, NULL, certificate, NULL, NID_aes_256_cbc, NID_aes_256_cbc), PASSWORD);
    arena_free(arena);
}

static void refuses_a_weak_key(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    EVP_PKEY *weak = EVP_RSA_gen(1024);
    X509 *weak_certificate = certify(weak, 3);
    refused(pfx(arena, weak, weak_certificate, NULL, NID_aes_256_cbc, NID_aes_256_cbc), PASSWORD);
    X509_free(weak_certificate);
    EVP_PKEY_free(weak);
    arena_free(arena);
}

static void refuses_what_is_cut_or_bent(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct bytes good = usual(arena);
    for (size_t size = 0; size < good.size; size += 61)
        refused((struct bytes){good.data, size}, PASSWORD);
    uint8_t *longer = arena_alloc(arena, good.size + 1);
    memcpy(longer, good.data, good.size);
    refused((struct bytes){longer, good.size + 1}, PASSWORD);
    longer[good.size / 2] ^= 1;
    refused((struct bytes){longer, good.size}, PASSWORD);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_what_acquirers_encrypt_with),
        cmocka_unit_test(takes_the_certificate_that_belongs_to_the_key),
        cmocka_unit_test(refuses_another_password),
        cmocka_unit_test(refuses_a_file_without_key_or_certificate),
        cmocka_unit_test(refuses_a_weak_key),
        cmocka_unit_test(refuses_what_is_cut_or_bent),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
