/* SPDX-License-Identifier: Apache-2.0 */
/* Who we are to UnionPay, and what we send: frontTransReq through the payer's browser, queryTrans from here. */
#include "remote/unionpay.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "pki/pkcs12.h"
#include "remote/unionpay_key.h"

#include <stdio.h>
#include <string.h>

#define PFX_SIZE_MAX     65536
#define MERCHANT_SIZE    15
#define URL_SIZE_MAX     256
#define NUMBER_SIZE_MIN  8
#define NUMBER_SIZE_MAX  32
#define AMOUNT_MAX_FEN   INT64_C(999999999999) /* 12 digits */
#define FORM_FIELDS_MAX  24
#define QUERY_FIELDS_MAX 14

/* -- who we are --------------------------------------------------------------------------------------------------- */

static enum err need(const char *value, const char *key)
{
    if (value != NULL && value[0] != '\0')
        return OK;
    log_error("unionpay", "unionpay.%s must be set when unionpay.merchant_id is", key);
    return ERR_SETTINGS_INVALID;
}

static enum err load_key(const struct settings *settings, struct arena *arena, struct unionpay *unionpay)
{
    struct bytes file, password, der;
    struct certificate certificate;
    TRY(need(settings->unionpay_pfx_file, "pfx_file"));
    TRY(need(settings->unionpay_password_file, "password_file"));
    const char *path = settings_path(arena, settings, settings->unionpay_pfx_file);
    TRY(file_read(arena, path, PFX_SIZE_MAX, &file));
    TRY(file_read_secret(arena, settings_path(arena, settings, settings->unionpay_password_file), &password));
    const char *secret = arena_text_n(arena, (const char *)password.data, password.size);
    if (pkcs12_load(file, secret, arena, &unionpay->key, &der) != OK ||
        certificate_parse(arena, der, &certificate) != OK) {
        log_error("unionpay",
                  "unionpay.pfx_file: %s holds no RSA key of at least 2048 bits with its certificate that "
                  "unionpay.password_file opens",
                  path);
        return ERR_SETTINGS_INVALID;
    }
    unionpay->cert_id = certificate_serial_decimal(arena, &certificate);
    unionpay->subject = certificate.subject;
    unionpay->not_after_us = certificate.not_after_us;
    return OK;
}

static enum err load_trust(const struct settings *settings, struct arena *arena, struct unionpay *unionpay)
{
    TRY(need(settings->unionpay_root_file, "root_file"));
    TRY(need(settings->unionpay_middle_file, "middle_file"));
    const char *const paths[] = {settings_path(arena, settings, settings->unionpay_root_file),
                                 settings_path(arena, settings, settings->unionpay_middle_file)};
    return pinned_load(paths, ARRAY_SIZE(paths), &unionpay->trust);
}

static enum err load_merchant(const struct settings *settings, struct arena *arena, struct unionpay *unionpay)
{
    const char *id = settings->unionpay_merchant_id;
    if (strlen(id) != MERCHANT_SIZE || strspn(id, "0123456789") != MERCHANT_SIZE) {
        log_error("unionpay", "unionpay.merchant_id must be %d digits", MERCHANT_SIZE);
        return ERR_SETTINGS_INVALID;
    }
    TRY(need(settings->unionpay_front_url, "front_url"));
    TRY(need(settings->unionpay_query_url, "query_url"));
    TRY(need(settings->unionpay_back_url, "back_url"));
    unionpay->merchant_id = arena_text(arena, id);
    unionpay->front_url = arena_text(arena, settings->unionpay_front_url);
    unionpay->query_url = arena_text(arena, settings->unionpay_query_url);
    unionpay->back_url = arena_text(arena, settings->unionpay_back_url);
    unionpay->sandbox = settings->unionpay_sandbox != 0;
    return OK;
}

static enum err load(const struct settings *settings, bool with_key, struct arena *arena, struct unionpay *unionpay)
{
    TRY(load_merchant(settings, arena, unionpay));
    TRY(load_trust(settings, arena, unionpay));
    return with_key ? load_key(settings, arena, unionpay) : OK;
}

enum err unionpay_load(const struct settings *settings, bool with_key, struct arena *arena, struct unionpay **out)
{
    struct unionpay *unionpay = ARENA_NEW(arena, struct unionpay);
    enum err err = load(settings, with_key, arena, unionpay);
    if (err == OK)
        *out = unionpay;
    else
        unionpay_free(unionpay);
    return err;
}

void unionpay_free(struct unionpay *unionpay)
{
    if (unionpay == NULL)
        return;
    rsa_free(unionpay->key);
    pinned_free(unionpay->trust);
    unionpay->key = NULL;
    unionpay->trust = NULL;
}

/* -- words -------------------------------------------------------------------------------------------------------- */

const char *unionpay_product_code(enum unionpay_product product)
{
    return product == UNIONPAY_B2B ? "000202" : "000201";
}

bool unionpay_order_id_fits(const char *order_id)
{
    size_t size = strspn(order_id, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    return order_id[size] == '\0' && size >= NUMBER_SIZE_MIN && size <= NUMBER_SIZE_MAX;
}

void unionpay_format_time(int64_t unix_us, char text[static UNIONPAY_TIME_SIZE])
{
    char plain[CLOCK_TEXT_SIZE];
    size_t size = 0;
    clock_format_plain(unix_us, plain);
    for (const char *at = plain; *at != '\0' && size < UNIONPAY_TIME_SIZE - 1; at++)
        if (*at >= '0' && *at <= '9')
            text[size++] = *at;
    text[size] = '\0';
}

bool unionpay_parse_time(const char *text, int64_t *unix_us)
{
    char plain[CLOCK_TEXT_SIZE];
    if (strlen(text) != UNIONPAY_TIME_SIZE - 1)
        return false;
    snprintf(plain, sizeof(plain), "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", text, text + 4, text + 6, text + 8, text + 10,
             text + 12);
    return clock_parse_plain(plain, unix_us);
}

/* -- what we send ------------------------------------------------------------------------------------------------- */

static bool url_fits(const char *url)
{
    return strncmp(url, "http", 4) == 0 && strlen(url) <= URL_SIZE_MAX && strchr(url, '?') == NULL;
}

static bool order_fits(const struct unionpay_order *order)
{
    return unionpay_order_id_fits(order->transaction.order_id) && order->amount_fen > 0 &&
           order->amount_fen <= AMOUNT_MAX_FEN && order->expires_us > order->transaction.txn_time_us &&
           url_fits(order->back_url) && url_fits(order->front_url);
}

static const char *time_text(struct arena *arena, int64_t unix_us)
{
    char text[UNIONPAY_TIME_SIZE];
    unionpay_format_time(unix_us, text);
    return arena_text(arena, text);
}

static struct form_fields copy_fields(struct arena *arena, const struct form_field *fields, size_t count, size_t max)
{
    struct form_fields copy = {arena_alloc(arena, max * sizeof(struct form_field)), count};
    memcpy(copy.items, fields, count * sizeof(struct form_field));
    return copy;
}

enum err unionpay_front_pay(const struct unionpay *unionpay, const struct unionpay_order *order, struct arena *arena,
                            struct form *form)
{
    ENSURE(unionpay->key != NULL && order_fits(order), ERR_INTERNAL);
    const struct form_field fields[] = {
        {"version", UNIONPAY_VERSION},
        {"encoding", UNIONPAY_ENCODING},
        {"signMethod", UNIONPAY_SIGN_METHOD},
        {"txnType", "01"}, /* a payment */
        {"txnSubType", "01"},
        {"bizType", unionpay_product_code(order->transaction.product)},
        {"channelType", "07"}, /* internet */
        {"accessType", "0"},   /* the merchant itself */
        {"merId", unionpay->merchant_id},
        {"orderId", arena_text(arena, order->transaction.order_id)},
        {"txnTime", time_text(arena, order->transaction.txn_time_us)},
        {"txnAmt", arena_format(arena, "%lld", (long long)order->amount_fen)},
        {"currencyCode", UNIONPAY_CURRENCY},
        {"backUrl", arena_text(arena, order->back_url)},
        {"frontUrl", arena_text(arena, order->front_url)},
        {"payTimeout", time_text(arena, order->expires_us)},
        {"riskRateInfo", "{commodityName=数字证书续期}"},
    };
    struct form_fields all = copy_fields(arena, fields, ARRAY_SIZE(fields), FORM_FIELDS_MAX);
    TRY(unionpay_sign(unionpay, arena, &all));
    form->action = unionpay->front_url;
    form->fields = all;
    return OK;
}

const char *unionpay_query_url(const struct unionpay *unionpay)
{
    return unionpay->query_url;
}

enum err unionpay_query(const struct unionpay *unionpay, const struct unionpay_transaction *transaction,
                        struct arena *arena, struct bytes *body)
{
    ENSURE(unionpay->key != NULL && unionpay_order_id_fits(transaction->order_id), ERR_INTERNAL);
    const struct form_field fields[] = {
        {"version", UNIONPAY_VERSION},
        {"encoding", UNIONPAY_ENCODING},
        {"signMethod", UNIONPAY_SIGN_METHOD},
        {"txnType", "00"}, /* a question */
        {"txnSubType", "00"},
        {"bizType", unionpay_product_code(transaction->product)},
        {"accessType", "0"},
        {"merId", unionpay->merchant_id},
        {"orderId", transaction->order_id},
        {"txnTime", time_text(arena, transaction->txn_time_us)},
    };
    struct form_fields all = copy_fields(arena, fields, ARRAY_SIZE(fields), QUERY_FIELDS_MAX);
    TRY(unionpay_sign(unionpay, arena, &all));
    *body = form_post_body(&all, arena);
    return OK;
}

const char *unionpay_back_url(const struct unionpay *unionpay)
{
    return unionpay->back_url;
}

enum err unionpay_send_back(const struct unionpay *unionpay, const struct unionpay_refund *refund, struct arena *arena,
                            struct bytes *body)
{
    ENSURE(unionpay->key != NULL && unionpay_order_id_fits(refund->transaction.order_id) && refund->amount_fen > 0 &&
               refund->amount_fen <= AMOUNT_MAX_FEN && url_fits(refund->back_url) && refund->paid_query_id[0] != '\0',
           ERR_INTERNAL);
    const struct form_field fields[] = {
        {"version", UNIONPAY_VERSION},
        {"encoding", UNIONPAY_ENCODING},
        {"signMethod", UNIONPAY_SIGN_METHOD},
        {"txnType", "04"}, /* a refund; 31 would cancel on the same day only */
        {"txnSubType", "00"},
        {"bizType", unionpay_product_code(refund->transaction.product)},
        {"channelType", "07"},
        {"accessType", "0"},
        {"merId", unionpay->merchant_id},
        {"orderId", refund->transaction.order_id},
        {"origQryId", refund->paid_query_id},
        {"txnTime", time_text(arena, refund->transaction.txn_time_us)},
        {"txnAmt", arena_format(arena, "%lld", (long long)refund->amount_fen)},
        {"currencyCode", UNIONPAY_CURRENCY},
        {"backUrl", refund->back_url},
    };
    struct form_fields all = copy_fields(arena, fields, ARRAY_SIZE(fields), FORM_FIELDS_MAX);
    TRY(unionpay_sign(unionpay, arena, &all));
    *body = form_post_body(&all, arena);
    return OK;
}
