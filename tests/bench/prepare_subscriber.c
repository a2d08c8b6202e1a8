/* SPDX-License-Identifier: Apache-2.0 */
/* Subscribers of the demonstration CA inside their window, each with a P-256 key, a CSR for another one, and the signed
 * request that asks for the new certificate. */
#include "prepare.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "hsm/hsm.h"
#include "pki/certificate.h"
#include "pki/digest.h"
#include "pki/profile.h"
#include "pki/seal.h"

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

#define MODULE      "/usr/lib/softhsm/libsofthsm2.so"
#define TOKEN       "xuqi-demo" /* whose label promises that nothing of worth is in it */
#define SERIAL_SIZE 16
#define NONCE_SIZE  32
#define EVIDENCE    3300 /* bytes of a usual signed application */

DEFINE_CLEANUP(BIO, BIO_free_all)
DEFINE_CLEANUP(CMS_ContentInfo, CMS_ContentInfo_free)
DEFINE_CLEANUP(EVP_PKEY, EVP_PKEY_free)
DEFINE_CLEANUP(X509, X509_free)
DEFINE_CLEANUP(X509_NAME, X509_NAME_free)
DEFINE_CLEANUP(X509_REQ, X509_REQ_free)

static const char *const key_usage[] = {"digitalSignature", "nonRepudiation"};
static const struct profile profile = {
    .id = "bench",
    .version = "1",
    .key_usage = key_usage,
    .key_usage_count = ARRAY_SIZE(key_usage),
    .policy_oid = "",
    .crl_url = "",
    .issuer_url = "",
    .ocsp_url = "",
    .validity_max_months = 120,
};

struct maker {
    struct hsm *hsm;
    struct hsm_key *key;
    struct certificate issuer;
    int64_t now_us;
    FILE *copy, *records, *cfssl;
};

/* A failure here is a bug or a broken library. */
static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench_prepare: OpenSSL cannot do %s\n", what);
    abort();
}

static struct bytes take_der(struct arena *arena, unsigned char *der, int size, const char *what)
{
    must(size > 0, what);
    struct bytes copy = arena_bytes(arena, der, (size_t)size);
    OPENSSL_free(der);
    return copy;
}

static struct bytes name_der(struct arena *arena, unsigned long number)
{
    AUTO(X509_NAME) *name = X509_NAME_new();
    const char *organisation = arena_format(arena, "测试持证单位%lu有限公司", number);
    must(X509_NAME_add_entry_by_NID(name, NID_countryName, MBSTRING_UTF8, (const unsigned char *)"CN", -1, -1, 0) &&
             X509_NAME_add_entry_by_NID(name, NID_organizationName, MBSTRING_UTF8, (const unsigned char *)organisation,
                                        -1, -1, 0) &&
             X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, (const unsigned char *)organisation, -1,
                                        -1, 0),
         "X509_NAME_add_entry_by_NID");
    unsigned char *der = NULL;
    int size = i2d_X509_NAME(name, &der);
    return take_der(arena, der, size, "i2d_X509_NAME");
}

/* -- the current certificate --------------------------------------------------------------------------------------- */

static enum err make_certificate(const struct maker *maker, struct arena *arena, EVP_PKEY *key, struct bytes subject,
                                 struct certificate *out)
{
    uint8_t serial[SERIAL_SIZE];
    random_bytes(serial, sizeof(serial));
    serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40); /* positive and of full length */
    unsigned char *spki = NULL;
    int spki_size = i2d_PUBKEY(key, &spki);
    struct certificate_request request = {
        .serial = {serial, sizeof(serial)},
        .subject_der = subject,
        .spki = take_der(arena, spki, spki_size, "i2d_PUBKEY"),
        .not_before_us = maker->now_us - 335 * CLOCK_DAY_US,
        .not_after_us = maker->now_us + 30 * CLOCK_DAY_US,
    };
    struct bytes tbs, signature, der;
    TRY(certificate_build(arena, &profile, &maker->issuer, &request, &tbs));
    TRY(hsm_sign(maker->hsm, 0, maker->key, tbs, arena, &signature));
    TRY(certificate_assemble(arena, tbs, signature, &maker->issuer, &der));
    return certificate_parse(arena, der, out);
}

/* -- the request for the next one ---------------------------------------------------------------------------------- */

static const char *make_csr(struct arena *arena, struct bytes subject_der)
{
    const unsigned char *at = subject_der.data;
    AUTO(EVP_PKEY) *key = EVP_EC_gen("P-256");
    AUTO(X509_NAME) *subject = d2i_X509_NAME(NULL, &at, (long)subject_der.size);
    AUTO(X509_REQ) *request = X509_REQ_new();
    AUTO(BIO) *bio = BIO_new(BIO_s_mem());
    must(X509_REQ_set_version(request, X509_REQ_VERSION_1) && X509_REQ_set_subject_name(request, subject) &&
             X509_REQ_set_pubkey(request, key) && X509_REQ_sign(request, key, EVP_sha256()) > 0 &&
             PEM_write_bio_X509_REQ(bio, request),
         "X509_REQ_sign");
    char *text;
    long size = BIO_get_mem_data(bio, &text);
    return arena_text_n(arena, text, (size_t)size);
}

static struct bytes content_json(struct arena *arena, const char *nonce, const char *csr)
{
    struct json *content = json_new_object();
    struct bytes text;
    json_put_text(content, "nonce", nonce);
    json_put_text(content, "signing_csr", csr);
    text.data = (const uint8_t *)json_finish(content, arena, &text.size);
    return text;
}

static struct bytes sign_content(struct arena *arena, struct bytes certificate_der, EVP_PKEY *key, struct bytes content)
{
    const unsigned char *at = certificate_der.data;
    AUTO(X509) *certificate = d2i_X509(NULL, &at, (long)certificate_der.size);
    AUTO(BIO) *bio = BIO_new_mem_buf(content.data, (int)content.size);
    AUTO(CMS_ContentInfo) *cms = CMS_sign(certificate, key, NULL, bio, CMS_BINARY);
    must(cms != NULL, "CMS_sign");
    unsigned char *der = NULL;
    int size = i2d_CMS_ContentInfo(cms, &der);
    return take_der(arena, der, size, "i2d_CMS_ContentInfo");
}

/* -- files --------------------------------------------------------------------------------------------------------- */

static void write_copy(const struct maker *maker, struct arena *arena, unsigned long number,
                       const struct certificate *certificate, const char *nonce)
{
    fprintf(maker->copy, "%lu\t\\\\x%s\t%s\t\\\\x%s\t%s\t\\\\x%s\t%s\t%s\t%s\t\\\\x%s\n", number,
            hex_encode(arena, certificate->fingerprint), certificate->serial, hex_encode(arena, certificate->der),
            clock_text(arena, certificate->not_after_us), hex_encode(arena, certificate->subject_der),
            certificate->subject, certificate->common_name, certificate->organisation,
            hex_encode(arena, sha256(arena, bytes_of_text(nonce))));
}

static void write_cfssl(const struct maker *maker, struct arena *arena, const char *csr)
{
    struct json *content = json_new_object();
    struct bytes text;
    json_put_text(content, "certificate_request", csr);
    text.data = (const uint8_t *)json_finish(content, arena, &text.size);
    write_post(arena, maker->cfssl, "/api/v1/cfssl/sign", "application/json", text);
}

static enum err make_subscriber(const struct maker *maker, struct arena *arena, unsigned long number)
{
    AUTO(EVP_PKEY) *key = EVP_EC_gen("P-256");
    struct certificate certificate;
    uint8_t nonce_bytes[NONCE_SIZE];
    must(key != NULL, "EVP_EC_gen");
    TRY(make_certificate(maker, arena, key, name_der(arena, number), &certificate));
    random_bytes(nonce_bytes, sizeof(nonce_bytes));
    const char *nonce = base64url_encode(arena, (struct bytes){nonce_bytes, sizeof(nonce_bytes)});
    const char *csr = make_csr(arena, certificate.subject_der);
    write_record(maker->records, sign_content(arena, certificate.der, key, content_json(arena, nonce, csr)));
    write_copy(maker, arena, number, &certificate, nonce);
    write_cfssl(maker, arena, csr);
    return OK;
}

/* Sealed like server/api/renewal_submit.c does it, so that jobs can write the messages. One person serves all. */
static enum err write_person(struct arena *arena, const struct options *options)
{
    static const char person[] =
        "{\"agent\":{\"id_type\":\"resident_id\",\"id_number\":\"11010519491231002X\",\"name\":\"胡经办\","
        "\"mobile\":\"13800138000\",\"email\":\"agent@example.com\",\"address\":\"广东省深圳市南山区科技路1号\"}}";
    struct seal_keys *keys;
    TRY(seal_load(arena_format(arena, "%s/keys/seal.key", options->var), &keys));
    uint8_t *evidence = arena_alloc(arena, EVIDENCE);
    random_bytes(evidence, EVIDENCE);
    struct bytes digest = sha256(arena, (struct bytes){evidence, EVIDENCE});
    struct bytes personal = seal(keys, arena, "renewal.personal", digest, bytes_of_text(person));
    struct bytes sealed = seal(keys, arena, "renewal.evidence", digest, (struct bytes){evidence, EVIDENCE});
    FILE *out = open_out(arena, options, "person.copy");
    fprintf(out, "\\\\x%s\t\\\\x%s\t\\\\x%s\n", hex_encode(arena, digest), hex_encode(arena, sealed),
            hex_encode(arena, personal));
    close_out(out);
    seal_free(keys);
    return OK;
}

static enum err make_all(struct maker *maker, struct arena *arena, const struct options *options)
{
    enum err err = OK;
    struct arena *own = arena_new();
    maker->copy = open_out(arena, options, "subscribers.copy");
    maker->records = open_out(arena, options, "signed.records");
    maker->cfssl = open_out(arena, options, "cfssl.requests");
    for (unsigned long i = 0; err == OK && i < options->count; i++) {
        err = make_subscriber(maker, own, i);
        arena_reset(own);
    }
    close_out(maker->copy);
    close_out(maker->records);
    close_out(maker->cfssl);
    arena_free(own);
    return err;
}

enum err prepare_subscribers(const struct options *options)
{
    struct arena *arena = arena_new();
    struct maker maker = {.now_us = clock_now_us() / CLOCK_SECOND_US * CLOCK_SECOND_US};
    struct bytes pin;
    TRY(write_person(arena, options));
    TRY(certificate_load(arena, arena_format(arena, "%s/ca/issuing.pem", options->var), &maker.issuer));
    TRY(file_read_secret(arena, arena_format(arena, "%s/keys/pin", options->var), &pin));
    TRY(hsm_open(MODULE, TOKEN, pin, 1, &maker.hsm));
    enum err err = hsm_find_key(maker.hsm, "issuing", &maker.key);
    if (err == OK)
        err = make_all(&maker, arena, options);
    hsm_close(maker.hsm);
    arena_free(arena);
    return err;
}
