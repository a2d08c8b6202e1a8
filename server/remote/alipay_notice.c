/* SPDX-License-Identifier: Apache-2.0 */
/* Alipay's asynchronous notice (opendocs.alipay.com/open/270/105902). First the signature over the bytes as they came,
 * then whom it is for, and only then what it says. */
#include "base/clock.h"
#include "base/text.h"
#include "domain/money.h"
#include "remote/alipay.h"
#include "remote/alipay_key.h"
#include "remote/alipay_text.h"

#include <string.h>
#include <strings.h>

#define NUMBER_SIZE_MAX    64
#define NOTIFY_ID_SIZE_MAX 128
#define STATUS_SIZE_MAX    32

static enum err malformed(struct fault *fault, struct arena *arena, const char *name)
{
    return fault_explain(fault, ERR_FORM_MALFORMED, arena_format(arena, "通知中的%s无法识别", name),
                         arena_format(arena, "The notice's %s cannot be read", name));
}

/* -- the signature ------------------------------------------------------------------------------------------------ */

/* All but sign and sign_type, also empty ones; sorted. */
static struct bytes signed_content(const struct form_fields *fields, struct arena *arena)
{
    struct form_fields kept = {arena_alloc(arena, fields->count * sizeof(struct form_field)), 0};
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->items[i].name, "sign") != 0 && strcmp(fields->items[i].name, "sign_type") != 0)
            kept.items[kept.count++] = fields->items[i];
    form_sort(&kept);
    return form_join(&kept, arena);
}

static enum err check_signature(const struct alipay *alipay, const struct form_fields *fields, struct arena *arena,
                                struct fault *fault)
{
    const char *type = form_value(fields, "sign_type"), *sign = form_value(fields, "sign");
    if (type == NULL || strcmp(type, "RSA2") != 0) /* "RSA" is SHA-1: nobody may talk us down to it */
        return fault_explain(fault, ERR_NOTICE_SIGNATURE, "sign_type必须是RSA2", "sign_type must be RSA2");
    struct bytes signature;
    if (sign == NULL || !base64_decode(arena, sign, strlen(sign), &signature))
        return fault_explain(fault, ERR_NOTICE_SIGNATURE, "sign不是base64", "sign is not base64");
    ENSURE(alipay_signed(alipay, signed_content(fields, arena), signature), ERR_NOTICE_SIGNATURE);
    return OK;
}

/* -- characters --------------------------------------------------------------------------------------------------- */

static bool is_gbk(const char *charset)
{
    return strcasecmp(charset, "GBK") == 0 || strcasecmp(charset, "GB2312") == 0 || strcasecmp(charset, "GB18030") == 0;
}

static enum err transcode(struct form_fields *fields, struct arena *arena)
{
    for (size_t i = 0; i < fields->count; i++) {
        struct bytes value;
        ENSURE(alipay_from_gbk(bytes_of_text(fields->items[i].value), arena, &value), ERR_FORM_MALFORMED);
        fields->items[i].value = (const char *)value.data;
    }
    return OK;
}

static enum err to_utf8(struct form_fields *fields, struct arena *arena)
{
    const char *charset = form_value(fields, "charset");
    if (charset != NULL && is_gbk(charset))
        return transcode(fields, arena);
    ENSURE(charset == NULL || strcasecmp(charset, "utf-8") == 0, ERR_FORM_MALFORMED);
    for (size_t i = 0; i < fields->count; i++)
        ENSURE(utf8_valid(fields->items[i].value, strlen(fields->items[i].value)), ERR_FORM_MALFORMED);
    return OK;
}

/* -- whom it is for ------------------------------------------------------------------------------------------------ */

static enum err check_identity(const struct alipay *alipay, const struct form_fields *fields, struct fault *fault)
{
    const char *app_id = form_value(fields, "app_id"), *seller_id = form_value(fields, "seller_id");
    if (app_id == NULL || strcmp(app_id, alipay->app_id) != 0)
        return fault_explain(fault, ERR_NOTICE_MISMATCH, "app_id不是本应用", "app_id is not this application's");
    if (seller_id == NULL || strcmp(seller_id, alipay->seller_id) != 0)
        return fault_explain(fault, ERR_NOTICE_MISMATCH, "seller_id不是本商户", "seller_id is not this seller's");
    return OK;
}

/* -- what it says -------------------------------------------------------------------------------------------------- */

/* "" where it is absent: Alipay writes some absent ones as empty. */
static const char *value_of(const struct form_fields *fields, const char *name)
{
    const char *value = form_value(fields, name);
    return value != NULL ? value : "";
}

static enum err read_identifier(const struct form_fields *fields, const char *name, size_t size_max, bool required,
                                struct arena *arena, struct fault *fault, const char **out)
{
    const char *value = value_of(fields, name);
    if (!alipay_is_identifier(value, size_max) || (required && value[0] == '\0'))
        return malformed(fault, arena, name);
    *out = value;
    return OK;
}

static enum err read_amount(const struct form_fields *fields, const char *name, bool required, struct arena *arena,
                            struct fault *fault, int64_t *out)
{
    const char *value = value_of(fields, name);
    if (value[0] == '\0' && !required)
        return OK;
    int64_t fen;
    if (!money_parse_yuan(value, &fen) || (required && fen <= 0))
        return malformed(fault, arena, name);
    *out = fen;
    return OK;
}

static enum err read_paid_at(const struct form_fields *fields, struct arena *arena, struct fault *fault, int64_t *out)
{
    const char *name = value_of(fields, "gmt_payment")[0] != '\0' ? "gmt_payment" : "notify_time";
    return clock_parse_plain(value_of(fields, name), out) ? OK : malformed(fault, arena, name);
}

/* Anything that is not an identifier is not worth refusing money for. */
static const char *masked_buyer(const struct form_fields *fields, struct arena *arena)
{
    return alipay_masked(value_of(fields, value_of(fields, "buyer_id")[0] != '\0' ? "buyer_id" : "buyer_open_id"),
                         arena);
}

/* A refund of a part is told with TRADE_SUCCESS, one of the whole with TRADE_CLOSED; both name the refund. */
static bool tells_refund(const struct form_fields *fields, const struct alipay_notice *notice)
{
    return notice->out_biz_no[0] != '\0' || notice->refund_fen > 0 || value_of(fields, "gmt_refund")[0] != '\0';
}

static bool tells_payment(const struct form_fields *fields, const struct alipay_notice *notice)
{
    const char *type = value_of(fields, "notify_type");
    return (type[0] == '\0' || strcmp(type, "trade_status_sync") == 0) &&
           (strcmp(notice->trade_status, "TRADE_SUCCESS") == 0 || strcmp(notice->trade_status, "TRADE_FINISHED") == 0);
}

static enum err read_kind(const struct form_fields *fields, struct arena *arena, struct fault *fault,
                          struct alipay_notice *notice)
{
    TRY(read_identifier(fields, "trade_status", STATUS_SIZE_MAX, false, arena, fault, &notice->trade_status));
    TRY(read_identifier(fields, "out_biz_no", NUMBER_SIZE_MAX, false, arena, fault, &notice->out_biz_no));
    TRY(read_amount(fields, "refund_fee", false, arena, fault, &notice->refund_fen));
    notice->kind = tells_refund(fields, notice)    ? ALIPAY_REFUND
                   : tells_payment(fields, notice) ? ALIPAY_PAID
                                                   : ALIPAY_NOT_PAID;
    return OK;
}

static enum err read_notice(const struct form_fields *fields, struct arena *arena, struct fault *fault,
                            struct alipay_notice *notice)
{
    TRY(read_kind(fields, arena, fault, notice));
    bool paid = notice->kind == ALIPAY_PAID, named = notice->kind != ALIPAY_NOT_PAID;
    TRY(read_identifier(fields, "notify_id", NOTIFY_ID_SIZE_MAX, false, arena, fault, &notice->notify_id));
    TRY(read_identifier(fields, "trade_no", NUMBER_SIZE_MAX, named, arena, fault, &notice->trade_no));
    TRY(read_identifier(fields, "out_trade_no", NUMBER_SIZE_MAX, named, arena, fault, &notice->out_trade_no));
    TRY(read_amount(fields, "total_amount", paid, arena, fault, &notice->amount_fen));
    if (paid)
        TRY(read_paid_at(fields, arena, fault, &notice->paid_us));
    notice->buyer_masked = masked_buyer(fields, arena);
    return OK;
}

enum err alipay_read_notice(const struct alipay *alipay, struct bytes raw_form, struct arena *arena,
                            struct fault *fault, struct alipay_notice *out)
{
    struct form_fields fields;
    struct alipay_notice notice = {0};
    TRY(form_parse(raw_form, arena, &fields));
    TRY(check_signature(alipay, &fields, arena, fault));
    TRY(to_utf8(&fields, arena));
    TRY(check_identity(alipay, &fields, fault));
    TRY(read_notice(&fields, arena, fault, &notice));
    *out = notice;
    return OK;
}
