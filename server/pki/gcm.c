/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/gcm.h"

#include "pki/openssl.h"

#include <limits.h>
#include <string.h>

static bool update(EVP_CIPHER_CTX *ctx, uint8_t *out, struct bytes in)
{
    int size;
    return in.size == 0 || (in.size <= INT_MAX && EVP_DecryptUpdate(ctx, out, &size, in.data, (int)in.size) == 1);
}

bool gcm_open(const uint8_t key[static GCM_KEY_SIZE], struct bytes nonce, struct bytes aad, struct bytes sealed,
              struct arena *arena, struct bytes *plain)
{
    OPENSSL_QUIET;
    if (nonce.size != GCM_NONCE_SIZE || sealed.size < GCM_TAG_SIZE)
        return false;
    struct bytes text = {sealed.data, sealed.size - GCM_TAG_SIZE};
    uint8_t tag[GCM_TAG_SIZE], *out = arena_alloc(arena, text.size + 1);
    int rest = 0;
    memcpy(tag, sealed.data + text.size, sizeof(tag));
    AUTO(EVP_CIPHER_CTX) *ctx = EVP_CIPHER_CTX_new();
    openssl_must(ctx != NULL && EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce.data) == 1, "AES-256-GCM");
    if (!update(ctx, NULL, aad) || !update(ctx, out, text) ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_SIZE, tag) != 1 ||
        EVP_DecryptFinal_ex(ctx, out + text.size, &rest) != 1)
        return false;
    *plain = (struct bytes){out, text.size};
    return true;
}
