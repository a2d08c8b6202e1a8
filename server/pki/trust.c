/* SPDX-License-Identifier: Apache-2.0 */
/* Chains to the CA certificates of the settings. The store is built once and only read afterwards, by any thread. */
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "pki/certificate.h"
#include "pki/x509.h"

#define TRUST_FILE_MAX         262144
#define TRUST_CERTIFICATES_MAX 64
#define TRUST_DEPTH_MAX        8
#define TRUST_SECURITY_LEVEL   2 /* 112 bits: RSA from 2048, no SHA-1 signature below the anchor */

struct trust {
    X509_STORE *store;        /* anchors */
    STACK_OF(X509) * issuing; /* the other CA certificates */
};

/* The leaf's validity period is the caller's business; nothing else is forgiven, and nothing for a CA. */
static int judge(int ok, X509_STORE_CTX *ctx)
{
    int error = X509_STORE_CTX_get_error(ctx);
    bool period = error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID;
    if (ok || !period || X509_STORE_CTX_get_error_depth(ctx) != 0)
        return ok;
    X509_STORE_CTX_set_error(ctx, X509_V_OK);
    return 1;
}

static struct trust *trust_new(void)
{
    struct trust *trust = mem_alloc(sizeof(*trust));
    trust->store = X509_STORE_new();
    trust->issuing = sk_X509_new_null();
    openssl_must(trust->store != NULL && trust->issuing != NULL, "X509_STORE_new");
    X509_VERIFY_PARAM *param = X509_STORE_get0_param(trust->store);
    X509_VERIFY_PARAM_set_depth(param, TRUST_DEPTH_MAX);
    X509_VERIFY_PARAM_set_auth_level(param, TRUST_SECURITY_LEVEL);
    X509_STORE_set_verify_cb(trust->store, judge);
    return trust;
}

void trust_free(struct trust *trust)
{
    if (trust == NULL)
        return;
    X509_STORE_free(trust->store);
    sk_X509_pop_free(trust->issuing, X509_free);
    mem_free(trust);
}

static enum err add(struct trust *trust, X509 *certificate, const char *path, size_t number)
{
    if (X509_check_ca(certificate) != 1 || (X509_get_key_usage(certificate) & KU_KEY_CERT_SIGN) == 0) {
        log_error("trust", "%s: certificate %zu is not a CA certificate (RFC 5280 4.2.1.9, 4.2.1.3)", path, number);
        return ERR_SETTINGS_INVALID;
    }
    if (X509_self_signed(certificate, 1) == 1) {
        openssl_must(X509_STORE_add_cert(trust->store, certificate) == 1, "X509_STORE_add_cert");
        return OK;
    }
    openssl_must(X509_up_ref(certificate) == 1 && sk_X509_push(trust->issuing, certificate) > 0, "sk_X509_push");
    return OK;
}

static enum err add_all(struct trust *trust, struct bytes pem, const char *path)
{
    AUTO(BIO) *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    openssl_must(bio != NULL, "BIO_new_mem_buf");
    size_t count = 0;
    for (; count < TRUST_CERTIFICATES_MAX; count++) {
        AUTO(X509) *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (certificate == NULL)
            break;
        TRY(add(trust, certificate, path, count + 1));
    }
    bool complete = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (count == 0 || count == TRUST_CERTIFICATES_MAX || !complete) {
        log_error("trust", "%s: certificate %zu cannot be read; 1 to %d CA certificates in PEM are expected", path,
                  count + 1, TRUST_CERTIFICATES_MAX - 1);
        return ERR_SETTINGS_INVALID;
    }
    return OK;
}

static enum err load(struct arena *arena, const char *path, struct trust *trust)
{
    OPENSSL_QUIET;
    struct bytes pem;
    TRY(file_read(arena, path, TRUST_FILE_MAX, &pem));
    TRY(add_all(trust, pem, path));
    STACK_OF(X509_OBJECT) *anchors = X509_STORE_get0_objects(trust->store);
    if (sk_X509_OBJECT_num(anchors) == 0) {
        log_error("trust", "%s: no self-signed certificate to end a chain at", path);
        return ERR_SETTINGS_INVALID;
    }
    return OK;
}

enum err trust_load(const char *pem_path, struct trust **out)
{
    struct arena *arena = arena_new();
    struct trust *trust = trust_new();
    enum err err = load(arena, pem_path, trust);
    arena_free(arena);
    if (err != OK)
        trust_free(trust);
    else
        *out = trust;
    return err;
}

static enum err verify(const struct trust *trust, X509_STORE_CTX *ctx, X509 *leaf)
{
    openssl_must(ctx != NULL && X509_STORE_CTX_init(ctx, trust->store, leaf, trust->issuing) == 1,
                 "X509_STORE_CTX_init");
    ENSURE(X509_verify_cert(ctx) == 1, ERR_CERTIFICATE_UNTRUSTED);
    return OK;
}

enum err x509_trusted(const struct trust *trust, X509 *leaf)
{
    OPENSSL_QUIET;
    ENSURE(X509_check_ca(leaf) == 0, ERR_CERTIFICATE_UNTRUSTED); /* a CA is nobody's subscriber */
    AUTO(X509_STORE_CTX) *ctx = X509_STORE_CTX_new();
    return verify(trust, ctx, leaf);
}

enum err trust_check(const struct trust *trust, struct bytes certificate_der)
{
    AUTO(X509) *leaf = NULL;
    TRY(x509_decode_with_key(certificate_der, &leaf));
    return x509_trusted(trust, leaf);
}

enum err trust_chain(const struct trust *trust, struct bytes certificate_der, struct arena *arena, struct bytes *chain,
                     size_t chain_max, size_t *count)
{
    OPENSSL_QUIET;
    AUTO(X509) *leaf = NULL;
    TRY(x509_decode_with_key(certificate_der, &leaf));
    AUTO(X509_STORE_CTX) *ctx = X509_STORE_CTX_new();
    TRY(verify(trust, ctx, leaf));
    STACK_OF(X509) *verified = X509_STORE_CTX_get0_chain(ctx);
    size_t length = (size_t)sk_X509_num(verified) - 1; /* without the leaf */
    ENSURE(length <= chain_max, ERR_INTERNAL);
    for (size_t i = 0; i < length; i++) {
        unsigned char *der = NULL;
        int size = i2d_X509(sk_X509_value(verified, (int)i + 1), &der);
        openssl_must(size > 0, "i2d_X509");
        chain[i] = arena_bytes(arena, der, (size_t)size);
        OPENSSL_free(der);
    }
    *count = length;
    return OK;
}
