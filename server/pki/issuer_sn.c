/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/issuer_sn.h"

#include "base/text.h"
#include "pki/openssl.h"

#include <openssl/objects.h>
#include <string.h>

#define RSA_ARC     "1.2.840.113549.1.1." /* pkcs-1 */
#define OID_SIZE    80
#define DIGEST_SIZE 16

static bool rsa_signed(const X509 *certificate)
{
    char oid[OID_SIZE];
    const X509_ALGOR *algorithm;
    X509_get0_signature(NULL, &algorithm, certificate);
    const ASN1_OBJECT *object;
    X509_ALGOR_get0(&object, NULL, NULL, algorithm);
    return OBJ_obj2txt(oid, sizeof(oid), object, 1) > 0 && strncmp(oid, RSA_ARC, strlen(RSA_ARC)) == 0;
}

/* CN first, no spaces, characters beyond ASCII as they are: as Alipay's own tools write it. */
static const char *issuer_text(const X509 *certificate, struct arena *arena)
{
    AUTO(BIO) *out = BIO_new(BIO_s_mem());
    openssl_must(out != NULL && X509_NAME_print_ex(out, X509_get_issuer_name(certificate), 0,
                                                   XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0,
                 "X509_NAME_print_ex");
    char *text;
    long size = BIO_get_mem_data(out, &text);
    return arena_text_n(arena, text, (size_t)size);
}

static const char *sn_of(X509 *certificate, struct arena *arena)
{
    AUTO(BIGNUM) *serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *decimal = serial == NULL ? NULL : BN_bn2dec(serial);
    openssl_must(decimal != NULL, "BN_bn2dec");
    const char *text = arena_format(arena, "%s%s", issuer_text(certificate, arena), decimal);
    OPENSSL_free(decimal);
    uint8_t digest[DIGEST_SIZE];
    openssl_must(EVP_Digest(text, strlen(text), digest, NULL, EVP_md5(), NULL) == 1, "EVP_Digest");
    return hex_encode(arena, (struct bytes){digest, sizeof(digest)});
}

enum err issuer_sn(struct bytes pem, bool rsa_only, struct arena *arena, const char **out)
{
    OPENSSL_QUIET;
    AUTO(BIO) *in = BIO_new_mem_buf(pem.data, (int)pem.size);
    openssl_must(in != NULL, "BIO_new_mem_buf");
    const char *joined = NULL;
    for (;;) {
        AUTO(X509) *certificate = PEM_read_bio_X509(in, NULL, NULL, NULL);
        if (certificate == NULL)
            break;
        if (!rsa_only || rsa_signed(certificate))
            joined = joined == NULL ? sn_of(certificate, arena)
                                    : arena_format(arena, "%s_%s", joined, sn_of(certificate, arena));
    }
    bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ENSURE(ended && joined != NULL, ERR_CERTIFICATE_MALFORMED);
    *out = joined;
    return OK;
}
