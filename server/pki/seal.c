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
#include <stdbool.h>
#include <string.h>

#define SEAL_VERSION     1
#define SEAL_KEY_ID_SIZE 4
#define SEAL_NONCE_SIZE  12 /* random: NIST SP 800-38D 8.3 allows 2^32 values under one key */
#define SEAL_TAG_SIZE    16
#define SEAL_HEAD_SIZE   (1 + SEAL_KEY_ID_SIZE + SEAL_NONCE_SIZE)
#define SEAL_PLAIN_MAX   (16 * 1024 * 1024)

struct seal_key {
    uint8_t data[SEAL_KEY_SIZE], index[SEAL_KEY_SIZE];
    uint8_t id[SEAL_KEY_ID_SIZE], index_id[SEAL_KEY_ID_SIZE];
};

struct seal_keys {
    struct seal_key list[SEAL_KEYS_MAX]; /* the first is the current one */
    size_t count, lookup;
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

static void derive_key(struct bytes master, struct seal_key *key)
{
    derive(master, "xuqi seal data 1", key->data, sizeof(key->data));
    derive(master, "xuqi seal index 1", key->index, sizeof(key->index));
    derive(master, "xuqi seal id 1", key->id, sizeof(key->id));
    derive(master, "xuqi seal index id 1", key->index_id, sizeof(key->index_id));
}

static const struct seal_key *key_of_id(const struct seal_keys *keys, const uint8_t *id)
{
    for (size_t i = 0; i < keys->count; i++)
        if (memcmp(keys->list[i].id, id, SEAL_KEY_ID_SIZE) == 0)
            return &keys->list[i];
    return NULL;
}

/* One line of the file; the same key twice would make counting by id meaningless. */
static bool take_line(struct arena *arena, const char *line, size_t size, struct seal_keys *keys)
{
    struct bytes master;
    struct seal_key key;
    bool lookup = size == 2 * SEAL_KEY_SIZE + strlen(SEAL_LOOKUP) &&
                  strncmp(line + 2 * SEAL_KEY_SIZE, SEAL_LOOKUP, strlen(SEAL_LOOKUP)) == 0;
    if (lookup) {
        size = 2 * SEAL_KEY_SIZE;
        keys->lookup = keys->count;
    }
    if (keys->count == SEAL_KEYS_MAX || size != 2 * SEAL_KEY_SIZE ||
        !hex_decode(arena, arena_text_n(arena, line, size), &master))
        return false;
    derive_key(master, &key);
    bool fresh = key_of_id(keys, key.id) == NULL;
    if (fresh)
        keys->list[keys->count++] = key;
    mem_wipe(&key, sizeof(key));
    return fresh;
}

static bool take_lines(struct arena *arena, const char *text, struct seal_keys *keys)
{
    for (size_t size; *text != '\0'; text += size + (text[size] == '\n')) {
        size = strcspn(text, "\n");
        if (!take_line(arena, text, size, keys))
            return false;
    }
    return keys->count > 0;
}

static enum err load(struct arena *arena, const char *path, struct seal_keys **out)
{
    struct bytes text;
    TRY(file_read_secret(arena, path, &text));
    struct seal_keys *keys = mem_alloc(sizeof(*keys));
    keys->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    openssl_must(keys->cipher != NULL, "AES-256-GCM");
    if (strlen((const char *)text.data) != text.size || !take_lines(arena, (const char *)text.data, keys)) {
        log_error("seal",
                  "%s must hold 1 to %d different keys of %d hex characters, one in each line, the current first", path,
                  SEAL_KEYS_MAX, 2 * SEAL_KEY_SIZE);
        seal_free(keys);
        return ERR_SETTINGS_INVALID;
    }
    *out = keys;
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

static EVP_CIPHER_CTX *start(const struct seal_keys *keys, const struct seal_key *key, const uint8_t *nonce,
                             struct bytes aad, int encrypt)
{
    int size;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    openssl_must(ctx != NULL && aad.size < INT_MAX &&
                     EVP_CipherInit_ex2(ctx, keys->cipher, key->data, nonce, encrypt, NULL) == 1 &&
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
    memcpy(sealed + 1, keys->list[0].id, SEAL_KEY_ID_SIZE);
    random_bytes(nonce, SEAL_NONCE_SIZE);
    AUTO(EVP_CIPHER_CTX) *ctx = start(keys, &keys->list[0], nonce, placed(arena, place, aad), 1);
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
    const struct seal_key *key = key_of_id(keys, sealed.data + 1);
    ENSURE(key != NULL, ERR_SEAL_BROKEN);
    const uint8_t *nonce = sealed.data + 1 + SEAL_KEY_ID_SIZE, *text = sealed.data + SEAL_HEAD_SIZE;
    uint8_t tag[SEAL_TAG_SIZE];
    memcpy(tag, text + length, sizeof(tag));
    uint8_t *out = arena_alloc(arena, length + 1); /* one NUL more: most values are text */
    AUTO(EVP_CIPHER_CTX) *ctx = start(keys, key, nonce, placed(arena, place, aad), 0);
    int size = 0, rest = 0;
    ENSURE(length == 0 || EVP_CipherUpdate(ctx, out, &size, text, (int)length) == 1, ERR_SEAL_BROKEN);
    ENSURE(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG_SIZE, tag) == 1 &&
               EVP_CipherFinal_ex(ctx, out + size, &rest) == 1,
           ERR_SEAL_BROKEN);
    *plain = (struct bytes){out, length};
    return OK;
}

/* An e-mail address is the same one whatever its case (RFC 5321 2.4 leaves that to its host; none cares). */
static const char *canonical(struct arena *arena, const char *place, const char *value)
{
    const char *last = strrchr(place, '.');
    if (last == NULL || strcmp(last, ".email") != 0)
        return value;
    char *folded = arena_text(arena, value);
    for (char *at = folded; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at += 'a' - 'A';
    return folded;
}

static struct bytes index_under(const struct seal_key *key, struct arena *arena, const char *place, const char *value)
{
    struct bytes secret = {key->index, sizeof(key->index)};
    struct bytes code = hmac_sha256(arena, secret, placed(arena, place, bytes_of_text(canonical(arena, place, value))));
    uint8_t *out = arena_alloc(arena, SEAL_KEY_ID_SIZE + code.size);
    memcpy(out, key->index_id, SEAL_KEY_ID_SIZE);
    memcpy(out + SEAL_KEY_ID_SIZE, code.data, code.size);
    return (struct bytes){out, SEAL_KEY_ID_SIZE + code.size};
}

struct bytes seal_index(const struct seal_keys *keys, struct arena *arena, const char *place, const char *value)
{
    struct bytes marked = index_under(&keys->list[keys->lookup], arena, place, value);
    return (struct bytes){marked.data + SEAL_KEY_ID_SIZE, marked.size - SEAL_KEY_ID_SIZE};
}

struct bytes seal_marked_index(const struct seal_keys *keys, struct arena *arena, const char *place, const char *value)
{
    return index_under(&keys->list[0], arena, place, value);
}

size_t seal_indexes(const struct seal_keys *keys, struct arena *arena, const char *place, const char *value,
                    struct bytes out[SEAL_KEYS_MAX])
{
    for (size_t i = 0; i < keys->count; i++)
        out[i] = index_under(&keys->list[i], arena, place, value);
    return keys->count;
}

size_t seal_key_count(const struct seal_keys *keys)
{
    return keys->count;
}

size_t seal_lookup_key(const struct seal_keys *keys)
{
    return keys->lookup;
}

struct bytes seal_key_id(const struct seal_keys *keys, size_t which)
{
    return (struct bytes){keys->list[which].id, SEAL_KEY_ID_SIZE};
}

struct bytes seal_id_of(struct arena *arena, struct bytes master)
{
    uint8_t id[SEAL_KEY_ID_SIZE];
    derive(master, "xuqi seal id 1", id, sizeof(id));
    return arena_bytes(arena, id, sizeof(id));
}

struct bytes seal_index_id(const struct seal_keys *keys, size_t which)
{
    return (struct bytes){keys->list[which].index_id, SEAL_KEY_ID_SIZE};
}
