/* SPDX-License-Identifier: Apache-2.0 */
/* WeChat Pay's platform certificates as it hands them out (doc/v3/merchant/4012154180): each sealed under the APIv3
 * key, so that whoever has that key can tell a true one, however it came. The next one appears ten days before the one
 * in use ends. */
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "pki/certificate.h"
#include "remote/wechat_key.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define CERTIFICATES_MAX 32
#define SERIAL_SIZE_MAX  64

enum err wechat_read_certificates(struct bytes body, struct arena *arena, struct fault *fault,
                                  struct wechat_sealed **out, size_t *count)
{
    AUTO_JSON *document = NULL;
    TRY(json_parse((const char *)body.data, body.size, fault, &document));
    const struct json *list = json_member(document, "data");
    size_t size = list == NULL ? 0 : json_length(list);
    ENSURE(size > 0 && size <= CERTIFICATES_MAX, ERR_FORM_MALFORMED);
    struct wechat_sealed *items = arena_alloc(arena, size * sizeof(*items));
    for (size_t i = 0; i < size; i++) {
        const struct json *row = json_item(list, i);
        const struct json *sealed = row == NULL ? NULL : json_member(row, "encrypt_certificate");
        const char *serial = row == NULL ? NULL : json_member_text(row, "serial_no");
        ENSURE(sealed != NULL && serial != NULL && strlen(serial) <= SERIAL_SIZE_MAX, ERR_FORM_MALFORMED);
        const char *algorithm = json_member_text(sealed, "algorithm"), *nonce = json_member_text(sealed, "nonce");
        const char *text = json_member_text(sealed, "ciphertext"), *aad = json_member_text(sealed, "associated_data");
        ENSURE(algorithm != NULL && strcmp(algorithm, "AEAD_AES_256_GCM") == 0 && nonce != NULL && text != NULL &&
                   base64_decode(arena, text, strlen(text), &items[i].ciphertext),
               ERR_FORM_MALFORMED);
        items[i].serial = arena_text(arena, serial);
        items[i].nonce = arena_text(arena, nonce);
        items[i].associated_data = arena_text(arena, aad == NULL ? "" : aad);
    }
    *out = items;
    *count = size;
    return OK;
}

enum err wechat_open_certificate(const struct wechat *wechat, const struct wechat_sealed *sealed, struct arena *arena,
                                 struct certificate *out)
{
    struct bytes plain;
    ENSURE(gcm_open(wechat->api_key, bytes_of_text(sealed->nonce), bytes_of_text(sealed->associated_data),
                    sealed->ciphertext, arena, &plain),
           ERR_NOTICE_SIGNATURE);
    TRY(certificate_read(arena, plain, out));
    ENSURE(strcasecmp(out->serial, sealed->serial + strspn(sealed->serial, "0")) == 0, ERR_NOTICE_MISMATCH);
    return OK;
}

/* A free place, or that of one that has ended; NULL when there is none. */
static struct wechat_key *place_for(struct wechat *wechat, int64_t now_us)
{
    if (wechat->key_count < WECHAT_KEYS_MAX)
        return &wechat->keys[wechat->key_count++];
    for (size_t i = 0; i < wechat->key_count; i++)
        if (wechat->keys[i].not_after_us < now_us) {
            rsa_free(wechat->keys[i].key);
            return &wechat->keys[i];
        }
    return NULL;
}

static const char *upper(struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, text);
    for (char *at = copy; *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    return copy;
}

static bool known(const struct wechat *wechat, const char *serial)
{
    for (size_t i = 0; i < wechat->key_count; i++)
        if (strcasecmp(wechat->keys[i].serial, serial) == 0)
            return true;
    return false;
}

static void keep(struct wechat *wechat, struct arena *arena, const struct wechat_sealed *sealed)
{
    if (wechat->learnt_count == WECHAT_KEYS_MAX) /* the oldest goes: they come in the order of their lives */
        memmove(wechat->learnt, wechat->learnt + 1, --wechat->learnt_count * sizeof(wechat->learnt[0]));
    wechat->learnt[wechat->learnt_count++] = (struct wechat_sealed){
        arena_text(arena, sealed->serial + strspn(sealed->serial, "0")), arena_text(arena, sealed->nonce),
        arena_text(arena, sealed->associated_data),
        arena_bytes(arena, sealed->ciphertext.data, sealed->ciphertext.size)};
}

enum err wechat_learn(struct wechat *wechat, const struct wechat_sealed *sealed, int64_t now_us, struct arena *arena,
                      bool *learnt)
{
    struct certificate certificate;
    struct rsa_key *key;
    TRY(wechat_open_certificate(wechat, sealed, arena, &certificate));
    if (known(wechat, certificate.serial) || certificate.not_after_us < now_us) {
        *learnt = false;
        return OK;
    }
    TRY(rsa_load_public(bytes_of_text(certificate_pem(arena, certificate.der)), &key));
    struct wechat_key *place = place_for(wechat, now_us);
    if (place == NULL) {
        rsa_free(key);
        return ERR_BUSY;
    }
    *place = (struct wechat_key){upper(arena, certificate.serial), certificate.not_before_us, certificate.not_after_us,
                                 key};
    keep(wechat, arena, sealed);
    *learnt = true;
    return OK;
}

void wechat_inherit(struct wechat *wechat, const struct wechat *before, int64_t now_us, struct arena *arena)
{
    bool learnt;
    for (size_t i = 0; i < before->learnt_count; i++)
        if (wechat_learn(wechat, &before->learnt[i], now_us, arena, &learnt) != OK)
            log_warn("wechat", "the platform certificate %s is no longer known: another APIv3 key, or too many",
                     before->learnt[i].serial);
}

bool wechat_uses_certificates(const struct wechat *wechat)
{
    return wechat->uses_certificates;
}
