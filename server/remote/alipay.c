/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of Alipay: alipay.trade.page.pay, the form that takes the payer there, and alipay.trade.query, each
 * signed with the application's key (RSA2: SHA-256 with RSA over the sorted parameters,
 * opendocs.alipay.com/common/02kf5q). */
#include "remote/alipay.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "domain/money.h"
#include "remote/alipay_key.h"
#include "remote/payment_text.h"

#include <string.h>

#define KEY_FILE_MAX       16384
#define SUBJECT_LENGTH_MAX 256
#define URL_SIZE_MAX       256
#define SYSTEM_FIELDS      7  /* of every request */
#define FIELDS_MAX         11 /* with what one brings itself, and sign */

/* -- who we are --------------------------------------------------------------------------------------------------- */

static enum err need(const char *value, const char *key)
{
    if (value != NULL && value[0] != '\0')
        return OK;
    log_error("alipay", "alipay.%s must be set when alipay.app_id is", key);
    return ERR_SETTINGS_INVALID;
}

static enum err add_public(const char *path, struct arena *arena, struct alipay *alipay)
{
    struct bytes text;
    if (alipay->public_key_count == ALIPAY_KEYS_MAX) {
        log_error("alipay", "alipay.public_key_file: no more than %d keys", ALIPAY_KEYS_MAX);
        return ERR_SETTINGS_INVALID;
    }
    TRY(file_read(arena, path, KEY_FILE_MAX, &text));
    if (rsa_load_public(text, &alipay->public_keys[alipay->public_key_count]) != OK) {
        log_error("alipay", "alipay.public_key_file: %s is not an RSA public key of at least 2048 bits", path);
        return ERR_SETTINGS_INVALID;
    }
    alipay->public_key_count++;
    return OK;
}

static enum err load_public(const struct settings *settings, struct arena *arena, struct alipay *alipay)
{
    char *rest = arena_text(arena, settings->alipay_public_key_file), *name;
    while ((name = strsep(&rest, " ")) != NULL)
        if (name[0] != '\0')
            TRY(add_public(settings_path(arena, settings, name), arena, alipay));
    return alipay->public_key_count > 0 ? OK : need("", "public_key_file");
}

bool alipay_signed(const struct alipay *alipay, struct bytes message, struct bytes signature)
{
    for (size_t i = 0; i < alipay->public_key_count; i++)
        if (rsa_verify(alipay->public_keys[i], message, signature))
            return true;
    return false;
}

static enum err load_private(const struct settings *settings, struct arena *arena, struct alipay *alipay)
{
    struct bytes text;
    TRY(need(settings->alipay_private_key_file, "private_key_file"));
    const char *path = settings_path(arena, settings, settings->alipay_private_key_file);
    TRY(file_read_secret(arena, path, &text));
    if (rsa_load_private(text, &alipay->private_key) == OK)
        return OK;
    log_error("alipay", "alipay.private_key_file: %s is not an RSA private key of at least 2048 bits", path);
    return ERR_SETTINGS_INVALID;
}

static enum err load(const struct settings *settings, bool with_private_key, struct arena *arena, struct alipay *alipay)
{
    TRY(need(settings->alipay_app_id, "app_id"));
    TRY(need(settings->alipay_seller_id, "seller_id"));
    TRY(need(settings->alipay_gateway_url, "gateway_url"));
    if (strchr(settings->alipay_gateway_url, '?') != NULL) {
        log_error("alipay", "alipay.gateway_url must not have a query");
        return ERR_SETTINGS_INVALID;
    }
    alipay->app_id = arena_text(arena, settings->alipay_app_id);
    alipay->seller_id = arena_text(arena, settings->alipay_seller_id);
    alipay->gateway_url = arena_text(arena, settings->alipay_gateway_url);
    alipay->precreates = settings->alipay_precreate != 0;
    TRY(load_public(settings, arena, alipay));
    TRY(alipay_load_certificates(settings, arena, alipay));
    return with_private_key ? load_private(settings, arena, alipay) : OK;
}

enum err alipay_load(const struct settings *settings, bool with_private_key, struct arena *arena, struct alipay **out)
{
    struct alipay *alipay = ARENA_NEW(arena, struct alipay);
    enum err err = load(settings, with_private_key, arena, alipay);
    if (err == OK)
        *out = alipay;
    else
        alipay_free(alipay);
    return err;
}

void alipay_free(struct alipay *alipay)
{
    if (alipay == NULL)
        return;
    rsa_free(alipay->private_key);
    for (size_t i = 0; i < alipay->public_key_count; i++)
        rsa_free(alipay->public_keys[i]);
    alipay->private_key = NULL;
    alipay->public_key_count = 0;
}

/* -- the order ---------------------------------------------------------------------------------------------------- */

static bool url_fits(const char *url)
{
    return strncmp(url, "http", 4) == 0 && strlen(url) <= URL_SIZE_MAX;
}

static bool order_fits(const struct alipay_order *order)
{
    return payment_number_fits(order->out_trade_no) && order->amount_fen > 0 && order->amount_fen <= PAYMENT_FEN_MAX &&
           order->expires_us > order->now_us && url_fits(order->notify_url) && strchr(order->notify_url, '?') == NULL &&
           url_fits(order->return_url) && order->subject[0] != '\0' &&
           utf8_valid(order->subject, strlen(order->subject));
}

/* alipay.trade.page.pay, subject: "不可使用特殊字符，如 /，=，& 等", at most 256 characters. */
static const char *clean_subject(struct arena *arena, const char *subject)
{
    char *clean = text_clip(arena, subject, SUBJECT_LENGTH_MAX);
    for (char *at = clean; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f || strchr("/=&", *at) != NULL)
            *at = ' ';
    }
    return clean;
}

/* Serialised once: the text that is signed is the text that is sent. */
static const char *biz_content(const struct alipay_order *order, const char *product, struct arena *arena)
{
    char expires[CLOCK_TEXT_SIZE];
    clock_format_plain(order->expires_us, expires);
    struct json *content = json_new_object();
    json_put_text(content, "out_trade_no", order->out_trade_no);
    json_put_text(content, "product_code", product);
    json_put_text(content, "total_amount", money_text_yuan(arena, order->amount_fen));
    json_put_text(content, "subject", clean_subject(arena, order->subject));
    json_put_text(content, "time_expire", expires);
    size_t size;
    return json_finish(content, arena, &size);
}

/* -- requests ----------------------------------------------------------------------------------------------------- */

void alipay_add(struct form_fields *fields, const char *name, const char *value)
{
    fields->items[fields->count++] = (struct form_field){name, value};
}

struct form_fields alipay_begin(const struct alipay *alipay, const char *method, int64_t now_us, struct arena *arena)
{
    char now[CLOCK_TEXT_SIZE];
    clock_format_plain(now_us, now);
    const struct form_field system[SYSTEM_FIELDS] = {
        {"app_id", alipay->app_id}, {"method", method},    {"format", "JSON"},
        {"charset", "utf-8"},       {"sign_type", "RSA2"}, {"timestamp", arena_text(arena, now)},
        {"version", "1.0"},
    };
    struct form_fields fields = {arena_alloc(arena, FIELDS_MAX * sizeof(struct form_field)), SYSTEM_FIELDS};
    memcpy(fields.items, system, sizeof(system));
    if (alipay->app_cert_sn != NULL) {
        alipay_add(&fields, "app_cert_sn", alipay->app_cert_sn);
        alipay_add(&fields, "alipay_root_cert_sn", alipay->root_cert_sn);
    }
    return fields;
}

enum err alipay_finish(const struct alipay *alipay, struct form_fields *fields, struct arena *arena, struct form *form)
{
    struct bytes signature;
    form_sort(fields); /* sign_type is signed here, unlike in notices */
    ENSURE(alipay->private_key != NULL, ERR_INTERNAL);
    TRY(rsa_sign(alipay->private_key, form_join(fields, arena), arena, &signature));
    alipay_add(fields, "sign", base64_encode(arena, signature));
    /* Without charset in the address Alipay reads the form as GBK, and the signature fails. */
    form->action = arena_format(arena, "%s?charset=utf-8", alipay->gateway_url);
    form->fields = *fields;
    return OK;
}

enum err alipay_request(const struct alipay *alipay, const char *method, const char *biz_content, int64_t now_us,
                        struct arena *arena, struct form *form)
{
    struct form_fields fields = alipay_begin(alipay, method, now_us, arena);
    alipay_add(&fields, "biz_content", biz_content);
    return alipay_finish(alipay, &fields, arena, form);
}

bool alipay_precreates(const struct alipay *alipay)
{
    return alipay->precreates;
}

enum err alipay_precreate(const struct alipay *alipay, const struct alipay_order *order, struct arena *arena,
                          struct form *form)
{
    ENSURE(order_fits(order), ERR_INTERNAL);
    struct form_fields fields = alipay_begin(alipay, "alipay.trade.precreate", order->now_us, arena);
    alipay_add(&fields, "notify_url", arena_text(arena, order->notify_url));
    alipay_add(&fields, "biz_content", biz_content(order, "FACE_TO_FACE_PAYMENT", arena));
    return alipay_finish(alipay, &fields, arena, form);
}

enum err alipay_page_pay(const struct alipay *alipay, const struct alipay_order *order, struct arena *arena,
                         struct form *form)
{
    ENSURE(alipay->private_key != NULL && order_fits(order), ERR_INTERNAL);
    struct form_fields fields = alipay_begin(alipay, "alipay.trade.page.pay", order->now_us, arena);
    alipay_add(&fields, "notify_url", arena_text(arena, order->notify_url));
    alipay_add(&fields, "return_url", arena_text(arena, order->return_url));
    alipay_add(&fields, "biz_content", biz_content(order, "FAST_INSTANT_TRADE_PAY", arena));
    return alipay_finish(alipay, &fields, arena, form);
}

enum err alipay_query(const struct alipay *alipay, const char *out_trade_no, int64_t now_us, struct arena *arena,
                      struct form *form)
{
    ENSURE(alipay->private_key != NULL && payment_number_fits(out_trade_no), ERR_INTERNAL);
    /* letters and digits: nothing to escape */
    return alipay_request(alipay, "alipay.trade.query", arena_format(arena, "{\"out_trade_no\":\"%s\"}", out_trade_no),
                          now_us, arena, form);
}

enum err alipay_close(const struct alipay *alipay, const char *out_trade_no, int64_t now_us, struct arena *arena,
                      struct form *form)
{
    ENSURE(payment_number_fits(out_trade_no), ERR_INTERNAL);
    return alipay_request(alipay, "alipay.trade.close", arena_format(arena, "{\"out_trade_no\":\"%s\"}", out_trade_no),
                          now_us, arena, form);
}
