/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/rsa.h"

#include "base/log.h"
#include "base/mem.h"
#include "pki/openssl.h"
#include "pki/pem.h"

#include <string.h>

#define RSA_TEXT_MAX 32768
#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 8192 /* the work grows with the square of it */

struct rsa_key {
    EVP_PKEY *key;
};

typedef EVP_PKEY *decoder(struct bytes der);

/* Each decoder gives a key only when the structure ends where the text ends. */

static EVP_PKEY *decode_pkcs8(struct bytes der)
{
    const unsigned char *at = der.data;
    AUTO(PKCS8_PRIV_KEY_INFO) *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)der.size);
    return info != NULL && at == der.data + der.size ? EVP_PKCS82PKEY(info) : NULL;
}

static EVP_PKEY *decode_pkcs1_private(struct bytes der)
{
    const unsigned char *at = der.data;
    AUTO(EVP_PKEY) *key = d2i_PrivateKey(EVP_PKEY_RSA, NULL, &at, (long)der.size);
    return at == der.data + der.size ? TAKE(key) : NULL;
}

static EVP_PKEY *decode_spki(struct bytes der)
{
    const unsigned char *at = der.data;
    AUTO(EVP_PKEY) *key = d2i_PUBKEY(NULL, &at, (long)der.size);
    return at == der.data + der.size ? TAKE(key) : NULL;
}

static EVP_PKEY *decode_pkcs1_public(struct bytes der)
{
    const unsigned char *at = der.data;
    AUTO(EVP_PKEY) *key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)der.size);
    return at == der.data + der.size ? TAKE(key) : NULL;
}

static EVP_PKEY *decode_certificate(struct bytes der)
{
    const unsigned char *at = der.data;
    AUTO(X509) *certificate = d2i_X509(NULL, &at, (long)der.size);
    return certificate != NULL && at == der.data + der.size ? X509_get_pubkey(certificate) : NULL;
}

static const struct form {
    const char *label; /* RFC 7468 */
    decoder *decode;
} private_forms[] = {{"PRIVATE KEY", decode_pkcs8}, {"RSA PRIVATE KEY", decode_pkcs1_private}, {0}},
  public_forms[] = {
      {"PUBLIC KEY", decode_spki}, {"RSA PUBLIC KEY", decode_pkcs1_public}, {"CERTIFICATE", decode_certificate}, {0}};

/* Bare base64 does not say what it is: every form is tried. */
static EVP_PKEY *decode(const struct form *forms, const char *label, struct bytes der)
{
    for (const struct form *form = forms; form->label != NULL; form++) {
        if (label != NULL && strcmp(label, form->label) != 0)
            continue;
        EVP_PKEY *key = form->decode(der);
        if (key != NULL)
            return key;
    }
    return NULL;
}

static EVP_PKEY *read_text(struct arena *arena, struct bytes text, const struct form *forms)
{
    const char *label = NULL;
    struct bytes der;
    if (text.size > RSA_TEXT_MAX)
        return NULL;
    bool readable = pem_looks_like(text) ? pem_decode(arena, text, &label, &der) : pem_decode_bare(arena, text, &der);
    return readable ? decode(forms, label, der) : NULL;
}

/* What an attacker who could swap the file would swap in: short keys, e = 1, a modulus that is no product. */
static enum err check(EVP_PKEY *key, bool private)
{
    AUTO(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new(key, NULL);
    openssl_must(ctx != NULL, "EVP_PKEY_CTX_new");
    int bits = EVP_PKEY_get_bits(key);
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
        log_error("rsa", "a key is not RSA of %d to %d bits", RSA_BITS_MIN, RSA_BITS_MAX);
        return ERR_SETTINGS_INVALID;
    }
    if ((private ? EVP_PKEY_check(ctx) : EVP_PKEY_public_check(ctx)) != 1) {
        log_error("rsa", "the numbers of a key do not make an RSA key");
        return ERR_SETTINGS_INVALID;
    }
    return OK;
}

static enum err load(struct bytes text, const struct form *forms, bool private, struct rsa_key **out)
{
    OPENSSL_QUIET;
    struct arena *arena = arena_new();
    AUTO(EVP_PKEY) *key = read_text(arena, text, forms);
    arena_free(arena); /* wipes the decoded key */
    if (key == NULL) {
        log_error("rsa", "a %s key is neither PEM nor base64 of a form that is known here",
                  private ? "private" : "public");
        return ERR_SETTINGS_INVALID;
    }
    TRY(check(key, private));
    *out = mem_alloc(sizeof(**out));
    (*out)->key = TAKE(key);
    return OK;
}

enum err rsa_load_private(struct bytes text, struct rsa_key **out)
{
    return load(text, private_forms, true, out);
}

enum err rsa_load_public(struct bytes text, struct rsa_key **out)
{
    return load(text, public_forms, false, out);
}

void rsa_free(struct rsa_key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->key);
    mem_free(key);
}

enum err rsa_sign(const struct rsa_key *key, struct bytes message, struct arena *arena, struct bytes *signature)
{
    OPENSSL_QUIET;
    AUTO(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();
    size_t size = (size_t)EVP_PKEY_get_size(key->key);
    uint8_t *data = arena_alloc(arena, size);
    ENSURE(ctx != NULL && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key->key) == 1, ERR_INTERNAL);
    ENSURE(EVP_DigestSign(ctx, data, &size, message.data, message.size) == 1, ERR_INTERNAL);
    *signature = (struct bytes){data, size};
    return OK;
}

bool rsa_verify(const struct rsa_key *key, struct bytes message, struct bytes signature)
{
    OPENSSL_QUIET;
    AUTO(EVP_MD_CTX) *ctx = EVP_MD_CTX_new();
    return ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key->key) == 1 &&
           EVP_DigestVerify(ctx, signature.data, signature.size, message.data, message.size) == 1;
}
