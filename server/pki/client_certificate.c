/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/client_certificate.h"

#include "base/file.h"
#include "base/log.h"
#include "pki/x509.h"

#define FILE_SIZE_MAX    (4 * 1024 * 1024) /* a list grows */
#define SECURITY_LEVEL   2                 /* 112 bits */
#define CERTIFICATES_MAX 16

DEFINE_CLEANUP(X509_STORE, X509_STORE_free)

static enum err unchecked(const char *path, const char *what)
{
    log_error("desk", "%s: %s", path, what);
    return ERR_CLIENT_CERTIFICATE_UNCHECKED;
}

static enum err open_pem(struct arena *arena, const char *path, BIO **out)
{
    struct bytes pem;
    if (file_read(arena, path, FILE_SIZE_MAX, &pem) != OK)
        return unchecked(path, "cannot be read");
    *out = BIO_new_mem_buf(pem.data, (int)pem.size);
    openssl_must(*out != NULL, "BIO_new_mem_buf");
    return OK;
}

static enum err add_ca(struct arena *arena, X509_STORE *store, const char *path)
{
    AUTO(BIO) *bio = NULL;
    TRY(open_pem(arena, path, &bio));
    int count = 0;
    for (; count < CERTIFICATES_MAX; count++) {
        AUTO(X509) *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (certificate == NULL)
            break;
        openssl_must(X509_STORE_add_cert(store, certificate) == 1, "X509_STORE_add_cert");
    }
    return count > 0 ? OK : unchecked(path, "holds no certificate");
}

static enum err add_crl(struct arena *arena, X509_STORE *store, const char *path)
{
    AUTO(BIO) *bio = NULL;
    TRY(open_pem(arena, path, &bio));
    AUTO(X509_CRL) *crl = PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL);
    if (crl == NULL)
        return unchecked(path, "holds no revocation list in PEM");
    openssl_must(X509_STORE_add_crl(store, crl) == 1, "X509_STORE_add_crl");
    return OK;
}

static X509_STORE *store_new(void)
{
    X509_STORE *store = X509_STORE_new();
    openssl_must(store != NULL, "X509_STORE_new");
    X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
    X509_VERIFY_PARAM_set_auth_level(param, SECURITY_LEVEL);
    openssl_must(X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_CLIENT) == 1 &&
                     X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_PARTIAL_CHAIN) == 1,
                 "X509_VERIFY_PARAM");
    return store;
}

static enum err refusal(int error, const char *crl_path)
{
    switch (error) {
    case X509_V_ERR_CERT_REVOKED:
        return ERR_CLIENT_CERTIFICATE_REVOKED;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return ERR_CLIENT_CERTIFICATE_EXPIRED;
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
        return unchecked(crl_path, X509_verify_cert_error_string(error));
    default:
        return ERR_CLIENT_CERTIFICATE_UNTRUSTED;
    }
}

static enum err check(struct arena *arena, const char *ca_path, const char *crl_path, struct bytes der)
{
    OPENSSL_QUIET;
    AUTO(X509) *leaf = NULL;
    AUTO(X509_STORE) *store = store_new();
    TRY(add_ca(arena, store, ca_path));
    TRY(add_crl(arena, store, crl_path));
    TRY(x509_decode_with_key(der, &leaf));
    AUTO(X509_STORE_CTX) *ctx = X509_STORE_CTX_new();
    openssl_must(ctx != NULL && X509_STORE_CTX_init(ctx, store, leaf, NULL) == 1, "X509_STORE_CTX_init");
    return X509_verify_cert(ctx) == 1 ? OK : refusal(X509_STORE_CTX_get_error(ctx), crl_path);
}

enum err client_certificate_check(const char *ca_path, const char *crl_path, struct bytes der)
{
    struct arena *arena = arena_new();
    enum err err = check(arena, ca_path, crl_path, der);
    arena_free(arena);
    return err;
}
