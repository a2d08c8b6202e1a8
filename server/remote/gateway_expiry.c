/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/gateway.h"
#include "remote/unionpay_key.h"
#include "remote/wechat_key.h"

#include <string.h>

/* Files of a setting, separated by spaces. */
static void add_files(const struct settings *settings, const char *setting, const char *files, struct expiries *list)
{
    char *rest = arena_text(list->arena, files), *name;
    while ((name = strsep(&rest, " ")) != NULL)
        if (name[0] != '\0')
            expiries_add_file(list, setting, settings_path(list->arena, settings, name));
}

static void add_unionpay(const struct settings *settings, const struct unionpay *unionpay, struct expiries *list)
{
    add_files(settings, "unionpay.root_file", settings->unionpay_root_file, list);
    add_files(settings, "unionpay.middle_file", settings->unionpay_middle_file, list);
    if (unionpay->key != NULL)
        expiries_add(list, "unionpay.pfx_file", settings_path(list->arena, settings, settings->unionpay_pfx_file),
                     unionpay->subject, unionpay->not_after_us);
}

/* Those that came by themselves have no file: what they are called by says which. */
static void add_wechat(const struct settings *settings, const struct wechat *wechat, struct expiries *list)
{
    add_files(settings, "wechat.certificate_files", settings->wechat_certificate_files, list);
    if (wechat->private_key != NULL)
        add_files(settings, "wechat.merchant_certificate_file", settings->wechat_merchant_certificate_file, list);
    for (size_t i = 0; i < wechat->learnt_count; i++)
        for (size_t j = 0; j < wechat->key_count; j++)
            if (strcasecmp(wechat->keys[j].serial, wechat->learnt[i].serial) == 0)
                expiries_add(list, "wechat.certificate", "", wechat->keys[j].serial, wechat->keys[j].not_after_us);
}

void gateways_expiries(const struct gateways *gateways, struct expiries *list)
{
    const struct settings *settings = gateways->settings;
    if (gateways->alipay != NULL)
        add_files(settings, "alipay.public_key_file", settings->alipay_public_key_file, list);
    if (gateways->unionpay != NULL)
        add_unionpay(settings, gateways->unionpay, list);
    if (gateways->wechat != NULL)
        add_wechat(settings, gateways->wechat, list);
}
