/* SPDX-License-Identifier: Apache-2.0 */
/* Certificate mode (opendocs.alipay.com/common/02mse3): requests name the application's certificate and Alipay's roots,
 * answers the certificate whose key signed them. Alipay's roots that are not RSA's (E1, SM2) are left out. */
#include "base/file.h"
#include "base/log.h"
#include "pki/issuer_sn.h"
#include "remote/alipay_key.h"

#include <string.h>

#define BUNDLE_SIZE_MAX 65536

static enum err read_sn(const struct settings *settings, const char *name, bool rsa_only, const char *key,
                        struct arena *arena, const char **sn)
{
    struct bytes text;
    const char *path = settings_path(arena, settings, name);
    TRY(file_read(arena, path, BUNDLE_SIZE_MAX, &text));
    if (issuer_sn(text, rsa_only, arena, sn) == OK)
        return OK;
    log_error("alipay", "alipay.%s: %s is not a certificate, or not one of RSA", key, path);
    return ERR_SETTINGS_INVALID;
}

static bool is_set(const char *value)
{
    return value != NULL && value[0] != '\0';
}

enum err alipay_load_certificates(const struct settings *settings, struct arena *arena, struct alipay *alipay)
{
    const char *app = settings->alipay_app_certificate_file, *root = settings->alipay_root_certificate_file;
    const char *sn;
    if (!is_set(app) && !is_set(root))
        return OK;
    if (!is_set(app) || !is_set(root)) {
        log_error("alipay",
                  "alipay.app_certificate_file and alipay.root_certificate_file must both be set, or neither");
        return ERR_SETTINGS_INVALID;
    }
    TRY(read_sn(settings, app, false, "app_certificate_file", arena, &alipay->app_cert_sn));
    TRY(read_sn(settings, root, true, "root_certificate_file", arena, &alipay->root_cert_sn));
    alipay->cert_sns = "";
    char *rest = arena_text(arena, settings->alipay_public_key_file), *name;
    while ((name = strsep(&rest, " ")) != NULL) {
        if (name[0] == '\0')
            continue;
        TRY(read_sn(settings, name, false, "public_key_file", arena, &sn));
        alipay->cert_sns = arena_format(arena, "%s%s ", alipay->cert_sns, sn);
    }
    return OK;
}
