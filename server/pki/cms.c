/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL decodes and verifies; what it would let pass and a strict reading of RFC 5652 does not is refused here, each
 * with the rule it breaks. */
#include "pki/cms.h"

#include "pki/der.h"
#include "pki/library.h"
#include "pki/x509.h"

#define CMS_SIZE_MAX         262144
#define CMS_CERTIFICATES_MAX 8

typedef STACK_OF(X509) certificates;

static void free_certificates(certificates *stack)
{
    sk_X509_pop_free(stack, X509_free);
}
DEFINE_CLEANUP(certificates, free_certificates)

/* Digests that are still collision resistant, and signature algorithms that say nothing else. RSA-PSS is not among
 * them: no token driver in use makes it, and its parameters would be one more thing to get wrong. */
static const int digest_nids[] = {NID_sha256, NID_sha384, NID_sha512};
static const struct signature_algorithm {
    int nid;
    int digest_nid; /* NID_undef: the SignerInfo's digestAlgorithm says it (RFC 3370 3.2) */
} signature_algorithms[] = {
    {NID_rsaEncryption, NID_undef},
    {NID_sha256WithRSAEncryption, NID_sha256},
    {NID_sha384WithRSAEncryption, NID_sha384},
    {NID_sha512WithRSAEncryption, NID_sha512},
    {NID_ecdsa_with_SHA256, NID_sha256},
    {NID_ecdsa_with_SHA384, NID_sha384},
    {NID_ecdsa_with_SHA512, NID_sha512},
};

static enum err malformed(struct fault *fault, const char *zh, const char *en)
{
    return fault_explain(fault, ERR_CMS_MALFORMED, zh, en);
}

static enum err decode(struct bytes der, struct fault *fault, CMS_ContentInfo **out)
{
    if (der.size == 0 || der.size > CMS_SIZE_MAX)
        return malformed(fault, "SignedData为空或超过256 kB", "The SignedData is empty or larger than 256 kB");
    if (!der_valid(der))
        return malformed(fault, "SignedData不是DER编码（不接受BER不定长编码、PEM或多余字节）",
                         "Not DER: BER's indefinite lengths, PEM and trailing bytes are refused");
    const unsigned char *at = der.data;
    AUTO(CMS_ContentInfo) *cms = CMS_ContentInfo_new_ex(library_for_keys(), NULL);
    openssl_must(cms != NULL, "CMS_ContentInfo_new_ex");
    if (d2i_CMS_ContentInfo(&cms, &at, (long)der.size) == NULL || at != der.data + der.size ||
        OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
        return malformed(fault, "内容不是SignedData（RFC 5652第5节）", "Not a SignedData (RFC 5652 section 5)");
    *out = TAKE(cms);
    return OK;
}

/* Content of type id-data inside. Without signed attributes, content that is itself a SET could be somebody's signed
 * attributes passed off as content, since both are hashed alike (RFC 5652 5.4); an application never starts so. */
static enum err read_content(CMS_ContentInfo *cms, const CMS_SignerInfo *signer, struct fault *fault,
                             struct bytes *content)
{
    ASN1_OCTET_STRING **held = CMS_get0_content(cms);
    if (OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_pkcs7_data || held == NULL || *held == NULL ||
        ASN1_STRING_length(*held) == 0)
        return malformed(fault, "SignedData必须包含原文（类型为data）",
                         "The signed content of type data must be inside");
    struct bytes inside = {ASN1_STRING_get0_data(*held), (size_t)ASN1_STRING_length(*held)};
    if (CMS_signed_get_attr_count(signer) <= 0 && inside.data[0] == DER_SET)
        return malformed(fault, "原文不能是ASN.1 SET", "The content may not be an ASN.1 SET");
    *content = inside;
    return OK;
}

static bool digest_accepted(int nid)
{
    for (size_t i = 0; i < ARRAY_SIZE(digest_nids); i++)
        if (digest_nids[i] == nid)
            return true;
    return false;
}

static bool signature_accepted(int nid, int digest_nid)
{
    for (size_t i = 0; i < ARRAY_SIZE(signature_algorithms); i++)
        if (signature_algorithms[i].nid == nid)
            return signature_algorithms[i].digest_nid == NID_undef || signature_algorithms[i].digest_nid == digest_nid;
    return false;
}

static enum err check_algorithms(CMS_SignerInfo *signer, struct fault *fault)
{
    X509_ALGOR *digest, *signature;
    CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &signature);
    const ASN1_OBJECT *digest_oid, *signature_oid;
    X509_ALGOR_get0(&digest_oid, NULL, NULL, digest);
    X509_ALGOR_get0(&signature_oid, NULL, NULL, signature);
    int digest_nid = OBJ_obj2nid(digest_oid);
    if (!digest_accepted(digest_nid))
        return malformed(fault, "摘要算法必须是SHA-256、SHA-384或SHA-512",
                         "The digest must be SHA-256, SHA-384 or SHA-512");
    if (!signature_accepted(OBJ_obj2nid(signature_oid), digest_nid))
        return malformed(fault, "签名算法必须是RSA（PKCS#1 v1.5）或ECDSA，且与摘要算法一致",
                         "The signature must be RSA (PKCS#1 v1.5) or ECDSA and agree with the digest");
    return OK;
}

/* RFC 5652 11.1: the content-type attribute equals the type of the content. OpenSSL checks message-digest itself. */
static enum err check_attributes(const CMS_SignerInfo *signer, struct fault *fault)
{
    if (CMS_signed_get_attr_count(signer) <= 0)
        return OK;
    const ASN1_OBJECT *type = CMS_signed_get0_data_by_OBJ((CMS_SignerInfo *)(uintptr_t)signer,
                                                          OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT);
    if (type == NULL || OBJ_obj2nid(type) != NID_pkcs7_data)
        return malformed(fault, "签名属性中的content-type与原文不符",
                         "The content-type among the signed attributes is not the content's");
    return OK;
}

/* The certificate that SignerInfo names, exactly one of those inside. */
static enum err find_signer(CMS_ContentInfo *cms, CMS_SignerInfo *signer, struct fault *fault, X509 **out)
{
    AUTO(certificates) *inside = CMS_get1_certs(cms);
    X509 *named = NULL;
    int count = sk_X509_num(inside); /* -1 for NULL */
    if (count > CMS_CERTIFICATES_MAX)
        return malformed(fault, "SignedData中的证书超过8张", "More than 8 certificates inside");
    for (int i = 0; i < count; i++) {
        X509 *certificate = sk_X509_value(inside, i);
        if (CMS_SignerInfo_cert_cmp(signer, certificate) != 0)
            continue;
        if (named != NULL)
            return malformed(fault, "签名者证书重复", "Two certificates fit the signer");
        named = certificate;
    }
    if (named == NULL)
        return malformed(fault, "SignedData必须包含签名者证书", "The signer's certificate must be inside");
    openssl_must(X509_up_ref(named) == 1, "X509_up_ref");
    *out = named;
    return OK;
}

static enum err only_signer(CMS_ContentInfo *cms, struct fault *fault, CMS_SignerInfo **out)
{
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
    if (sk_CMS_SignerInfo_num(signers) != 1)
        return malformed(fault, "必须恰好有一个签名者", "There must be exactly one signer");
    *out = sk_CMS_SignerInfo_value(signers, 0);
    return OK;
}

static enum err parse_signer(struct arena *arena, X509 *certificate, struct fault *fault, struct certificate *out)
{
    unsigned char *der = NULL;
    int size = i2d_X509(certificate, &der);
    enum err err = size > 0 && size <= CERTIFICATE_SIZE_MAX
                       ? x509_read(arena, certificate, (struct bytes){der, (size_t)size}, out)
                       : ERR_CMS_MALFORMED;
    OPENSSL_free(der);
    if (err != OK)
        return malformed(fault, "签名者证书格式错误", "The signer's certificate cannot be read");
    return OK;
}

static enum err verify(CMS_ContentInfo *cms, CMS_SignerInfo *signer, X509 *certificate)
{
    CMS_SignerInfo_set1_signer_cert(signer, certificate);
    /* CMS_NOINTERN: the certificate is the one chosen above. Whom it belongs to is trust_check's question. */
    unsigned flags = CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY | CMS_NOINTERN;
    ENSURE(CMS_verify(cms, NULL, NULL, NULL, NULL, flags) == 1, ERR_CMS_SIGNATURE_INVALID);
    return OK;
}

static enum err verify_all(struct arena *arena, struct bytes der, const struct trust *trust, struct fault *fault,
                           struct signed_content *out)
{
    OPENSSL_QUIET;
    AUTO(CMS_ContentInfo) *cms = NULL;
    AUTO(X509) *certificate = NULL;
    CMS_SignerInfo *signer = NULL;
    struct signed_content read;
    TRY(decode(der, fault, &cms));
    TRY(only_signer(cms, fault, &signer));
    TRY(read_content(cms, signer, fault, &read.content));
    TRY(check_algorithms(signer, fault));
    TRY(check_attributes(signer, fault));
    TRY(find_signer(cms, signer, fault, &certificate));
    TRY(parse_signer(arena, certificate, fault, &read.signer));
    TRY(verify(cms, signer, certificate));
    if (trust != NULL)
        TRY(x509_trusted(trust, certificate));
    read.content = arena_bytes(arena, read.content.data, read.content.size);
    *out = read;
    return OK;
}

enum err cms_verify(struct arena *arena, struct bytes der, struct fault *fault, struct signed_content *out)
{
    return verify_all(arena, der, NULL, fault, out);
}

enum err cms_verify_trusted(struct arena *arena, struct bytes der, const struct trust *trust, struct fault *fault,
                            struct signed_content *out)
{
    return verify_all(arena, der, trust, fault, out);
}
