/* SPDX-License-Identifier: Apache-2.0 */
/* What WeChat Pay says, in answers and in notices (doc/v3/merchant/4012071382 for the signature, 4013070368 for
 * notices). First the signature over the bytes as they came, then what they say and of whom. */
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "remote/payment_text.h"
#include "remote/wechat_key.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CLOCK_SKEW_S       300
#define TIMESTAMP_SIZE_MAX 12
#define NONCE_SIZE_MAX     128
#define NUMBER_SIZE_MAX    64
#define CODE_URL_SIZE_MAX  512
#define REFUND_EVENT       "REFUND."
#define OPENID_SIZE_MIN    13 /* a shorter one would be shown */

enum err wechat_malformed(struct fault *fault, const char *name)
{
    if (fault == NULL)
        return ERR_FORM_MALFORMED;
    return fault_explain(fault, ERR_FORM_MALFORMED, arena_format(fault->arena, "%s无法识别", name),
                         arena_format(fault->arena, "%s cannot be read", name));
}

enum err wechat_mismatch(struct fault *fault, const char *name)
{
    if (fault == NULL)
        return ERR_NOTICE_MISMATCH;
    return fault_explain(fault, ERR_NOTICE_MISMATCH, arena_format(fault->arena, "%s不是本商户的", name),
                         arena_format(fault->arena, "%s is not ours", name));
}

/* -- the signature ------------------------------------------------------------------------------------------------ */

static bool read_timestamp(const char *text, int64_t *seconds)
{
    size_t size = strspn(text, "0123456789");
    if (size == 0 || text[size] != '\0' || size > TIMESTAMP_SIZE_MAX)
        return false;
    *seconds = strtoll(text, NULL, 10);
    return true;
}

/* A serial number may come with the zero that fills its first octet; no public key's id begins with one. */
static const struct wechat_key *find_key(const struct wechat *wechat, const char *serial, int64_t now_us)
{
    serial += strspn(serial, "0");
    for (size_t i = 0; i < wechat->key_count; i++) {
        const struct wechat_key *key = &wechat->keys[i];
        if (strcasecmp(key->serial, serial) == 0)
            return now_us >= key->not_before_us && now_us <= key->not_after_us ? key : NULL;
    }
    return NULL;
}

static enum err unsigned_by(struct fault *fault, const char *zh, const char *en)
{
    return fault_explain(fault, ERR_NOTICE_SIGNATURE, zh, en);
}

enum err wechat_verify(const struct wechat *wechat, const struct wechat_headers *headers, struct bytes body,
                       int64_t now_us, struct arena *arena, struct fault *fault)
{
    int64_t seconds;
    if (headers->timestamp == NULL || headers->nonce == NULL || headers->signature == NULL || headers->serial == NULL)
        return unsigned_by(fault, "缺少Wechatpay-Timestamp、-Nonce、-Signature或-Serial",
                           "A Wechatpay header is missing");
    if (!read_timestamp(headers->timestamp, &seconds) ||
        llabs(now_us / CLOCK_SECOND_US - seconds) > CLOCK_SKEW_S) /* in both directions: a replay, or a wrong clock */
        return unsigned_by(fault, "Wechatpay-Timestamp与当前时间相差超过5分钟", "More than five minutes old or ahead");
    const struct wechat_key *key = find_key(wechat, headers->serial, now_us);
    if (key == NULL)
        return unsigned_by(fault, "Wechatpay-Serial不是已配置的有效密钥",
                           "Wechatpay-Serial names no valid key of ours");
    struct bytes signature;
    if (strlen(headers->nonce) > NONCE_SIZE_MAX ||
        !base64_decode(arena, headers->signature, strlen(headers->signature), &signature))
        return unsigned_by(fault, "Wechatpay-Signature不是base64", "Wechatpay-Signature is not base64");
    struct bytes head = bytes_of_text(arena_format(arena, "%s\n%s\n", headers->timestamp, headers->nonce));
    uint8_t *text = arena_alloc(arena, head.size + body.size + 1);
    memcpy(text, head.data, head.size);
    if (body.size > 0)
        memcpy(text + head.size, body.data, body.size);
    text[head.size + body.size] = '\n';
    ENSURE(rsa_verify(key->key, (struct bytes){text, head.size + body.size + 1}, signature), ERR_NOTICE_SIGNATURE);
    return OK;
}

/* -- a trade ------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *word;
    enum wechat_state state;
} states[] = {
    {"SUCCESS", WECHAT_PAID},   {"REFUND", WECHAT_PAID},       {"NOTPAY", WECHAT_UNPAID},   {"CLOSED", WECHAT_CLOSED},
    {"REVOKED", WECHAT_CLOSED}, {"USERPAYING", WECHAT_UNPAID}, {"PAYERROR", WECHAT_UNPAID},
};

bool wechat_is_number(const char *text)
{
    size_t size = strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-|*@");
    return size > 0 && size <= NUMBER_SIZE_MAX && text[size] == '\0';
}

/* For people who compare. */
static const char *masked_buyer(const struct json *trade, struct arena *arena)
{
    const struct json *payer = json_member(trade, "payer");
    const char *openid = payer == NULL ? NULL : json_member_text(payer, "openid");
    if (openid == NULL || !wechat_is_number(openid) || strlen(openid) < OPENID_SIZE_MIN)
        return "";
    return payer_mask(arena, openid);
}

static enum err check_owner(const struct wechat *wechat, const struct json *trade, struct fault *fault)
{
    const char *merchant = json_member_text(trade, "mchid"), *app = json_member_text(trade, "appid");
    if (merchant == NULL || strcmp(merchant, wechat->merchant_id) != 0)
        return wechat_mismatch(fault, "mchid");
    if (app == NULL || strcmp(app, wechat->app_id) != 0)
        return wechat_mismatch(fault, "appid");
    return OK;
}

/* amount.total is the order; payer_total is less where a coupon was used. */
static enum err read_payment(const struct json *trade, struct arena *arena, struct fault *fault,
                             struct wechat_trade *out)
{
    const struct json *amount = json_member(trade, "amount");
    const char *transaction = json_member_text(trade, "transaction_id");
    const char *currency = amount == NULL ? NULL : json_member_text(amount, "currency");
    const char *paid_at = json_member_text(trade, "success_time");
    if (transaction == NULL || !wechat_is_number(transaction))
        return wechat_malformed(fault, "transaction_id");
    if (amount == NULL || !json_member_integer(amount, "total", &out->amount_fen) || out->amount_fen <= 0)
        return wechat_malformed(fault, "amount.total");
    if (currency == NULL || strcmp(currency, "CNY") != 0)
        return wechat_mismatch(fault, "amount.currency");
    if (paid_at == NULL || !clock_parse(paid_at, &out->paid_us))
        return wechat_malformed(fault, "success_time");
    out->transaction_id = arena_text(arena, transaction);
    out->buyer_masked = masked_buyer(trade, arena);
    return OK;
}

static enum err read_state(const struct json *trade, struct arena *arena, struct fault *fault, struct wechat_trade *out)
{
    const char *word = json_member_text(trade, "trade_state");
    for (size_t i = 0; word != NULL && i < ARRAY_SIZE(states); i++) {
        if (strcmp(states[i].word, word) == 0) {
            out->state = states[i].state;
            out->said = arena_text(arena, word);
            return OK;
        }
    }
    return wechat_malformed(fault, "trade_state");
}

static enum err read_trade(const struct wechat *wechat, const struct json *trade, struct arena *arena,
                           struct fault *fault, struct wechat_trade *out)
{
    struct wechat_trade read = {.transaction_id = "", .buyer_masked = ""};
    const char *number = json_member_text(trade, "out_trade_no");
    TRY(check_owner(wechat, trade, fault));
    if (number == NULL || !wechat_is_number(number))
        return wechat_malformed(fault, "out_trade_no");
    read.out_trade_no = arena_text(arena, number);
    TRY(read_state(trade, arena, fault, &read));
    if (read.state == WECHAT_PAID)
        TRY(read_payment(trade, arena, fault, &read));
    *out = read;
    return OK;
}

/* -- answers ------------------------------------------------------------------------------------------------------ */

enum err wechat_parse(struct bytes body, struct fault *fault, struct json **document)
{
    return json_parse((const char *)body.data, body.size, fault, document) == OK ? OK : ERR_FORM_MALFORMED;
}

enum err wechat_read_native(struct bytes body, struct arena *arena, struct fault *fault, const char **code_url)
{
    AUTO_JSON *document = NULL;
    TRY(wechat_parse(body, fault, &document));
    const char *url = json_member_text(document, "code_url");
    if (url == NULL || strncmp(url, "weixin://", 9) != 0 || strlen(url) > CODE_URL_SIZE_MAX)
        return wechat_malformed(fault, "code_url");
    *code_url = arena_text(arena, url);
    return OK;
}

/* Only one code says something about the order; whatever else went wrong says nothing. */
static enum err read_error(struct bytes body, const char *out_trade_no, struct arena *arena, struct wechat_trade *out)
{
    AUTO_JSON *document = NULL;
    const char *code = wechat_parse(body, NULL, &document) == OK ? json_member_text(document, "code") : NULL;
    bool unknown_there = code != NULL && strcmp(code, "ORDER_NOT_EXIST") == 0;
    *out = (struct wechat_trade){.state = unknown_there ? WECHAT_NOT_FOUND : WECHAT_UNKNOWN,
                                 .said = code == NULL ? "" : arena_text(arena, code),
                                 .out_trade_no = out_trade_no,
                                 .transaction_id = "",
                                 .buyer_masked = ""};
    return OK;
}

enum err wechat_read_query(const struct wechat *wechat, int64_t status, struct bytes body, const char *out_trade_no,
                           struct arena *arena, struct fault *fault, struct wechat_trade *out)
{
    AUTO_JSON *document = NULL;
    struct wechat_trade trade;
    if (status != 200)
        return read_error(body, out_trade_no, arena, out);
    TRY(wechat_parse(body, fault, &document));
    TRY(read_trade(wechat, document, arena, fault, &trade));
    if (strcmp(trade.out_trade_no, out_trade_no) != 0)
        return wechat_mismatch(fault, "out_trade_no");
    *out = trade;
    return OK;
}

/* -- notices ------------------------------------------------------------------------------------------------------ */

static enum err open_resource(const struct wechat *wechat, const struct json *resource, struct arena *arena,
                              struct fault *fault, struct bytes *plain)
{
    const char *algorithm = json_member_text(resource, "algorithm"), *text = json_member_text(resource, "ciphertext");
    const char *nonce = json_member_text(resource, "nonce"), *aad = json_member_text(resource, "associated_data");
    struct bytes sealed;
    if (algorithm == NULL || strcmp(algorithm, "AEAD_AES_256_GCM") != 0)
        return wechat_malformed(fault, "resource.algorithm");
    if (nonce == NULL || text == NULL || !base64_decode(arena, text, strlen(text), &sealed))
        return wechat_malformed(fault, "resource.ciphertext");
    if (!gcm_open(wechat->api_key, bytes_of_text(nonce), bytes_of_text(aad == NULL ? "" : aad), sealed, arena, plain))
        return unsigned_by(fault, "无法用APIv3密钥解开resource", "The resource does not open under the APIv3 key");
    return OK;
}

static enum wechat_notice_kind kind_of(const char *event)
{
    if (strcmp(event, "TRANSACTION.SUCCESS") == 0)
        return WECHAT_NOTICE_PAID;
    return strncmp(event, REFUND_EVENT, strlen(REFUND_EVENT)) == 0 ? WECHAT_NOTICE_REFUND : WECHAT_NOTICE_OTHER;
}

static enum err open_notice(const struct wechat *wechat, const struct json *document, struct arena *arena,
                            struct fault *fault, struct json **out)
{
    struct bytes plain;
    const struct json *resource = json_member(document, "resource");
    if (resource == NULL)
        return wechat_malformed(fault, "resource");
    TRY(open_resource(wechat, resource, arena, fault, &plain));
    return wechat_parse(plain, fault, out);
}

/* Of another event than its own it would say two things at once. */
static enum err read_refund(const struct wechat *wechat, const struct json *document, struct arena *arena,
                            struct fault *fault, struct wechat_notice *notice)
{
    AUTO_JSON *refund = NULL;
    TRY(open_notice(wechat, document, arena, fault, &refund));
    const char *merchant = json_member_text(refund, "mchid"), *number = json_member_text(refund, "out_refund_no");
    const char *status = json_member_text(refund, "refund_status");
    if (merchant == NULL || strcmp(merchant, wechat->merchant_id) != 0)
        return wechat_mismatch(fault, "mchid");
    if (number == NULL || !wechat_is_number(number))
        return wechat_malformed(fault, "out_refund_no");
    if (status == NULL || strcmp(status, notice->event + strlen(REFUND_EVENT)) != 0)
        return wechat_malformed(fault, "refund_status");
    notice->out_refund_no = arena_text(arena, number);
    notice->refunded = strcmp(status, "SUCCESS") == 0;
    return OK;
}

static enum err read_paid(const struct wechat *wechat, const struct json *document, struct arena *arena,
                          struct fault *fault, struct wechat_trade *out)
{
    AUTO_JSON *trade = NULL;
    TRY(open_notice(wechat, document, arena, fault, &trade));
    TRY(read_trade(wechat, trade, arena, fault, out));
    if (strcmp(out->said, "SUCCESS") != 0) /* the event says so: it must be so */
        return wechat_malformed(fault, "trade_state");
    return OK;
}

enum err wechat_read_notice(const struct wechat *wechat, const struct wechat_headers *headers, struct bytes body,
                            int64_t now_us, struct arena *arena, struct fault *fault, struct wechat_notice *out)
{
    AUTO_JSON *document = NULL;
    struct wechat_notice notice = {0};
    TRY(wechat_verify(wechat, headers, body, now_us, arena, fault));
    TRY(wechat_parse(body, fault, &document));
    const char *id = json_member_text(document, "id"), *event = json_member_text(document, "event_type");
    if (id == NULL || event == NULL)
        return wechat_malformed(fault, id == NULL ? "id" : "event_type");
    notice.id = arena_text(arena, id);
    notice.event = arena_text(arena, event);
    notice.kind = kind_of(event);
    if (notice.kind == WECHAT_NOTICE_PAID)
        TRY(read_paid(wechat, document, arena, fault, &notice.trade));
    else if (notice.kind == WECHAT_NOTICE_REFUND)
        TRY(read_refund(wechat, document, arena, fault, &notice));
    *out = notice;
    return OK;
}
