/* SPDX-License-Identifier: Apache-2.0 */
/* How this room holds OpenSSL's objects. Included by the .c files of pki/ only, never by a header others see. */
#pragma once

#include "base/arena.h"
#include "base/cleanup.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdbool.h>

DEFINE_CLEANUP(ASN1_BIT_STRING, ASN1_BIT_STRING_free)
DEFINE_CLEANUP(AUTHORITY_KEYID, AUTHORITY_KEYID_free)
DEFINE_CLEANUP(BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free)
DEFINE_CLEANUP(BIGNUM, BN_free)
DEFINE_CLEANUP(BIO, BIO_free_all)
DEFINE_CLEANUP(CMS_ContentInfo, CMS_ContentInfo_free)
DEFINE_CLEANUP(EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)
DEFINE_CLEANUP(EVP_KDF, EVP_KDF_free)
DEFINE_CLEANUP(EVP_KDF_CTX, EVP_KDF_CTX_free)
DEFINE_CLEANUP(EVP_MAC_CTX, EVP_MAC_CTX_free)
DEFINE_CLEANUP(EVP_MD_CTX, EVP_MD_CTX_free)
DEFINE_CLEANUP(EVP_PKEY, EVP_PKEY_free)
DEFINE_CLEANUP(EVP_PKEY_CTX, EVP_PKEY_CTX_free)
DEFINE_CLEANUP(OSSL_PARAM, OSSL_PARAM_free)
DEFINE_CLEANUP(OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
DEFINE_CLEANUP(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
DEFINE_CLEANUP(X509, X509_free)
DEFINE_CLEANUP(X509_CRL, X509_CRL_free)
DEFINE_CLEANUP(X509_NAME, X509_NAME_free)
DEFINE_CLEANUP(X509_REQ, X509_REQ_free)
DEFINE_CLEANUP(X509_STORE_CTX, X509_STORE_CTX_free)

/* What cannot fail unless the library or the machine is broken: aborts. */
NORETURN void openssl_broken(const char *what);
static inline void openssl_must(bool ok, const char *what)
{
    if (!ok)
        openssl_broken(what);
}

static inline void openssl_quiet_end(int *unused)
{
    (void)unused;
    ERR_pop_to_mark();
}
/* Declared first in a function that parses strangers' bytes: what it leaves in the thread's error queue is taken away,
 * so that a TLS connection on the same thread does not find it (SSL_get_error(3)). */
#define OPENSSL_QUIET __attribute__((cleanup(openssl_quiet_end), unused)) int openssl_quiet_ = ERR_set_mark()
