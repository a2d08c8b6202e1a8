/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/jwk.h"

#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "pki/openssl.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>
#include <string.h>

#define FILE_MAX      65536
#define KEYS_MAX      16
#define KID_MAX       128
#define P256_SIZE     32
#define RSA_BITS_MIN  2048
#define RSA_BITS_MAX  4096
#define RSA_BYTES_MAX (RSA_BITS_MAX / 8)
#define EXPONENT_MAX  8

DEFINE_CLEANUP(ECDSA_SIG, ECDSA_SIG_free)

struct jwk {
    const char *kid;
    bool elliptic;
    EVP_PKEY *key;
};

struct jwks {
    struct arena *arena;
    struct jwk keys[KEYS_MAX];
    size_t count;
};

/* -- one key ----------------------------------------------------------------------------------------------------- */

/* A member in base64url of at most max bytes. */
static bool octets(const struct json *json, const char *name, struct arena *arena, size_t max, struct bytes *out)
{
    const char *text = json_member_text(json, name);
    return text != NULL && base64url_decode(arena, text, strlen(text), out) && out->size > 0 && out->size <= max;
}

static EVP_PKEY *make(const char *type, OSSL_PARAM_BLD *builder)
{
    AUTO(OSSL_PARAM) *params = OSSL_PARAM_BLD_to_param(builder);
    AUTO(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    AUTO(EVP_PKEY) *key = NULL;
    openssl_must(params != NULL && ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1, "EVP_PKEY_fromdata_init");
    if (EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        return NULL;
    AUTO(EVP_PKEY_CTX) *check = EVP_PKEY_CTX_new(key, NULL);
    return check != NULL && EVP_PKEY_public_check(check) == 1 ? TAKE(key) : NULL;
}

/* RFC 7518 6.2.1: both coordinates in full length. */
static EVP_PKEY *read_ec(const struct json *json, struct arena *arena)
{
    const char *curve = json_member_text(json, "crv");
    struct bytes x, y;
    if (curve == NULL || strcmp(curve, "P-256") != 0 || !octets(json, "x", arena, P256_SIZE, &x) ||
        !octets(json, "y", arena, P256_SIZE, &y) || x.size != P256_SIZE || y.size != P256_SIZE)
        return NULL;
    uint8_t point[1 + 2 * P256_SIZE] = {POINT_CONVERSION_UNCOMPRESSED};
    memcpy(point + 1, x.data, P256_SIZE);
    memcpy(point + 1 + P256_SIZE, y.data, P256_SIZE);
    AUTO(OSSL_PARAM_BLD) *builder = OSSL_PARAM_BLD_new();
    openssl_must(builder != NULL &&
                     OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
                     OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)) == 1,
                 "OSSL_PARAM_BLD");
    return make("EC", builder);
}

/* RFC 7518 6.3.1. */
static EVP_PKEY *read_rsa(const struct json *json, struct arena *arena)
{
    struct bytes modulus, exponent;
    if (!octets(json, "n", arena, RSA_BYTES_MAX, &modulus) || !octets(json, "e", arena, EXPONENT_MAX, &exponent))
        return NULL;
    AUTO(BIGNUM) *n = BN_bin2bn(modulus.data, (int)modulus.size, NULL);
    AUTO(BIGNUM) *e = BN_bin2bn(exponent.data, (int)exponent.size, NULL);
    openssl_must(n != NULL && e != NULL, "BN_bin2bn");
    if (BN_num_bits(n) < RSA_BITS_MIN || !BN_is_odd(n) || !BN_is_odd(e) || BN_is_one(e))
        return NULL;
    AUTO(OSSL_PARAM_BLD) *builder = OSSL_PARAM_BLD_new();
    openssl_must(builder != NULL && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
                     OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1,
                 "OSSL_PARAM_BLD");
    return make("RSA", builder);
}

/* An absent member agrees with everything. */
static bool agrees(const struct json *json, const char *name, const char *expected)
{
    const struct json *member = json_member(json, name);
    const char *text = json_member_text(json, name);
    return member == NULL || (text != NULL && strcmp(text, expected) == 0);
}

/* RFC 7518 6.2.2, 6.3.2, 6.4: nobody's secret belongs into this file. */
static bool holds_secret(const struct json *json)
{
    static const char *const secrets[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};
    for (size_t i = 0; i < ARRAY_SIZE(secrets); i++)
        if (json_member(json, secrets[i]) != NULL)
            return true;
    return false;
}

static const char *read_key(const struct json *json, struct jwks *jwks)
{
    const char *type = json_member_text(json, "kty"), *kid = json_member_text(json, "kid");
    if (kid == NULL || kid[0] == '\0' || strlen(kid) > KID_MAX || jwks_find(jwks, kid) != NULL)
        return "has no kid of its own";
    if (holds_secret(json))
        return "holds a private or symmetric key; only public ones belong here";
    struct jwk *key = &jwks->keys[jwks->count];
    *key = (struct jwk){.kid = arena_text(jwks->arena, kid), .elliptic = type != NULL && strcmp(type, "EC") == 0};
    if (!agrees(json, "alg", jwk_algorithm(key)) || !agrees(json, "use", "sig"))
        return "is for another algorithm or use than signing with ES256 (EC) or RS256 (RSA)";
    key->key = key->elliptic                              ? read_ec(json, jwks->arena)
               : type != NULL && strcmp(type, "RSA") == 0 ? read_rsa(json, jwks->arena)
                                                          : NULL;
    if (key->key == NULL)
        return "is neither EC on P-256 nor RSA of 2048 to 4096 bits";
    jwks->count++;
    return NULL;
}

/* -- the set ----------------------------------------------------------------------------------------------------- */

static const char *read_set(struct bytes text, struct jwks *jwks)
{
    OPENSSL_QUIET;
    struct fault fault;
    fault_init(&fault, jwks->arena);
    AUTO_JSON *document = NULL;
    if (json_parse((const char *)text.data, text.size, &fault, &document) != OK)
        return "is not JSON";
    const struct json *keys = json_member(document, "keys");
    size_t count = keys == NULL ? 0 : json_length(keys);
    if (count == 0 || count > KEYS_MAX)
        return "has no array keys of 1 to 16 keys";
    for (size_t i = 0; i < count; i++) {
        const char *wrong = read_key(json_item(keys, i), jwks);
        if (wrong != NULL)
            return arena_format(jwks->arena, "key %zu %s", i + 1, wrong);
    }
    return NULL;
}

enum err jwks_parse(struct bytes text, const char *name, struct jwks **out)
{
    struct jwks *jwks = mem_alloc(sizeof(*jwks));
    jwks->arena = arena_new();
    const char *wrong = read_set(text, jwks);
    if (wrong != NULL) {
        log_error("settings", "%s: %s", name, wrong);
        jwks_free(jwks);
        return ERR_SETTINGS_INVALID;
    }
    *out = jwks;
    return OK;
}

enum err jwks_load(const char *path, struct jwks **out)
{
    struct arena *arena = arena_new();
    struct bytes text;
    enum err err = file_read(arena, path, FILE_MAX, &text);
    if (err == OK)
        err = jwks_parse(text, path, out);
    arena_free(arena);
    return err;
}

void jwks_free(struct jwks *jwks)
{
    if (jwks == NULL)
        return;
    for (size_t i = 0; i < jwks->count; i++)
        EVP_PKEY_free(jwks->keys[i].key);
    arena_free(jwks->arena);
    mem_free(jwks);
}

const struct jwk *jwks_find(const struct jwks *jwks, const char *kid)
{
    for (size_t i = 0; i < jwks->count; i++)
        if (strcmp(jwks->keys[i].kid, kid) == 0)
            return &jwks->keys[i];
    return NULL;
}

/* -- verifying --------------------------------------------------------------------------------------------------- */

const char *jwk_algorithm(const struct jwk *key)
{
    return key->elliptic ? "ES256" : "RS256";
}

static bool verify_der(const struct jwk *key, struct bytes message, struct bytes signature)
{
    AUTO(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();
    return ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key->key) == 1 &&
           EVP_DigestVerify(ctx, signature.data, signature.size, message.data, message.size) == 1;
}

/* RFC 7518 3.4: r and s in full length, one after the other; OpenSSL wants them as DER. */
static bool verify_ec(const struct jwk *key, struct bytes message, struct bytes signature)
{
    if (signature.size != 2 * P256_SIZE)
        return false;
    AUTO(ECDSA_SIG) *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature.data, P256_SIZE, NULL), *s = BN_bin2bn(signature.data + P256_SIZE, P256_SIZE, NULL);
    openssl_must(pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1, "ECDSA_SIG_set0");
    unsigned char *der = NULL;
    int size = i2d_ECDSA_SIG(pair, &der);
    openssl_must(size > 0, "i2d_ECDSA_SIG");
    bool verified = verify_der(key, message, (struct bytes){der, (size_t)size});
    OPENSSL_free(der);
    return verified;
}

bool jwk_verify(const struct jwk *key, struct bytes message, struct bytes signature)
{
    OPENSSL_QUIET;
    if (key->elliptic)
        return verify_ec(key, message, signature);
    return signature.size == (size_t)EVP_PKEY_get_size(key->key) && verify_der(key, message, signature);
}
