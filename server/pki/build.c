/* SPDX-License-Identifier: Apache-2.0 */
/* The TBSCertificate of a profile, made with OpenSSL's encoder. lint.c looks at it with other eyes. */
#include "base/clock.h"
#include "base/log.h"
#include "pki/key.h"
#include "pki/profile.h"
#include "pki/usage.h"
#include "pki/x509.h"

#define SERIAL_SIZE_MAX 20

DEFINE_CLEANUP(ASN1_INTEGER, ASN1_INTEGER_free)
DEFINE_CLEANUP(ASN1_OCTET_STRING, ASN1_OCTET_STRING_free)
DEFINE_CLEANUP(ASN1_TIME, ASN1_TIME_free)
DEFINE_CLEANUP(AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free)
DEFINE_CLEANUP(CERTIFICATEPOLICIES, CERTIFICATEPOLICIES_free)
DEFINE_CLEANUP(CRL_DIST_POINTS, CRL_DIST_POINTS_free)
DEFINE_CLEANUP(EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free)

/* -- fields ------------------------------------------------------------------------------------------------------- */

static enum err set_serial(X509 *certificate, struct bytes serial)
{
    ENSURE(serial.size > 0 && serial.size <= SERIAL_SIZE_MAX, ERR_LINT_REFUSED);
    AUTO(BIGNUM) *number = BN_bin2bn(serial.data, (int)serial.size, NULL);
    AUTO(ASN1_INTEGER) *integer = BN_to_ASN1_INTEGER(number, NULL);
    openssl_must(integer != NULL && X509_set_serialNumber(certificate, integer) == 1, "X509_set_serialNumber");
    return OK;
}

/* X509_NAME keeps the bytes it was decoded from and writes them again. */
static enum err decode_name(struct bytes der, X509_NAME **out)
{
    const unsigned char *at = der.data;
    AUTO(X509_NAME) *name = d2i_X509_NAME(NULL, &at, (long)der.size);
    ENSURE(name != NULL && at == der.data + der.size, ERR_LINT_REFUSED);
    *out = TAKE(name);
    return OK;
}

static enum err set_names(X509 *certificate, struct bytes issuer_der, struct bytes subject_der)
{
    AUTO(X509_NAME) *issuer = NULL, *subject = NULL;
    TRY(decode_name(issuer_der, &issuer));
    TRY(decode_name(subject_der, &subject));
    openssl_must(X509_set_issuer_name(certificate, issuer) == 1 && X509_set_subject_name(certificate, subject) == 1,
                 "X509_set_subject_name");
    return OK;
}

/* ASN1_TIME_set writes UTCTime until 2049 and GeneralizedTime from 2050 on (RFC 5280 4.1.2.5). */
static void set_times(X509 *certificate, int64_t not_before_us, int64_t not_after_us)
{
    AUTO(ASN1_TIME) *not_before = ASN1_TIME_set(NULL, (time_t)(not_before_us / CLOCK_SECOND_US));
    AUTO(ASN1_TIME) *not_after = ASN1_TIME_set(NULL, (time_t)(not_after_us / CLOCK_SECOND_US));
    openssl_must(not_before != NULL && not_after != NULL && X509_set1_notBefore(certificate, not_before) == 1 &&
                     X509_set1_notAfter(certificate, not_after) == 1,
                 "X509_set1_notAfter");
}

/* As bytes: set as a key it would be encoded, decoded and encoded again. */
static enum err set_key(X509 *certificate, struct bytes spki)
{
    struct bytes algorithm, key;
    enum key_kind kind = key_kind(spki);
    ENSURE(kind != KEY_REFUSED && key_parts(spki, &algorithm, &key), ERR_LINT_REFUSED);
    bool rsa = kind == KEY_RSA;
    unsigned char *bits = OPENSSL_memdup(key.data, key.size); /* the certificate owns it */
    openssl_must(bits != NULL &&
                     X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(certificate),
                                            OBJ_nid2obj(rsa ? NID_rsaEncryption : NID_X9_62_id_ecPublicKey),
                                            rsa ? V_ASN1_NULL : V_ASN1_OBJECT,
                                            rsa ? NULL : OBJ_nid2obj(NID_X9_62_prime256v1), bits, (int)key.size) == 1,
                 "X509_PUBKEY_set0_param");
    return OK;
}

/* OpenSSL sets the inner algorithm only while it signs itself; the key is in the token, so it is set here. */
static enum err set_algorithm(X509 *certificate, struct bytes issuer_spki)
{
    enum key_kind kind = key_kind(issuer_spki);
    ENSURE(kind != KEY_REFUSED, ERR_LINT_REFUSED);
    X509_ALGOR *algorithm = (X509_ALGOR *)(uintptr_t)X509_get0_tbs_sigalg(certificate);
    int nid = kind == KEY_RSA ? NID_sha256WithRSAEncryption : NID_ecdsa_with_SHA256;
    openssl_must(X509_ALGOR_set0(algorithm, OBJ_nid2obj(nid), kind == KEY_RSA ? V_ASN1_NULL : V_ASN1_UNDEF, NULL) == 1,
                 "X509_ALGOR_set0");
    return OK;
}

/* -- extensions --------------------------------------------------------------------------------------------------- */

static void add(X509 *certificate, int nid, void *value, bool critical)
{
    openssl_must(value != NULL && X509_add1_ext_i2d(certificate, nid, value, critical, X509V3_ADD_APPEND) == 1,
                 "X509_add1_ext_i2d");
}

static void add_basic_constraints(X509 *certificate)
{
    AUTO(BASIC_CONSTRAINTS) *value = BASIC_CONSTRAINTS_new(); /* cA FALSE, no pathLenConstraint */
    add(certificate, NID_basic_constraints, value, true);
}

static enum err add_key_usage(X509 *certificate, const struct profile *profile)
{
    AUTO(ASN1_BIT_STRING) *bits = ASN1_BIT_STRING_new();
    for (size_t i = 0; i < profile->key_usage_count; i++) {
        int bit = usage_index(key_usage_names, profile->key_usage[i]);
        ENSURE(bit >= 0, ERR_LINT_REFUSED);
        openssl_must(ASN1_BIT_STRING_set_bit(bits, bit, 1) == 1, "ASN1_BIT_STRING_set_bit");
    }
    add(certificate, NID_key_usage, bits, true);
    return OK;
}

static enum err add_extended_key_usage(X509 *certificate, const struct profile *profile)
{
    if (profile->extended_key_usage_count == 0)
        return OK;
    AUTO(EXTENDED_KEY_USAGE) *value = sk_ASN1_OBJECT_new_null();
    for (size_t i = 0; i < profile->extended_key_usage_count; i++) {
        ENSURE(usage_index(extended_key_usage_names, profile->extended_key_usage[i]) >= 0, ERR_LINT_REFUSED);
        ASN1_OBJECT *purpose = OBJ_nid2obj(OBJ_sn2nid(profile->extended_key_usage[i])); /* static, not owned */
        openssl_must(purpose != NULL && sk_ASN1_OBJECT_push(value, purpose) > 0, "sk_ASN1_OBJECT_push");
    }
    add(certificate, NID_ext_key_usage, value, false);
    return OK;
}

static enum err add_key_identifiers(struct arena *arena, X509 *certificate, const struct certificate *issuer,
                                    struct bytes spki)
{
    struct bytes own = key_identifier(arena, spki), above = issuer->key_id;
    ENSURE(own.size > 0 && above.size > 0, ERR_LINT_REFUSED);
    AUTO(ASN1_OCTET_STRING) *subject = ASN1_OCTET_STRING_new();
    AUTO(AUTHORITY_KEYID) *authority = AUTHORITY_KEYID_new();
    openssl_must(authority != NULL && (authority->keyid = ASN1_OCTET_STRING_new()) != NULL && subject != NULL &&
                     ASN1_OCTET_STRING_set(subject, own.data, (int)own.size) == 1 &&
                     ASN1_OCTET_STRING_set(authority->keyid, above.data, (int)above.size) == 1,
                 "ASN1_OCTET_STRING_set");
    add(certificate, NID_subject_key_identifier, subject, false);
    add(certificate, NID_authority_key_identifier, authority, false);
    return OK;
}

static GENERAL_NAME *address(const char *url)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_IA5STRING *text = ASN1_IA5STRING_new();
    openssl_must(name != NULL && text != NULL && ASN1_STRING_set(text, url, -1) == 1, "GENERAL_NAME_new");
    GENERAL_NAME_set0_value(name, GEN_URI, text);
    return name;
}

static void add_crl(X509 *certificate, const char *url)
{
    if (url[0] == '\0')
        return;
    AUTO(CRL_DIST_POINTS) *value = sk_DIST_POINT_new_null();
    DIST_POINT *point = DIST_POINT_new();
    openssl_must(point != NULL && sk_DIST_POINT_push(value, point) > 0, "DIST_POINT_new");
    point->distpoint = DIST_POINT_NAME_new();
    openssl_must(point->distpoint != NULL, "DIST_POINT_NAME_new");
    point->distpoint->type = 0; /* fullName */
    point->distpoint->name.fullname = sk_GENERAL_NAME_new_null();
    openssl_must(sk_GENERAL_NAME_push(point->distpoint->name.fullname, address(url)) > 0, "sk_GENERAL_NAME_push");
    add(certificate, NID_crl_distribution_points, value, false);
}

static void push_access(AUTHORITY_INFO_ACCESS *value, int method, const char *url)
{
    if (url[0] == '\0')
        return;
    ACCESS_DESCRIPTION *access = ACCESS_DESCRIPTION_new();
    openssl_must(access != NULL && sk_ACCESS_DESCRIPTION_push(value, access) > 0, "ACCESS_DESCRIPTION_new");
    access->method = OBJ_nid2obj(method);
    GENERAL_NAME_free(access->location);
    access->location = address(url);
}

static void add_access(X509 *certificate, const struct profile *profile)
{
    AUTO(AUTHORITY_INFO_ACCESS) *value = sk_ACCESS_DESCRIPTION_new_null();
    push_access(value, NID_ad_OCSP, profile->ocsp_url);
    push_access(value, NID_ad_ca_issuers, profile->issuer_url);
    if (sk_ACCESS_DESCRIPTION_num(value) > 0)
        add(certificate, NID_info_access, value, false);
}

static enum err add_policy(X509 *certificate, const char *oid)
{
    if (oid[0] == '\0')
        return OK;
    AUTO(CERTIFICATEPOLICIES) *value = sk_POLICYINFO_new_null();
    POLICYINFO *policy = POLICYINFO_new();
    openssl_must(policy != NULL && sk_POLICYINFO_push(value, policy) > 0, "POLICYINFO_new");
    policy->policyid = OBJ_txt2obj(oid, 1);
    ENSURE(policy->policyid != NULL, ERR_LINT_REFUSED);
    add(certificate, NID_certificate_policies, value, false);
    return OK;
}

static enum err add_extensions(struct arena *arena, X509 *certificate, const struct profile *profile,
                               const struct certificate *issuer, struct bytes spki)
{
    add_basic_constraints(certificate);
    TRY(add_key_usage(certificate, profile));
    TRY(add_extended_key_usage(certificate, profile));
    TRY(add_key_identifiers(arena, certificate, issuer, spki));
    add_crl(certificate, profile->crl_url);
    add_access(certificate, profile);
    return add_policy(certificate, profile->policy_oid);
}

/* -- the whole ---------------------------------------------------------------------------------------------------- */

enum err certificate_build(struct arena *arena, const struct profile *profile, const struct certificate *issuer,
                           const struct certificate_request *request, struct bytes *tbs)
{
    OPENSSL_QUIET;
    AUTO(X509) *certificate = X509_new();
    openssl_must(certificate != NULL && X509_set_version(certificate, X509_VERSION_3) == 1, "X509_new");
    TRY(set_serial(certificate, request->serial));
    TRY(set_names(certificate, issuer->subject_der, request->subject_der));
    set_times(certificate, request->not_before_us, request->not_after_us);
    TRY(set_key(certificate, request->spki));
    TRY(set_algorithm(certificate, issuer->spki));
    TRY(add_extensions(arena, certificate, profile, issuer, request->spki));
    unsigned char *der = NULL;
    int size = i2d_re_X509_tbs(certificate, &der);
    ENSURE(size > 0, ERR_INTERNAL);
    *tbs = arena_bytes(arena, der, (size_t)size);
    OPENSSL_free(der);
    return OK;
}
