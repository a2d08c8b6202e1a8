/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/csr.h"

#include "pki/der.h"
#include "pki/digest.h"
#include "pki/library.h"
#include "pki/openssl.h"
#include "pki/pem.h"
#include "pki/public_key.h"

#include <openssl/core_names.h>
#include <string.h>

#define CSR_SIZE_MAX 16384
#define FACTOR_MAX   751 /* as NIST SP 800-89 5.3.3 asks */

static enum err malformed(struct fault *fault, const char *zh, const char *en)
{
    return fault_explain(fault, ERR_CSR_MALFORMED, zh, en);
}

/* RFC 7468 7: the second label is Netscape's, and still written by some drivers. */
static bool label_accepted(const char *label)
{
    return strcmp(label, "CERTIFICATE REQUEST") == 0 || strcmp(label, "NEW CERTIFICATE REQUEST") == 0;
}

static enum err read_text(struct arena *arena, struct bytes text, struct fault *fault, struct bytes *der)
{
    if (text.size == 0 || text.size > CSR_SIZE_MAX)
        return malformed(fault, "CSR为空或超过16 kB", "The CSR is empty or larger than 16 kB");
    if (!pem_looks_like(text)) {
        *der = arena_bytes(arena, text.data, text.size);
        return OK;
    }
    const char *label;
    if (!pem_decode(arena, text, &label, der) || !label_accepted(label))
        return malformed(fault, "PEM中必须恰好有一个CERTIFICATE REQUEST", "The PEM must be one CERTIFICATE REQUEST");
    return OK;
}

static enum err decode(struct bytes der, struct fault *fault, X509_REQ **out)
{
    const unsigned char *at = der.data;
    AUTO(X509_REQ) *request = NULL;
    if (der_valid(der)) /* d2i_X509_REQ takes no library context */
        request = (X509_REQ *)ASN1_item_d2i_ex(NULL, &at, (long)der.size, ASN1_ITEM_rptr(X509_REQ),
                                               library_for_structures(), NULL);
    if (request == NULL || at != der.data + der.size)
        return malformed(fault, "CSR不是DER编码的PKCS#10", "Not a PKCS#10 request in DER");
    if (X509_REQ_get_version(request) != X509_REQ_VERSION_1)
        return malformed(fault, "CSR版本必须是1（RFC 2986第4.1节）", "The version must be 1 (RFC 2986 section 4.1)");
    *out = TAKE(request);
    return OK;
}

/* What a broken generator makes. That the point of an EC key is on its curve has been checked by decoding it. A full
 * test for primes would cost the issuer more than the signature, and a bad key harms only its owner. */
static bool has_small_factor(const EVP_PKEY *key)
{
    AUTO(BIGNUM) *modulus = NULL;
    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus) != 1)
        return true;
    for (BN_ULONG divisor = 3; divisor <= FACTOR_MAX; divisor += 2)
        if (BN_mod_word(modulus, divisor) == 0)
            return true;
    return false;
}

static enum err check_key(struct arena *arena, X509_REQ *request, struct fault *fault, struct bytes *spki,
                          EVP_PKEY **key)
{
    unsigned char *der = NULL;
    int size = i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(request), &der);
    openssl_must(size > 0, "i2d_X509_PUBKEY");
    *spki = arena_bytes(arena, der, (size_t)size);
    OPENSSL_free(der);
    AUTO(EVP_PKEY) *read = public_key_new(*spki);
    if (read == NULL || (EVP_PKEY_is_a(read, "RSA") && has_small_factor(read)))
        return fault_explain(fault, ERR_CSR_KEY_REFUSED, "密钥必须是RSA 2048至4096位（e=65537）或P-256",
                             "The key must be RSA of 2048 to 4096 bits with e=65537, or P-256");
    *key = TAKE(read);
    return OK;
}

static bool algorithm_accepted(const X509_ALGOR *algorithm)
{
    static const int accepted[] = {NID_sha256WithRSAEncryption, NID_sha384WithRSAEncryption,
                                   NID_sha512WithRSAEncryption, NID_ecdsa_with_SHA256,
                                   NID_ecdsa_with_SHA384,       NID_ecdsa_with_SHA512};
    const ASN1_OBJECT *oid;
    int parameters;
    X509_ALGOR_get0(&oid, &parameters, NULL, algorithm);
    if (parameters != V_ASN1_NULL && parameters != V_ASN1_UNDEF)
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(accepted); i++)
        if (OBJ_obj2nid(oid) == accepted[i])
            return true;
    return false;
}

/* RFC 2986 4.2: the signature proves that the sender holds the private key. */
static enum err check_signature(X509_REQ *request, EVP_PKEY *key, struct fault *fault)
{
    const X509_ALGOR *algorithm;
    X509_REQ_get0_signature(request, NULL, &algorithm);
    if (!algorithm_accepted(algorithm))
        return fault_explain(fault, ERR_CSR_SIGNATURE_INVALID, "CSR必须以SHA-256或更强的摘要签名",
                             "The CSR must be signed with SHA-256 or better");
    ENSURE(X509_REQ_verify_ex(request, key, library_for_keys(), NULL) == 1, ERR_CSR_SIGNATURE_INVALID);
    return OK;
}

enum err csr_parse(struct arena *arena, struct bytes text, struct fault *fault, struct csr *out)
{
    OPENSSL_QUIET;
    AUTO(X509_REQ) *request = NULL;
    AUTO(EVP_PKEY) *key = NULL;
    struct csr read;
    TRY(read_text(arena, text, fault, &read.der));
    TRY(decode(read.der, fault, &request));
    TRY(check_key(arena, request, fault, &read.spki, &key));
    TRY(check_signature(request, key, fault));
    read.spki_sha256 = sha256(arena, read.spki);
    *out = read;
    return OK;
}
