/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/pinned.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "pki/key.h"
#include "pki/pem.h"
#include "pki/x509.h"

#include <string.h>

#define FILE_SIZE_MAX    65536
#define CERTIFICATES_MAX 16
#define DEPTH_MAX        4
#define PEM_SIZE_MAX     8192 /* before anything is parsed */

struct pinned {
    X509_STORE *store;       /* anchors */
    STACK_OF(X509) * middle; /* the other CA certificates */
};

static struct pinned *pinned_new(void)
{
    struct pinned *pinned = mem_alloc(sizeof(*pinned));
    pinned->store = X509_STORE_new();
    pinned->middle = sk_X509_new_null();
    openssl_must(pinned->store != NULL && pinned->middle != NULL, "X509_STORE_new");
    X509_VERIFY_PARAM *param = X509_STORE_get0_param(pinned->store);
    X509_VERIFY_PARAM_set_depth(param, DEPTH_MAX);
    /* Acquirers' CAs still sign with SHA-1 and leave basicConstraints uncritical: what holds is that the files are
     * pinned, the leaf's key is of today's size (below) and its name is asked for by the caller. */
    X509_VERIFY_PARAM_set_auth_level(param, 0);
    return pinned;
}

void pinned_free(struct pinned *pinned)
{
    if (pinned == NULL)
        return;
    X509_STORE_free(pinned->store);
    sk_X509_pop_free(pinned->middle, X509_free);
    mem_free(pinned);
}

static enum err add(struct pinned *pinned, X509 *certificate, const char *path)
{
    if (X509_check_ca(certificate) == 0) {
        log_error("pinned", "%s: holds a certificate that is no CA's", path);
        return ERR_SETTINGS_INVALID;
    }
    if (X509_self_signed(certificate, 1) == 1) {
        openssl_must(X509_STORE_add_cert(pinned->store, certificate) == 1, "X509_STORE_add_cert");
        return OK;
    }
    openssl_must(X509_up_ref(certificate) == 1 && sk_X509_push(pinned->middle, certificate) > 0, "sk_X509_push");
    return OK;
}

static enum err add_file(struct pinned *pinned, struct arena *arena, const char *path)
{
    struct bytes pem;
    TRY(file_read(arena, path, FILE_SIZE_MAX, &pem));
    AUTO(BIO) *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    openssl_must(bio != NULL, "BIO_new_mem_buf");
    size_t count = 0;
    for (; count < CERTIFICATES_MAX; count++) {
        AUTO(X509) *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (certificate == NULL)
            break;
        TRY(add(pinned, certificate, path));
    }
    if (count > 0 && count < CERTIFICATES_MAX && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE)
        return OK;
    log_error("pinned", "%s: certificate %zu cannot be read; 1 to %d CA certificates in PEM are expected", path,
              count + 1, CERTIFICATES_MAX - 1);
    return ERR_SETTINGS_INVALID;
}

static enum err load(struct pinned *pinned, struct arena *arena, const char *const *paths, size_t count)
{
    OPENSSL_QUIET;
    for (size_t i = 0; i < count; i++)
        TRY(add_file(pinned, arena, paths[i]));
    if (sk_X509_OBJECT_num(X509_STORE_get0_objects(pinned->store)) > 0)
        return OK;
    log_error("pinned", "%s: no self-signed certificate to end a chain at", paths[0]);
    return ERR_SETTINGS_INVALID;
}

enum err pinned_load(const char *const *paths, size_t count, struct pinned **out)
{
    struct arena *arena = arena_new();
    struct pinned *pinned = pinned_new();
    enum err err = load(pinned, arena, paths, count);
    arena_free(arena);
    if (err == OK)
        *out = pinned;
    else
        pinned_free(pinned);
    return err;
}

static enum err verify(const struct pinned *pinned, X509 *leaf, int64_t at_us)
{
    AUTO(X509_STORE_CTX) *ctx = X509_STORE_CTX_new();
    openssl_must(ctx != NULL && X509_STORE_CTX_init(ctx, pinned->store, leaf, pinned->middle) == 1,
                 "X509_STORE_CTX_init");
    X509_STORE_CTX_set_time(ctx, 0, (time_t)(at_us / CLOCK_SECOND_US));
    if (X509_verify_cert(ctx) == 1)
        return OK;
    switch (X509_STORE_CTX_get_error(ctx)) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return ERR_CERTIFICATE_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return ERR_CERTIFICATE_NOT_YET_VALID;
    default:
        return ERR_CERTIFICATE_UNTRUSTED;
    }
}

enum err pinned_check(const struct pinned *pinned, struct bytes pem, int64_t at_us, struct arena *arena,
                      struct certificate *out)
{
    OPENSSL_QUIET;
    const char *label;
    struct bytes der;
    ENSURE(pem.size <= PEM_SIZE_MAX && pem_decode(arena, pem, &label, &der) && strcmp(label, "CERTIFICATE") == 0,
           ERR_CERTIFICATE_MALFORMED);
    AUTO(X509) *leaf = NULL;
    TRY(x509_decode_with_key(der, &leaf));
    ENSURE(X509_check_ca(leaf) == 0, ERR_CERTIFICATE_UNTRUSTED); /* a CA signs no messages */
    TRY(verify(pinned, leaf, at_us));
    struct certificate certificate;
    TRY(x509_read(arena, leaf, der, &certificate));
    ENSURE(key_kind(certificate.spki) == KEY_RSA, ERR_CERTIFICATE_UNTRUSTED);
    *out = certificate;
    return OK;
}

bool pinned_signed_by(const struct certificate *certificate, struct bytes message, struct bytes signature)
{
    return x509_signature_valid(certificate->spki, message, signature);
}
