/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/certificate.h"

#include "base/clock.h"
#include "base/text.h"
#include "pki/der.h"
#include "pki/digest.h"
#include "pki/library.h"
#include "pki/public_key.h"
#include "pki/x509.h"

#include <string.h>
#include <time.h>

#define PEM_LINE 64

static enum err decode(struct bytes der, OSSL_LIB_CTX *library, X509 **out)
{
    OPENSSL_QUIET;
    ENSURE(der.size > 0 && der.size <= CERTIFICATE_SIZE_MAX && der_valid(der), ERR_CERTIFICATE_MALFORMED);
    const unsigned char *at = der.data;
    AUTO(X509) *certificate = X509_new_ex(library, NULL);
    openssl_must(certificate != NULL, "X509_new_ex");
    ENSURE(d2i_X509(&certificate, &at, (long)der.size) != NULL && at == der.data + der.size, ERR_CERTIFICATE_MALFORMED);
    *out = TAKE(certificate);
    return OK;
}

enum err x509_decode(struct bytes der, X509 **out)
{
    return decode(der, library_for_structures(), out);
}

enum err x509_decode_with_key(struct bytes der, X509 **out)
{
    return decode(der, NULL, out); /* the default library: keys of any kind */
}

static struct bytes octets(struct arena *arena, const ASN1_STRING *string)
{
    if (string == NULL)
        return (struct bytes){0};
    return arena_bytes(arena, ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string));
}

bool x509_signature_valid(struct bytes spki, struct bytes message, struct bytes signature)
{
    OPENSSL_QUIET;
    AUTO(EVP_PKEY) *key = public_key_kept(spki);
    return key != NULL && public_key_verifies(key, message, signature);
}

/* RFC 5280 4.1.2.2: positive. */
static enum err read_serial(struct arena *arena, X509 *certificate, const char **serial)
{
    const ASN1_INTEGER *number = X509_get0_serialNumber(certificate);
    ENSURE(ASN1_STRING_type(number) == V_ASN1_INTEGER, ERR_CERTIFICATE_MALFORMED);
    char *text = hex_encode(arena, octets(arena, number));
    while (text[0] == '0' && text[1] != '\0')
        text++;
    *serial = text;
    return OK;
}

/* An attribute of the subject as UTF-8, "" if absent. Of several the last, which is the most specific. */
static enum err read_attribute(struct arena *arena, const X509_NAME *name, int nid, const char **text)
{
    int last = -1;
    for (int i = X509_NAME_get_index_by_NID(name, nid, -1); i >= 0; i = X509_NAME_get_index_by_NID(name, nid, i))
        last = i;
    if (last < 0) {
        *text = "";
        return OK;
    }
    unsigned char *utf8 = NULL;
    int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
    char *copy = size >= 0 ? arena_text_n(arena, (const char *)utf8, (size_t)size) : NULL;
    OPENSSL_free(utf8);
    ENSURE(copy != NULL && utf8_valid(copy, (size_t)size), ERR_CERTIFICATE_MALFORMED);
    *text = copy;
    return OK;
}

static enum err read_name(struct arena *arena, X509 *certificate, struct certificate *out)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    const unsigned char *der;
    size_t size;
    ENSURE(X509_NAME_get0_der(name, &der, &size) == 1, ERR_CERTIFICATE_MALFORMED);
    out->subject_der = arena_bytes(arena, der, size);
    TRY(read_attribute(arena, name, NID_commonName, &out->common_name));
    TRY(read_attribute(arena, name, NID_organizationName, &out->organisation));
    AUTO(BIO) *bio = BIO_new(BIO_s_mem());
    /* RFC 2253, but Chinese stays readable. */
    ENSURE(bio != NULL && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0,
           ERR_CERTIFICATE_MALFORMED);
    char *text;
    long length = BIO_get_mem_data(bio, &text);
    ENSURE(utf8_valid(text, (size_t)length), ERR_CERTIFICATE_MALFORMED);
    out->subject = arena_text_n(arena, text, (size_t)length);
    return OK;
}

static enum err read_time(const ASN1_TIME *time, int64_t *unix_us)
{
    struct tm civil;
    ENSURE(ASN1_TIME_to_tm(time, &civil) == 1, ERR_CERTIFICATE_MALFORMED);
    *unix_us = (int64_t)timegm(&civil) * CLOCK_SECOND_US;
    return OK;
}

static enum err read_key(struct arena *arena, X509 *certificate, struct certificate *out)
{
    unsigned char *der = NULL;
    int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    ENSURE(size > 0, ERR_CERTIFICATE_MALFORMED);
    out->spki = arena_bytes(arena, der, (size_t)size);
    OPENSSL_free(der);
    out->spki_sha256 = sha256(arena, out->spki);
    return OK;
}

enum err x509_read(struct arena *arena, X509 *certificate, struct bytes der, struct certificate *out)
{
    OPENSSL_QUIET;
    struct certificate read = {.der = arena_bytes(arena, der.data, der.size)};
    read.fingerprint = sha256(arena, der);
    TRY(read_serial(arena, certificate, &read.serial));
    TRY(read_name(arena, certificate, &read));
    TRY(read_time(X509_get0_notBefore(certificate), &read.not_before_us));
    TRY(read_time(X509_get0_notAfter(certificate), &read.not_after_us));
    TRY(read_key(arena, certificate, &read));
    read.key_id = octets(arena, X509_get0_subject_key_id(certificate));
    read.issuer_key_id = octets(arena, X509_get0_authority_key_id(certificate));
    read.may_sign = (X509_get_key_usage(certificate) & KU_DIGITAL_SIGNATURE) != 0; /* all bits when absent */
    *out = read;
    return OK;
}

enum err certificate_parse(struct arena *arena, struct bytes der, struct certificate *out)
{
    AUTO(X509) *certificate = NULL;
    TRY(x509_decode(der, &certificate));
    return x509_read(arena, certificate, der, out);
}

const char *certificate_serial_decimal(struct arena *arena, const struct certificate *certificate)
{
    BIGNUM *parsed = NULL;
    openssl_must(BN_hex2bn(&parsed, certificate->serial) > 0, "BN_hex2bn");
    AUTO(BIGNUM) *number = parsed;
    char *text = BN_bn2dec(number);
    openssl_must(text != NULL, "BN_bn2dec");
    const char *copy = arena_text(arena, text);
    OPENSSL_free(text);
    return copy;
}

char *certificate_pem(struct arena *arena, struct bytes der)
{
    static const char head[] = "-----BEGIN CERTIFICATE-----\n", tail[] = "-----END CERTIFICATE-----\n";
    const char *text = base64_encode(arena, der);
    size_t size = strlen(text);
    char *pem = arena_alloc(arena, sizeof(head) + sizeof(tail) + size + size / PEM_LINE + 2);
    char *at = stpcpy(pem, head);
    for (size_t i = 0; i < size; i += PEM_LINE) {
        size_t line = size - i < PEM_LINE ? size - i : PEM_LINE;
        at = mempcpy(at, text + i, line);
        *at++ = '\n';
    }
    memcpy(at, tail, sizeof(tail));
    return pem;
}
