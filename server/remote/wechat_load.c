/* SPDX-License-Identifier: Apache-2.0 */
/* Who we are to WeChat Pay. New merchants get WeChat's public key, older ones its platform certificates; while a
 * merchant changes over both sign, so both may be set at once. */
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "pki/certificate.h"
#include "remote/wechat_key.h"

#include <ctype.h>
#include <string.h>

#define KEY_FILE_MAX 16384

static enum err need(const char *value, const char *key)
{
    if (value[0] != '\0')
        return OK;
    log_error("wechat", "wechat.%s must be set when wechat.merchant_id is", key);
    return ERR_SETTINGS_INVALID;
}

static enum err wrong(const char *key, const char *path, const char *what)
{
    log_error("wechat", "wechat.%s: %s is not %s", key, path, what);
    return ERR_SETTINGS_INVALID;
}

static enum err too_many(const char *key)
{
    log_error("wechat", "wechat.%s: no more than %d keys", key, WECHAT_KEYS_MAX);
    return ERR_SETTINGS_INVALID;
}

/* The next word, "" after the last. */
static const char *next_word(char **rest)
{
    char *word;
    while ((word = strsep(rest, " ")) != NULL)
        if (word[0] != '\0')
            return word;
    return "";
}

static enum err add_public_key(const char *id, const char *path, struct arena *arena, struct wechat *wechat)
{
    struct bytes text;
    struct rsa_key *key;
    if (wechat->key_count == WECHAT_KEYS_MAX)
        return too_many("public_key_file");
    TRY(file_read(arena, path, KEY_FILE_MAX, &text));
    if (rsa_load_public(text, &key) != OK)
        return wrong("public_key_file", path, "an RSA public key of at least 2048 bits");
    wechat->keys[wechat->key_count++] = (struct wechat_key){arena_text(arena, id), 0, INT64_MAX, key};
    return OK;
}

/* The ids and the files in the same order; the first is the one that answers shall be signed with. */
static enum err add_public_keys(const struct settings *settings, struct arena *arena, struct wechat *wechat)
{
    TRY(need(settings->wechat_public_key_id, "public_key_id"));
    char *ids = arena_text(arena, settings->wechat_public_key_id);
    char *files = arena_text(arena, settings->wechat_public_key_file);
    const char *id = next_word(&ids), *file = next_word(&files);
    wechat->wanted_serial = arena_text(arena, id);
    for (; id[0] != '\0' && file[0] != '\0'; id = next_word(&ids), file = next_word(&files))
        TRY(add_public_key(id, settings_path(arena, settings, file), arena, wechat));
    if (id[0] == '\0' && file[0] == '\0')
        return OK;
    log_error("wechat", "wechat.public_key_id and wechat.public_key_file: as many ids as files");
    return ERR_SETTINGS_INVALID;
}

static char *upper(struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, text);
    for (char *at = copy; *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    return copy;
}

static enum err add_certificate(const char *path, struct arena *arena, struct wechat *wechat)
{
    struct certificate certificate;
    struct bytes text;
    struct rsa_key *key;
    TRY(file_read(arena, path, KEY_FILE_MAX, &text));
    if (certificate_read(arena, text, &certificate) != OK || rsa_load_public(text, &key) != OK)
        return wrong("certificate_files", path, "a certificate of an RSA key of at least 2048 bits");
    wechat->keys[wechat->key_count++] = (struct wechat_key){upper(arena, certificate.serial), certificate.not_before_us,
                                                            certificate.not_after_us, key};
    return OK;
}

static enum err add_certificates(const struct settings *settings, struct arena *arena, struct wechat *wechat)
{
    char *rest = arena_text(arena, settings->wechat_certificate_files), *name;
    while ((name = strsep(&rest, " ")) != NULL) {
        if (name[0] == '\0')
            continue;
        if (wechat->key_count == WECHAT_KEYS_MAX)
            return too_many("certificate_files");
        wechat->uses_certificates = true;
        TRY(add_certificate(settings_path(arena, settings, name), arena, wechat));
    }
    return OK;
}

static enum err load_api_key(const struct settings *settings, struct arena *arena, struct wechat *wechat)
{
    struct bytes text;
    TRY(need(settings->wechat_api_key_file, "api_key_file"));
    const char *path = settings_path(arena, settings, settings->wechat_api_key_file);
    TRY(file_read_secret(arena, path, &text));
    if (text.size != GCM_KEY_SIZE)
        return wrong("api_key_file", path, "an APIv3 key of 32 characters");
    memcpy(wechat->api_key, text.data, GCM_KEY_SIZE);
    return OK;
}

static enum err load_private(const struct settings *settings, struct arena *arena, struct wechat *wechat)
{
    struct bytes text;
    TRY(need(settings->wechat_merchant_serial, "merchant_serial"));
    TRY(need(settings->wechat_private_key_file, "private_key_file"));
    wechat->merchant_serial = upper(arena, settings->wechat_merchant_serial);
    const char *path = settings_path(arena, settings, settings->wechat_private_key_file);
    TRY(file_read_secret(arena, path, &text));
    if (rsa_load_private(text, &wechat->private_key) != OK)
        return wrong("private_key_file", path, "an RSA private key of at least 2048 bits");
    return OK;
}

static enum err load(const struct settings *settings, bool with_private_key, struct arena *arena, struct wechat *wechat)
{
    TRY(need(settings->wechat_app_id, "app_id"));
    TRY(need(settings->wechat_api_url, "api_url"));
    wechat->merchant_id = arena_text(arena, settings->wechat_merchant_id);
    wechat->app_id = arena_text(arena, settings->wechat_app_id);
    wechat->api_url = arena_text(arena, settings->wechat_api_url);
    wechat->wanted_serial = "";
    TRY(load_api_key(settings, arena, wechat));
    if (settings->wechat_public_key_file[0] != '\0')
        TRY(add_public_keys(settings, arena, wechat));
    TRY(add_certificates(settings, arena, wechat));
    if (wechat->key_count == 0) {
        log_error("wechat", "wechat.public_key_file or wechat.certificate_files must be set");
        return ERR_SETTINGS_INVALID;
    }
    return with_private_key ? load_private(settings, arena, wechat) : OK;
}

enum err wechat_load(const struct settings *settings, bool with_private_key, struct arena *arena, struct wechat **out)
{
    struct wechat *wechat = ARENA_NEW(arena, struct wechat);
    enum err err = load(settings, with_private_key, arena, wechat);
    if (err == OK)
        *out = wechat;
    else
        wechat_free(wechat);
    return err;
}

void wechat_free(struct wechat *wechat)
{
    if (wechat == NULL)
        return;
    for (size_t i = 0; i < wechat->key_count; i++)
        rsa_free(wechat->keys[i].key);
    rsa_free(wechat->private_key);
    wechat->private_key = NULL;
    wechat->key_count = 0;
    mem_wipe(wechat->api_key, sizeof(wechat->api_key));
}
