/* SPDX-License-Identifier: Apache-2.0 */
/* Signing and believing (ACP 5.1.0, signMethod 01). Whose signature it is matters as much as whether it fits: the same
 * CA certifies every merchant, and only the name in the certificate tells UnionPay from them. */
#include "base/text.h"
#include "pki/digest.h"
#include "remote/unionpay_key.h"

#include <string.h>

#define CERTIFICATE_SIZE_MAX 8192

struct bytes unionpay_signed_text(const struct form_fields *fields, struct arena *arena)
{
    struct form_fields kept = {arena_alloc(arena, (fields->count + 1) * sizeof(struct form_field)), 0};
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->items[i].name, "signature") != 0 && fields->items[i].value[0] != '\0')
            kept.items[kept.count++] = fields->items[i];
    form_sort(&kept);
    return bytes_of_text(hex_encode(arena, sha256(arena, form_join(&kept, arena))));
}

enum err unionpay_sign(const struct unionpay *unionpay, struct arena *arena, struct form_fields *fields)
{
    ENSURE(unionpay->key != NULL, ERR_INTERNAL);
    struct bytes signature;
    fields->items[fields->count++] = (struct form_field){"certId", unionpay->cert_id};
    TRY(rsa_sign(unionpay->key, unionpay_signed_text(fields, arena), arena, &signature));
    fields->items[fields->count++] = (struct form_field){"signature", base64_encode(arena, signature)};
    return OK;
}

/* "041@8310000000083040@中国银联股份有限公司@00016495": the third part names the owner. */
static bool is_unionpay(const struct unionpay *unionpay, const char *common_name)
{
    const char *part = common_name;
    for (int i = 0; i < 2; i++) {
        part = strchr(part, '@');
        if (part == NULL)
            return false;
        part++;
    }
    size_t size = strcspn(part, "@");
    static const char name[] = "中国银联股份有限公司", sandbox_name[] = "00040000:SIGN";
    return (size == strlen(name) && strncmp(part, name, size) == 0) ||
           (unionpay->sandbox && size == strlen(sandbox_name) && strncmp(part, sandbox_name, size) == 0);
}

static bool has_value(const struct form_fields *fields, const char *name, const char *expected)
{
    const char *value = form_value(fields, name);
    return value != NULL && strcmp(value, expected) == 0;
}

static enum err believe(const struct unionpay *unionpay, const char *pem, int64_t now_us, struct arena *arena,
                        struct fault *fault, struct certificate *certificate)
{
    struct bytes text = {(const uint8_t *)pem, strnlen(pem, CERTIFICATE_SIZE_MAX + 1)};
    enum err err = pinned_check(unionpay->trust, text, now_us, arena, certificate);
    if (err != OK)
        return fault_explain(fault, ERR_NOTICE_SIGNATURE, arena_format(arena, "signPubKeyCert：%s", err_info(err)->zh),
                             arena_format(arena, "signPubKeyCert: %s", err_info(err)->en));
    if (!is_unionpay(unionpay, certificate->common_name))
        return fault_explain(fault, ERR_NOTICE_SIGNATURE, "signPubKeyCert不是中国银联的证书",
                             "signPubKeyCert is not UnionPay's certificate");
    return OK;
}

enum err unionpay_verify(const struct unionpay *unionpay, const struct form_fields *fields, int64_t now_us,
                         struct arena *arena, struct fault *fault, const char **key_id)
{
    /* 5.0.0 hashed with SHA-1, 11 and 12 are shared keys: nobody may talk us down to them. */
    if (!has_value(fields, "version", UNIONPAY_VERSION) || !has_value(fields, "signMethod", UNIONPAY_SIGN_METHOD))
        return fault_explain(fault, ERR_NOTICE_SIGNATURE, "version必须是5.1.0，signMethod必须是01",
                             "version must be 5.1.0, signMethod 01");
    const char *pem = form_value(fields, "signPubKeyCert"), *text = form_value(fields, "signature");
    struct bytes signature;
    struct certificate certificate;
    if (pem == NULL || text == NULL || !base64_decode(arena, text, strlen(text), &signature))
        return fault_explain(fault, ERR_NOTICE_SIGNATURE, "缺少signPubKeyCert，或signature不是base64",
                             "signPubKeyCert is missing, or signature is not base64");
    TRY(believe(unionpay, pem, now_us, arena, fault, &certificate));
    ENSURE(pinned_signed_by(&certificate, unionpay_signed_text(fields, arena), signature), ERR_NOTICE_SIGNATURE);
    *key_id = certificate_serial_decimal(arena, &certificate);
    return OK;
}
