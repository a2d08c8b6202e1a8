/* SPDX-License-Identifier: Apache-2.0 */
#include "make.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdlib.h>

#define SUBSCRIBER_BITS 2048
#define SERIAL_SIZE     16

DEFINE_CLEANUP(ASN1_INTEGER, ASN1_INTEGER_free)
DEFINE_CLEANUP(ASN1_TIME, ASN1_TIME_free)
DEFINE_CLEANUP(BIGNUM, BN_free)
DEFINE_CLEANUP(BIO, BIO_free_all)
DEFINE_CLEANUP(EVP_PKEY, EVP_PKEY_free)
DEFINE_CLEANUP(X509, X509_free)
DEFINE_CLEANUP(X509_EXTENSION, X509_EXTENSION_free)
DEFINE_CLEANUP(X509_NAME, X509_NAME_free)
DEFINE_CLEANUP(X509_REQ, X509_REQ_free)

/* This tool makes everything it hands to OpenSSL: a failure is a bug or a broken library. */
static void must(bool ok, const char *what)
{
    if (ok)
        return;
    log_error("demo", "OpenSSL cannot do %s", what);
    abort();
}

/* What an i2d function wrote, moved to arena. */
static struct bytes take_der(struct arena *arena, unsigned char *der, int size, const char *what)
{
    must(size > 0, what);
    struct bytes copy = arena_bytes(arena, der, (size_t)size);
    OPENSSL_free(der);
    return copy;
}

static struct bytes take_text(struct arena *arena, BIO *bio)
{
    char *text;
    long size = BIO_get_mem_data(bio, &text);
    return arena_bytes(arena, text, (size_t)size);
}

static bool add_entry(X509_NAME *name, int nid, const char *text)
{
    return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0) == 1;
}

enum err make_name(struct arena *arena, const char *organisation, const char *common_name, struct bytes *der)
{
    AUTO(X509_NAME) *name = X509_NAME_new();
    if (name == NULL || !add_entry(name, NID_countryName, "CN") ||
        !add_entry(name, NID_organizationName, organisation) || !add_entry(name, NID_commonName, common_name)) {
        log_error("demo", "organisation and common name must be UTF-8 of 1 to 64 characters (RFC 5280 A.1)");
        return ERR_SETTINGS_INVALID;
    }
    unsigned char *encoded = NULL;
    int size = i2d_X509_NAME(name, &encoded);
    *der = take_der(arena, encoded, size, "i2d_X509_NAME");
    return OK;
}

void make_key(struct arena *arena, struct bytes *pem, struct bytes *spki)
{
    AUTO(EVP_PKEY) *key = EVP_RSA_gen(SUBSCRIBER_BITS);
    AUTO(BIO) *bio = BIO_new(BIO_s_mem());
    must(key != NULL && bio != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1,
         "EVP_RSA_gen");
    *pem = take_text(arena, bio);
    unsigned char *encoded = NULL;
    int size = i2d_PUBKEY(key, &encoded);
    *spki = take_der(arena, encoded, size, "i2d_PUBKEY");
}

static X509_NAME *decode_name(struct bytes der)
{
    const unsigned char *at = der.data;
    X509_NAME *name = d2i_X509_NAME(NULL, &at, (long)der.size);
    must(name != NULL, "d2i_X509_NAME");
    return name;
}

struct bytes make_request(struct arena *arena, struct bytes pem, struct bytes subject_der)
{
    AUTO(BIO) *key_bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    AUTO(EVP_PKEY) *key = PEM_read_bio_PrivateKey(key_bio, NULL, NULL, NULL);
    AUTO(X509_NAME) *subject = decode_name(subject_der);
    AUTO(X509_REQ) *request = X509_REQ_new();
    AUTO(BIO) *bio = BIO_new(BIO_s_mem());
    must(key != NULL && request != NULL && bio != NULL && X509_REQ_set_version(request, X509_REQ_VERSION_1) == 1 &&
             X509_REQ_set_subject_name(request, subject) == 1 && X509_REQ_set_pubkey(request, key) == 1 &&
             X509_REQ_sign(request, key, EVP_sha256()) > 0 && PEM_write_bio_X509_REQ(bio, request) == 1,
         "X509_REQ_sign");
    return take_text(arena, bio);
}

static void set_serial(X509 *certificate)
{
    uint8_t serial[SERIAL_SIZE];
    random_bytes(serial, sizeof(serial));
    serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40); /* positive and of full length */
    AUTO(BIGNUM) *number = BN_bin2bn(serial, sizeof(serial), NULL);
    AUTO(ASN1_INTEGER) *integer = BN_to_ASN1_INTEGER(number, NULL);
    must(integer != NULL && X509_set_serialNumber(certificate, integer) == 1, "X509_set_serialNumber");
}

static void set_times(X509 *certificate, const struct authority *authority)
{
    AUTO(ASN1_TIME) *not_before = ASN1_TIME_set(NULL, (time_t)(authority->not_before_us / CLOCK_SECOND_US));
    AUTO(ASN1_TIME) *not_after = ASN1_TIME_set(NULL, (time_t)(authority->not_after_us / CLOCK_SECOND_US));
    must(X509_set1_notBefore(certificate, not_before) == 1 && X509_set1_notAfter(certificate, not_after) == 1,
         "X509_set1_notAfter");
}

static void set_subject(X509 *certificate, const struct authority *authority)
{
    const unsigned char *at = authority->spki.data;
    AUTO(EVP_PKEY) *key = d2i_PUBKEY(NULL, &at, (long)authority->spki.size);
    AUTO(X509_NAME) *subject = decode_name(authority->subject_der);
    must(key != NULL && X509_set_pubkey(certificate, key) == 1 && X509_set_subject_name(certificate, subject) == 1,
         "X509_set_pubkey");
}

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, certificate, NULL, NULL, 0);
    AUTO(X509_EXTENSION) *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    must(extension != NULL && X509_add_ext(certificate, extension, -1) == 1, "X509V3_EXT_conf_nid");
}

struct bytes make_authority(struct arena *arena, const struct authority *authority)
{
    const unsigned char *at = authority->issuer_der.data;
    AUTO(X509) *above = at != NULL ? d2i_X509(NULL, &at, (long)authority->issuer_der.size) : NULL;
    AUTO(X509) *certificate = X509_new();
    must(certificate != NULL && X509_set_version(certificate, X509_VERSION_3) == 1, "X509_new");
    X509 *issuer = above != NULL ? above : certificate;
    set_serial(certificate);
    set_times(certificate, authority);
    set_subject(certificate, authority);
    must(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1, "X509_set_issuer_name");
    X509_ALGOR *algorithm = (X509_ALGOR *)(uintptr_t)X509_get0_tbs_sigalg(certificate);
    must(X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256WithRSAEncryption), V_ASN1_NULL, NULL) == 1,
         "X509_ALGOR_set0");
    const char *limit = authority->path_length < 0
                            ? "critical,CA:TRUE"
                            : arena_format(arena, "critical,CA:TRUE,pathlen:%d", authority->path_length);
    add_extension(certificate, issuer, NID_basic_constraints, limit);
    add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    if (above != NULL)
        add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
    unsigned char *der = NULL;
    int size = i2d_re_X509_tbs(certificate, &der);
    return take_der(arena, der, size, "i2d_re_X509_tbs");
}
