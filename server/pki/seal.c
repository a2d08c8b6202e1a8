/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/seal.h"

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "pki/digest.h"
#include "pki/openssl.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <string.h>

#define SEAL_VERSION     1
#define SEAL_KEY_SIZE    32
#define SEAL_KEY_ID_SIZE 4
#define SEAL_NONCE_SIZE  12 /* random: NIST SP 800-38D 8.3 allows 2^32 values under one key */
#define SEAL_TAG_SIZE    16
#define SEAL_HEAD_SIZE   (1 + SEAL_KEY_ID_SIZE + SEAL_NONCE_SIZE)
#define SEAL_PLAIN_MAX   (16 * 1024 * 1024)

struct seal_keys {
    uint8_t data[SEAL_KEY_SIZE], index[SEAL_KEY_SIZE], id[SEAL_KEY_ID_SIZE];
    EVP_CIPHER *cipher;
};

/* RFC 5869 with SHA-256 and no salt: the master key is uniformly random already. */
static void derive(struct bytes master, const char *purpose, uint8_t *out, size_t size)
{
    AUTO(EVP_KDF) *hkdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    AUTO(EVP_KDF_CTX) *ctx = EVP_KDF_CTX_new(hkdf);
    static char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)master.data, master.size),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)(uintptr_t)purpose, strlen(purpose)),
        OSSL_PARAM_construct_end(),
    };
    openssl_must(ctx != NULL && EVP_KDF_derive(ctx, out, size, parameters) == 1, "HKDF");
}

static struct seal_keys *keys_of_master(struct bytes master)
{
    struct seal_keys *keys = mem_alloc(sizeof(*keys));
    derive(master, "xuqi seal data 1", keys->data, sizeof(keys->data));
    derive(master, "xuqi seal index 1", keys->index, sizeof(keys->index));
    derive(master, "xuqi seal id 1", keys->id, sizeof(keys->id));
    keys->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    openssl_must(keys->cipher != NULL, "AES-256-GCM");
    return keys;
}

static enum err load(struct arena *arena, const char *path, struct seal_keys **out)
{
    struct bytes text, master;
    TRY(file_read_secret(arena, path, &text));
    if (text.size != 2 * SEAL_KEY_SIZE || !hex_decode(arena, (const char *)text.data, &master) ||
        master.size != SEAL_KEY_SIZE) {
        log_error("seal", "%s must hold %d hex characters and nothing else", path, 2 * SEAL_KEY_SIZE);
        return ERR_SETTINGS_INVALID;
    }
    *out = keys_of_master(master);
    return OK;
}

enum err seal_load(const char *path, struct seal_keys **out)
{
    struct arena *arena = arena_new();
    enum err err = load(arena, path, out);
    arena_free(arena);
    return err;
}

void seal_free(struct seal_keys *keys)
{
    if (keys == NULL)
        return;
    EVP_CIPHER_free(keys->cipher);
    mem_wipe(keys, sizeof(*keys));
    mem_free(keys);
}

/* place, NUL, more: the NUL keeps ("ab","c") and ("a","bc") apart. */
static struct bytes placed(struct arena *arena, const char *place, struct bytes more)
{
    size_t head = strlen(place) + 1;
    uint8_t *data = arena_alloc(arena, head + more.size);
    memcpy(data, place, head);
    if (more.size > 0)
        memcpy(data + head, more.data, more.size);
    return (struct bytes){data, head + more.size};
}

static EVP_CIPHER_CTX *start(const struct seal_keys *keys, const uint8_t *nonce, struct bytes aad, int encrypt)
{
    int size;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    openssl_must(ctx != NULL && aad.size < INT_MAX &&
                     EVP_CipherInit_ex2(ctx, keys->cipher, keys->data, nonce, encrypt, NULL) == 1 &&
                     EVP_CipherUpdate(ctx, NULL, &size, aad.data, (int)aad.size) == 1,
                 "AES-256-GCM");
    return ctx;
}

struct bytes seal(const struct seal_keys *keys, struct arena *arena, const char *place, struct bytes aad,
                  struct bytes plain)
{
    openssl_must(plain.size <= SEAL_PLAIN_MAX, "sealing a value this large");
    uint8_t *sealed = arena_alloc(arena, SEAL_HEAD_SIZE + plain.size + SEAL_TAG_SIZE);
    uint8_t *nonce = sealed + 1 + SEAL_KEY_ID_SIZE, *text = sealed + SEAL_HEAD_SIZE;
    sealed[0] = SEAL_VERSION;
    memcpy(sealed + 1, keys->id, SEAL_KEY_ID_SIZE);
    random_bytes(nonce, SEAL_NONCE_SIZE);
    AUTO(EVP_CIPHER_CTX) *ctx = start(keys, nonce, placed(arena, place, aad), 1);
    int size = 0, rest = 0;
    openssl_must((plain.size == 0 || EVP_CipherUpdate(ctx, text, &size, plain.data, (int)plain.size) == 1) &&
                     EVP_CipherFinal_ex(ctx, text + size, &rest) == 1 && (size_t)size + (size_t)rest == plain.size &&
                     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG_SIZE, text + plain.size) == 1,
                 "AES-256-GCM");
    return (struct bytes){sealed, SEAL_HEAD_SIZE + plain.size + SEAL_TAG_SIZE};
}

enum err unseal(const struct seal_keys *keys, struct arena *arena, const char *place, struct bytes aad,
                struct bytes sealed, struct bytes *plain)
{
    OPENSSL_QUIET;
    ENSURE(sealed.size >= SEAL_HEAD_SIZE + SEAL_TAG_SIZE, ERR_SEAL_BROKEN);
    size_t length = sealed.size - SEAL_HEAD_SIZE - SEAL_TAG_SIZE;
    ENSURE(length <= SEAL_PLAIN_MAX && sealed.data[0] == SEAL_VERSION, ERR_SEAL_BROKEN);
    ENSURE(memcmp(sealed.data + 1, keys->id, SEAL_KEY_ID_SIZE) == 0, ERR_SEAL_BROKEN);
    const uint8_t *nonce = sealed.data + 1 + SEAL_KEY_ID_SIZE, *text = sealed.data + SEAL_HEAD_SIZE;
    uint8_t tag[SEAL_TAG_SIZE];
    memcpy(tag, text + length, sizeof(tag));
    uint8_t *out = arena_alloc(arena, length + 1); /* one NUL more: most values are text */
    AUTO(EVP_CIPHER_CTX) *ctx = start(keys, nonce, placed(arena, place, aad), 0);
    int size = 0, rest = 0;
    ENSURE(length == 0 || EVP_CipherUpdate(ctx, out, &size, text, (int)length) == 1, ERR_SEAL_BROKEN);
    ENSURE(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG_SIZE, tag) == 1 &&
               EVP_CipherFinal_ex(ctx, out + size, &rest) == 1,
           ERR_SEAL_BROKEN);
    *plain = (struct bytes){out, length};
    return OK;
}

struct bytes seal_index(const struct seal_keys *keys, struct arena *arena, const char *place, const char *value)
{
    struct bytes key = {keys->index, sizeof(keys->index)};
    return hmac_sha256(arena, key, placed(arena, place, bytes_of_text(value)));
}
