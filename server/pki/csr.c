/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/csr.h"

#include "pki/der.h"
#include "pki/digest.h"
#include "pki/key.h"
#include "pki/openssl.h"
#include "pki/pem.h"

#include <string.h>

#define CSR_SIZE_MAX 16384

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
    AUTO(X509_REQ) *request = der_valid(der) ? d2i_X509_REQ(NULL, &at, (long)der.size) : NULL;
    if (request == NULL || at != der.data + der.size)
        return malformed(fault, "CSR不是DER编码的PKCS#10", "Not a PKCS#10 request in DER");
    if (X509_REQ_get_version(request) != X509_REQ_VERSION_1)
        return malformed(fault, "CSR版本必须是1（RFC 2986第4.1节）", "The version must be 1 (RFC 2986 section 4.1)");
    *out = TAKE(request);
    return OK;
}

/* The numbers, after the form has been found good: a composite modulus without small factors, a point on the curve. */
static bool numbers_good(X509_REQ *request)
{
    AUTO(EVP_PKEY_CTX) *ctx = EVP_PKEY_CTX_new(X509_REQ_get0_pubkey(request), NULL);
    return ctx != NULL && EVP_PKEY_public_check_quick(ctx) == 1;
}

static enum err check_key(struct arena *arena, X509_REQ *request, struct fault *fault, struct bytes *spki)
{
    unsigned char *der = NULL;
    int size = i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(request), &der);
    openssl_must(size > 0, "i2d_X509_PUBKEY");
    *spki = arena_bytes(arena, der, (size_t)size);
    OPENSSL_free(der);
    if (key_kind(*spki) == KEY_REFUSED || !numbers_good(request))
        return fault_explain(fault, ERR_CSR_KEY_REFUSED, "密钥必须是RSA 2048至4096位（e=65537）或P-256",
                             "The key must be RSA of 2048 to 4096 bits with e=65537, or P-256");
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
static enum err check_signature(X509_REQ *request, struct fault *fault)
{
    const X509_ALGOR *algorithm;
    X509_REQ_get0_signature(request, NULL, &algorithm);
    if (!algorithm_accepted(algorithm))
        return fault_explain(fault, ERR_CSR_SIGNATURE_INVALID, "CSR必须以SHA-256或更强的摘要签名",
                             "The CSR must be signed with SHA-256 or better");
    ENSURE(X509_REQ_verify(request, X509_REQ_get0_pubkey(request)) == 1, ERR_CSR_SIGNATURE_INVALID);
    return OK;
}

enum err csr_parse(struct arena *arena, struct bytes text, struct fault *fault, struct csr *out)
{
    OPENSSL_QUIET;
    AUTO(X509_REQ) *request = NULL;
    struct csr read;
    TRY(read_text(arena, text, fault, &read.der));
    TRY(decode(read.der, fault, &request));
    TRY(check_key(arena, request, fault, &read.spki));
    TRY(check_signature(request, fault));
    read.spki_sha256 = sha256(arena, read.spki);
    *out = read;
    return OK;
}
