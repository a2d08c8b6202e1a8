/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/pkcs12.h"

#include "base/log.h"
#include "base/text.h"
#include "pki/openssl.h"

#include <openssl/pkcs12.h>
#include <openssl/provider.h>

#define FILE_SIZE_MAX 65536

DEFINE_CLEANUP(OSSL_LIB_CTX, OSSL_LIB_CTX_free)
DEFINE_CLEANUP(OSSL_PROVIDER, OSSL_PROVIDER_unload)
DEFINE_CLEANUP(PKCS12, PKCS12_free)

static enum err refuse(const char *why)
{
    log_error("pkcs12", "%s", why);
    return ERR_SETTINGS_INVALID;
}

static enum err take_key(EVP_PKEY *key, struct rsa_key **out)
{
    AUTO(PKCS8_PRIV_KEY_INFO) *info = EVP_PKEY2PKCS8(key);
    unsigned char *der = NULL;
    int size = info != NULL ? i2d_PKCS8_PRIV_KEY_INFO(info, &der) : -1;
    if (size <= 0)
        return refuse("the key cannot be taken out of the file");
    struct arena *arena = arena_new(); /* wiped when it is freed */
    const char *text = base64_encode(arena, (struct bytes){der, (size_t)size});
    OPENSSL_clear_free(der, (size_t)size);
    enum err err = rsa_load_private(bytes_of_text(text), out);
    arena_free(arena);
    return err;
}

static enum err take(EVP_PKEY *key, X509 *certificate, struct arena *arena, struct rsa_key **out_key,
                     struct bytes *out_certificate)
{
    if (key == NULL || certificate == NULL)
        return refuse("the file does not hold a key with its certificate");
    unsigned char *der = NULL;
    int size = i2d_X509(certificate, &der);
    openssl_must(size > 0, "i2d_X509");
    struct bytes copy = arena_bytes(arena, der, (size_t)size);
    OPENSSL_free(der);
    TRY(take_key(key, out_key));
    *out_certificate = copy;
    return OK;
}

enum err pkcs12_load(struct bytes file, const char *password, struct arena *arena, struct rsa_key **key,
                     struct bytes *certificate)
{
    OPENSSL_QUIET;
    /* RC2 is in the legacy provider only; it is loaded beside the program's own library context, not into it. */
    AUTO(OSSL_LIB_CTX) *context = OSSL_LIB_CTX_new();
    openssl_must(context != NULL, "OSSL_LIB_CTX_new");
    AUTO(OSSL_PROVIDER) *standard = OSSL_PROVIDER_load(context, "default");
    AUTO(OSSL_PROVIDER) *legacy = OSSL_PROVIDER_load(context, "legacy");
    openssl_must(standard != NULL, "OSSL_PROVIDER_load");
    (void)legacy; /* without it, files that need it are refused below */
    AUTO(PKCS12) *parsed = PKCS12_init_ex(NID_pkcs7_data, context, NULL);
    openssl_must(parsed != NULL, "PKCS12_init_ex");
    const unsigned char *at = file.data;
    if (file.size == 0 || file.size > FILE_SIZE_MAX || d2i_PKCS12(&parsed, &at, (long)file.size) == NULL ||
        at != file.data + file.size)
        return refuse("the file is not PKCS#12");
    if (PKCS12_verify_mac(parsed, password, -1) != 1)
        return refuse("the password does not open the file, or it was changed");
    AUTO(EVP_PKEY) *found_key = NULL;
    AUTO(X509) *found_certificate = NULL;
    if (PKCS12_parse(parsed, password, &found_key, &found_certificate, NULL) != 1)
        return refuse("the file cannot be decrypted with this library");
    return take(found_key, found_certificate, arena, key, certificate);
}
