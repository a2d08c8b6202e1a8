/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/public_key.h"

#include "base/text.h"
#include "pki/der.h"
#include "pki/key.h"
#include "pki/library.h"

#include <openssl/core_names.h>
#include <pthread.h>

/* key_kind has checked the shape: RSAPublicKey (RFC 8017 A.1.1). */
static EVP_PKEY *rsa_key(struct bytes key)
{
    struct bytes inside, modulus, exponent;
    if (!der_take(&key, DER_SEQUENCE, &inside) || !der_take(&inside, DER_INTEGER, &modulus) ||
        !der_take(&inside, DER_INTEGER, &exponent))
        return NULL;
    AUTO(BIGNUM) *n = BN_bin2bn(modulus.data, (int)modulus.size, NULL);
    AUTO(BIGNUM) *e = BN_bin2bn(exponent.data, (int)exponent.size, NULL);
    AUTO(OSSL_PARAM_BLD) *builder = OSSL_PARAM_BLD_new();
    openssl_must(n != NULL && e != NULL && builder != NULL &&
                     OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
                     OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1,
                 "OSSL_PARAM_BLD");
    AUTO(OSSL_PARAM) *numbers = OSSL_PARAM_BLD_to_param(builder);
    AUTO(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new_from_name(library_for_keys(), "RSA", NULL);
    EVP_PKEY *made = NULL;
    openssl_must(ctx != NULL && numbers != NULL && EVP_PKEY_fromdata_init(ctx) == 1, "RSA");
    return EVP_PKEY_fromdata(ctx, &made, EVP_PKEY_PUBLIC_KEY, numbers) == 1 ? made : NULL;
}

/* The curve alone: setting it up costs more than copying it. */
static pthread_once_t curve_made = PTHREAD_ONCE_INIT;
static EVP_PKEY *p256;

static void make_curve(void)
{
    char group[] = "P-256";
    OSSL_PARAM name[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                         OSSL_PARAM_construct_end()};
    AUTO(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new_from_name(library_for_keys(), "EC", NULL);
    openssl_must(ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
                     EVP_PKEY_fromdata(ctx, &p256, EVP_PKEY_KEY_PARAMETERS, name) == 1,
                 "P-256");
}

/* Decoding the point checks that it is on the curve. */
static EVP_PKEY *p256_key(struct bytes point)
{
    pthread_once(&curve_made, make_curve);
    AUTO(EVP_PKEY) *made = EVP_PKEY_new();
    openssl_must(made != NULL && EVP_PKEY_copy_parameters(made, p256) == 1, "P-256");
    return EVP_PKEY_set1_encoded_public_key(made, point.data, point.size) == 1 ? TAKE(made) : NULL;
}

EVP_PKEY *public_key_new(struct bytes spki)
{
    OPENSSL_QUIET;
    struct bytes algorithm, key;
    enum key_kind kind = key_kind(spki);
    if (kind == KEY_REFUSED || !key_parts(spki, &algorithm, &key))
        return NULL;
    return kind == KEY_RSA ? rsa_key(key) : p256_key(key);
}

bool public_key_verifies(EVP_PKEY *key, struct bytes message, struct bytes signature)
{
    AUTO(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();
    return ctx != NULL && EVP_DigestVerifyInit_ex(ctx, NULL, "SHA256", library_for_keys(), NULL, key, NULL) == 1 &&
           EVP_DigestVerify(ctx, signature.data, signature.size, message.data, message.size) == 1;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    struct bytes spki;
    EVP_PKEY *key;
} kept; /* under lock */

static void keep(struct bytes spki, EVP_PKEY *key)
{
    EVP_PKEY_free(kept.key);
    OPENSSL_free((void *)(uintptr_t)kept.spki.data);
    kept.key = key;
    kept.spki = (struct bytes){OPENSSL_memdup(spki.data, spki.size), spki.size};
    openssl_must(kept.spki.data != NULL, "OPENSSL_memdup");
}

EVP_PKEY *public_key_kept(struct bytes spki)
{
    pthread_mutex_lock(&lock);
    EVP_PKEY *key = kept.key != NULL && bytes_equal(kept.spki, spki) ? kept.key : NULL;
    if (key == NULL && (key = public_key_new(spki)) != NULL)
        keep(spki, key);
    if (key != NULL)
        openssl_must(EVP_PKEY_up_ref(key) == 1, "EVP_PKEY_up_ref");
    pthread_mutex_unlock(&lock);
    return key;
}
