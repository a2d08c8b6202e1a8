/* SPDX-License-Identifier: Apache-2.0 */
#include "unionpay_workshop.h"

#include "base/clock.h"
#include "pki/digest.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIELDS_MAX   48
#define PEM_SIZE_MAX 8192
#define KEY_BITS     2048
#define DAY_S        86400
#define PASSWORD     "000000"

/* Kept over all tests of a program. */
static EVP_PKEY *ca_key, *unionpay_key, *other_key;
static X509 *root, *middle, *foreign_root, *foreign_middle, *merchant;
static struct {
    X509 *certificate;
    EVP_PKEY *key;
} signers[SIGNERS];

/* -- certificates -------------------------------------------------------------------------------------------------- */

static void extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

/* issuer NULL: self-signed. As CFCA's: basicConstraints of a CA are not critical, a leaf has none. */
static X509 *certify(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, bool ca, long from_s,
                     long to_s)
{
    static long serial = 68759663125;
    X509 *certificate = X509_new();
    assert_int_equal(X509_set_version(certificate, 2), 1);
    assert_int_equal(ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), serial++), 1);
    time_t base = (time_t)CHAIN_NOT_OVER, from = base + from_s, to = base + to_s;
    assert_non_null(X509_time_adj(X509_getm_notBefore(certificate), 0, &from));
    assert_non_null(X509_time_adj(X509_getm_notAfter(certificate), 0, &to));
    X509_NAME *subject = X509_get_subject_name(certificate);
    assert_int_equal(X509_NAME_add_entry_by_txt(subject, "C", MBSTRING_UTF8, (const unsigned char *)"CN", -1, -1, 0),
                     1);
    assert_int_equal(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0),
                     1);
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer != NULL ? issuer : certificate));
    X509_set_pubkey(certificate, key);
    if (ca)
        extend(certificate, issuer, NID_basic_constraints, "CA:TRUE");
    extend(certificate, issuer, NID_key_usage, ca ? "keyCertSign,cRLSign" : "digitalSignature,nonRepudiation");
    assert_true(X509_sign(certificate, issuer_key, EVP_sha256()) > 0);
    return certificate;
}

static void make_signer(enum signer signer, const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key,
                        long from_s, long to_s)
{
    signers[signer].certificate = certify(name, key, issuer, issuer_key, false, from_s, to_s);
    signers[signer].key = key;
}

int union_make_keys(void **state)
{
    (void)state;
    static const char name[] = "041@8310000000083040@中国银联股份有限公司@00016495";
    const long far = 3650 * DAY_S;
    ca_key = EVP_RSA_gen(KEY_BITS);
    unionpay_key = EVP_RSA_gen(KEY_BITS);
    other_key = EVP_RSA_gen(KEY_BITS);
    root = certify("CS CA", ca_key, NULL, ca_key, true, -far, far);
    middle = certify("OCA1", ca_key, root, ca_key, true, -far, far);
    foreign_root = certify("CS CA", other_key, NULL, other_key, true, -far, far);
    foreign_middle = certify("OCA1", other_key, foreign_root, other_key, true, -far, far);
    make_signer(SIGNER_UNIONPAY, name, unionpay_key, middle, ca_key, -DAY_S, far);
    make_signer(SIGNER_UNIONPAY_SANDBOX, "041@Z12@00040000:SIGN@00000062", unionpay_key, middle, ca_key, -DAY_S, far);
    make_signer(SIGNER_MERCHANT, "041@Z12@777290058110097@00000001", other_key, middle, ca_key, -DAY_S, far);
    make_signer(SIGNER_FOREIGN, name, other_key, foreign_middle, other_key, -DAY_S, far);
    make_signer(SIGNER_EXPIRED, name, unionpay_key, middle, ca_key, -2 * DAY_S, -1);
    make_signer(SIGNER_FUTURE, name, unionpay_key, middle, ca_key, 1, far);
    make_signer(SIGNER_ROOT_LEAF, name, other_key, NULL, other_key, -DAY_S, far);
    signers[SIGNER_CA].certificate = middle;
    signers[SIGNER_CA].key = ca_key;
    merchant = signers[SIGNER_MERCHANT].certificate;
    return 0;
}

int union_drop_keys(void **state)
{
    (void)state;
    X509 *const certificates[] = {root, foreign_root, foreign_middle};
    for (size_t i = 0; i < ARRAY_SIZE(certificates); i++)
        X509_free(certificates[i]);
    for (size_t i = 0; i < SIGNERS; i++)
        X509_free(signers[i].certificate);
    EVP_PKEY_free(ca_key);
    EVP_PKEY_free(unionpay_key);
    EVP_PKEY_free(other_key);
    return 0;
}

/* -- files --------------------------------------------------------------------------------------------------------- */

void union_write(const struct union_workshop *workshop, const char *name, const void *data, size_t size, unsigned mode)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", workshop->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fchmod(fileno(file), mode), 0);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void write_pem(const struct union_workshop *workshop, const char *name, X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_X509(bio, certificate), 1);
    char *text;
    long size = BIO_get_mem_data(bio, &text);
    union_write(workshop, name, text, (size_t)size, 0644);
    BIO_free(bio);
}

/* As the test environment's: 3DES, 2000 rounds, the chain in it as well. */
static void write_pfx(const struct union_workshop *workshop)
{
    STACK_OF(X509) *chain = sk_X509_new_null();
    sk_X509_push(chain, middle);
    sk_X509_push(chain, root);
    PKCS12 *file = PKCS12_create(PASSWORD, "merchant", other_key, merchant, chain,
                                 NID_pbe_WithSHA1And3_Key_TripleDES_CBC, NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 2000,
                                 2000, 0);
    assert_non_null(file);
    unsigned char *der = NULL;
    int size = i2d_PKCS12(file, &der);
    union_write(workshop, "merchant.pfx", der, (size_t)size, 0600);
    OPENSSL_free(der);
    PKCS12_free(file);
    sk_X509_free(chain);
}

int union_open(void **state)
{
    struct union_workshop *workshop = calloc(1, sizeof(*workshop));
    workshop->arena = arena_new();
    fault_init(&workshop->fault, workshop->arena);
    workshop->now_us = CHAIN_NOT_OVER * CLOCK_SECOND_US;
    snprintf(workshop->folder, sizeof(workshop->folder), "/tmp/xuqi-unionpay-XXXXXX");
    assert_non_null(mkdtemp(workshop->folder));
    write_pem(workshop, "root.pem", root);
    write_pem(workshop, "middle.pem", middle);
    write_pfx(workshop);
    union_write(workshop, "password", PASSWORD "\n", sizeof(PASSWORD), 0600);
    workshop->settings = (struct settings){
        .folder = workshop->folder,
        .unionpay_merchant_id = OUR_MERCHANT,
        .unionpay_pfx_file = "merchant.pfx",
        .unionpay_password_file = "password",
        .unionpay_root_file = "root.pem",
        .unionpay_middle_file = "middle.pem",
        .unionpay_front_url = "https://gateway.95516.com/gateway/api/frontTransReq.do",
        .unionpay_query_url = "https://gateway.95516.com/gateway/api/queryTrans.do",
        .unionpay_back_url = "https://gateway.95516.com/gateway/api/backTransReq.do"};
    assert_int_equal(unionpay_load(&workshop->settings, true, workshop->arena, &workshop->unionpay), OK);
    BIGNUM *serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(merchant), NULL);
    char *decimal = BN_bn2dec(serial);
    workshop->merchant_serial = arena_text(workshop->arena, decimal);
    OPENSSL_free(decimal);
    BN_free(serial);
    *state = workshop;
    return 0;
}

int union_close(void **state)
{
    struct union_workshop *workshop = *state;
    static const char *const names[] = {"root.pem", "middle.pem", "merchant.pfx", "password", "other"};
    char path[128];
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", workshop->folder, names[i]);
        unlink(path);
    }
    rmdir(workshop->folder);
    unionpay_free(workshop->unionpay);
    arena_free(workshop->arena);
    free(workshop);
    return 0;
}

/* -- messages ------------------------------------------------------------------------------------------------------ */

const char *signer_pem(struct union_workshop *workshop, enum signer signer)
{
    BIO *bio = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_X509(bio, signers[signer].certificate), 1);
    char *text, *crlf = arena_alloc(workshop->arena, PEM_SIZE_MAX), *at = crlf;
    long size = BIO_get_mem_data(bio, &text);
    for (long i = 0; i + 1 < size; i++) { /* without the last line end */
        if (text[i] == '\n')
            *at++ = '\r';
        *at++ = text[i];
    }
    BIO_free(bio);
    return crlf;
}

void field_set(struct form_fields *fields, const char *name, const char *value)
{
    size_t i = 0;
    while (i < fields->count && strcmp(fields->items[i].name, name) != 0)
        i++;
    if (value == NULL) {
        assert_true(i < fields->count);
        fields->items[i] = fields->items[--fields->count];
        return;
    }
    assert_true(i < FIELDS_MAX);
    fields->items[i] = (struct form_field){name, value};
    fields->count += i == fields->count;
}

static struct form_fields copy(struct union_workshop *workshop, const struct form_field *fields, size_t count)
{
    struct form_fields made = {arena_alloc(workshop->arena, FIELDS_MAX * sizeof(struct form_field)), count};
    memcpy(made.items, fields, count * sizeof(struct form_field));
    return made;
}

struct form_fields union_notice(struct union_workshop *workshop)
{
    static const struct form_field fields[] = {
        {"accNo", "622609******0048"},
        {"accessType", "0"},
        {"bizType", "000201"},
        {"currencyCode", "156"},
        {"encoding", "UTF-8"},
        {"merId", OUR_MERCHANT},
        {"orderId", OUR_ORDER},
        {"payCardType", "01"},
        {"payType", "0001"},
        {"queryId", "202611211305091234567"},
        {"reqReserved", ""},
        {"respCode", "00"},
        {"respMsg", "成功[0000000]"},
        {"settleAmt", "20000"},
        {"settleCurrencyCode", "156"},
        {"settleDate", "1121"},
        {"signMethod", "01"},
        {"traceNo", "234567"},
        {"traceTime", "1121130509"},
        {"txnAmt", "20000"},
        {"txnSubType", "01"},
        {"txnTime", OUR_TXN_TIME},
        {"txnType", "01"},
        {"version", "5.1.0"},
    };
    return copy(workshop, fields, ARRAY_SIZE(fields));
}

struct form_fields union_answer(struct union_workshop *workshop)
{
    struct form_fields fields = union_notice(workshop);
    field_set(&fields, "txnType", "00");
    field_set(&fields, "txnSubType", "00");
    field_set(&fields, "origRespCode", "00");
    field_set(&fields, "origRespMsg", "交易成功");
    return fields;
}

/* The text once more, without the code under test: sorted, non-empty, hashed twice. */
static struct bytes text_of(struct union_workshop *workshop, const struct form_fields *fields)
{
    struct form_fields kept = {arena_alloc(workshop->arena, FIELDS_MAX * sizeof(struct form_field)), 0};
    for (size_t i = 0; i < fields->count; i++)
        if (fields->items[i].value[0] != '\0' && strcmp(fields->items[i].name, "signature") != 0)
            kept.items[kept.count++] = fields->items[i];
    form_sort(&kept);
    struct bytes joined = form_join(&kept, workshop->arena);
    unsigned char digest[EVP_MAX_MD_SIZE];
    assert_int_equal(EVP_Digest(joined.data, joined.size, digest, NULL, EVP_sha256(), NULL), 1);
    char *hex = arena_alloc(workshop->arena, 2 * SHA256_SIZE + 1);
    for (size_t i = 0; i < SHA256_SIZE; i++)
        sprintf(hex + 2 * i, "%02x", digest[i]);
    return bytes_of_text(hex);
}

struct form_fields signed_by(struct union_workshop *workshop, const struct form_fields *fields, enum signer signer)
{
    struct form_fields all = copy(workshop, fields->items, fields->count);
    field_set(&all, "signPubKeyCert", signer_pem(workshop, signer));
    struct bytes text = text_of(workshop, &all);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char signature[KEY_BITS / 8];
    size_t size = sizeof(signature);
    assert_int_equal(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, signers[signer].key), 1);
    assert_int_equal(EVP_DigestSign(context, signature, &size, text.data, text.size), 1);
    EVP_MD_CTX_free(context);
    field_set(&all, "signature", base64_encode(workshop->arena, (struct bytes){signature, size}));
    return all;
}

struct bytes plain_text(struct union_workshop *workshop, const struct form_fields *fields)
{
    struct form_fields sorted = copy(workshop, fields->items, fields->count);
    form_sort(&sorted);
    return form_join(&sorted, workshop->arena);
}

bool merchant_signed(struct union_workshop *workshop, const struct form_fields *fields)
{
    struct bytes text = text_of(workshop, fields), signature;
    const char *encoded = form_value(fields, "signature");
    assert_true(base64_decode(workshop->arena, encoded, strlen(encoded), &signature));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, other_key) == 1 &&
                EVP_DigestVerify(context, signature.data, signature.size, text.data, text.size) == 1;
    EVP_MD_CTX_free(context);
    return good && strcmp(form_value(fields, "certId"), workshop->merchant_serial) == 0;
}
