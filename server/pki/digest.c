/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/digest.h"

#include "base/mem.h"
#include "pki/openssl.h"

#include <openssl/core_names.h>
#include <pthread.h>

static pthread_once_t fetched = PTHREAD_ONCE_INIT;
static EVP_MD *sha256_algorithm;
static EVP_MAC_CTX *hmac_template;

/* Looking an algorithm up costs more than hashing a short message: once per process (EVP_MD_fetch, "performance"). */
static void fetch(void)
{
    static char name[] = "SHA256";
    sha256_algorithm = EVP_MD_fetch(NULL, name, NULL);
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    hmac_template = hmac != NULL ? EVP_MAC_CTX_new(hmac) : NULL;
    EVP_MAC_free(hmac); /* the template holds a reference */
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                     OSSL_PARAM_construct_end()};
    openssl_must(sha256_algorithm != NULL && hmac_template != NULL &&
                     EVP_MAC_CTX_set_params(hmac_template, parameters) == 1,
                 "SHA-256");
}

void sha256_to(struct bytes message, uint8_t digest[static SHA256_SIZE])
{
    pthread_once(&fetched, fetch);
    openssl_must(EVP_Digest(message.data, message.size, digest, NULL, sha256_algorithm, NULL) == 1, "SHA-256");
}

struct bytes sha256(struct arena *arena, struct bytes message)
{
    uint8_t *digest = arena_alloc(arena, SHA256_SIZE);
    sha256_to(message, digest);
    return (struct bytes){digest, SHA256_SIZE};
}

struct bytes hmac_sha256(struct arena *arena, struct bytes key, struct bytes message)
{
    static const uint8_t none[1];
    pthread_once(&fetched, fetch);
    AUTO(EVP_MAC_CTX) *ctx = EVP_MAC_CTX_dup(hmac_template);
    uint8_t *code = arena_alloc(arena, SHA256_SIZE);
    size_t size = 0;
    /* A NULL key would mean "the previous one" (EVP_MAC(3)). */
    openssl_must(ctx != NULL && EVP_MAC_init(ctx, key.data != NULL ? key.data : none, key.size, NULL) == 1 &&
                     EVP_MAC_update(ctx, message.data, message.size) == 1 &&
                     EVP_MAC_final(ctx, code, &size, SHA256_SIZE) == 1 && size == SHA256_SIZE,
                 "HMAC-SHA-256");
    return (struct bytes){code, SHA256_SIZE};
}

/* -- piece by piece ---------------------------------------------------------------------------------------------- */

struct sha256_stream {
    EVP_MD_CTX *ctx;
};

struct sha256_stream *sha256_begin(void)
{
    pthread_once(&fetched, fetch);
    struct sha256_stream *stream = mem_alloc(sizeof(*stream));
    stream->ctx = EVP_MD_CTX_new();
    openssl_must(stream->ctx != NULL && EVP_DigestInit_ex2(stream->ctx, sha256_algorithm, NULL) == 1, "SHA-256");
    return stream;
}

void sha256_add(struct sha256_stream *stream, struct bytes piece)
{
    openssl_must(EVP_DigestUpdate(stream->ctx, piece.data, piece.size) == 1, "SHA-256");
}

struct bytes sha256_end(struct sha256_stream *stream, struct arena *arena)
{
    uint8_t digest[SHA256_SIZE];
    openssl_must(EVP_DigestFinal_ex(stream->ctx, digest, NULL) == 1, "SHA-256");
    EVP_MD_CTX_free(stream->ctx);
    mem_free(stream);
    return arena == NULL ? (struct bytes){0} : arena_bytes(arena, digest, sizeof(digest));
}

/* -- SHA-1  ----------------------------------------------------------------------------------------------------- */

struct digest {
    EVP_MD_CTX *ctx;
};

struct digest *digest_new_sha1(void)
{
    struct digest *digest = mem_alloc(sizeof(*digest));
    digest->ctx = EVP_MD_CTX_new();
    openssl_must(digest->ctx != NULL && EVP_DigestInit_ex(digest->ctx, EVP_sha1(), NULL) == 1, "SHA-1");
    return digest;
}

void digest_add(struct digest *digest, struct bytes text)
{
    openssl_must(EVP_DigestUpdate(digest->ctx, text.data, text.size) == 1, "SHA-1");
}

struct bytes digest_finish(struct digest *digest, struct arena *arena)
{
    uint8_t *value = arena_alloc(arena, EVP_MAX_MD_SIZE);
    unsigned size;
    openssl_must(EVP_DigestFinal_ex(digest->ctx, value, &size) == 1, "SHA-1");
    return (struct bytes){value, size};
}

void digest_free(struct digest *digest)
{
    if (digest == NULL)
        return;
    EVP_MD_CTX_free(digest->ctx);
    mem_free(digest);
}
