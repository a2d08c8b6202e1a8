/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of WeChat Pay: method, path, time, nonce and body are signed together (doc/v3/merchant/4012365342), so
 * a request is signed anew each time it is sent. */
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "remote/payment_text.h"
#include "remote/wechat_key.h"

#include <inttypes.h>
#include <string.h>

#define DESCRIPTION_LENGTH_MAX 127
#define URL_SIZE_MAX           255
#define NONCE_BYTES            16

/* -- the signature ------------------------------------------------------------------------------------------------ */

static const char *fresh_nonce(struct arena *arena)
{
    uint8_t nonce[NONCE_BYTES];
    random_bytes(nonce, sizeof(nonce));
    return hex_encode(arena, (struct bytes){nonce, sizeof(nonce)});
}

static enum err sign(const struct wechat *wechat, const char *method, const char *path, struct bytes body,
                     int64_t now_us, struct arena *arena, const char **authorization)
{
    const char *nonce = fresh_nonce(arena);
    const char *time = arena_format(arena, "%" PRId64, now_us / CLOCK_SECOND_US);
    const char *text = arena_format(arena, "%s\n%s\n%s\n%s\n%.*s\n", method, path, time, nonce, (int)body.size,
                                    body.size == 0 ? "" : (const char *)body.data);
    struct bytes signature;
    TRY(rsa_sign(wechat->private_key, bytes_of_text(text), arena, &signature));
    *authorization = arena_format(arena,
                                  "WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"%s\",timestamp=\"%s\","
                                  "serial_no=\"%s\",signature=\"%s\"",
                                  wechat->merchant_id, nonce, time, wechat->merchant_serial,
                                  base64_encode(arena, signature));
    return OK;
}

enum err wechat_sign_request(const struct wechat *wechat, const char *method, const char *path, struct json *body,
                             int64_t now_us, struct arena *arena, struct wechat_request *out)
{
    struct wechat_request request = {.method = method, .serial = wechat->wanted_serial};
    if (body != NULL)
        request.body.data = (const uint8_t *)json_finish(body, arena, &request.body.size);
    TRY(sign(wechat, method, path, request.body, now_us, arena, &request.authorization));
    request.url = arena_format(arena, "%s%s", wechat->api_url, path);
    *out = request;
    return OK;
}

/* -- an order ----------------------------------------------------------------------------------------------------- */

static bool order_fits(const struct wechat_order *order)
{
    return payment_number_fits(order->out_trade_no) && order->amount_fen > 0 && order->amount_fen <= PAYMENT_FEN_MAX &&
           order->expires_us > order->now_us && strncmp(order->notify_url, "http", 4) == 0 &&
           strlen(order->notify_url) <= URL_SIZE_MAX && strchr(order->notify_url, '?') == NULL &&
           order->description[0] != '\0' && utf8_valid(order->description, strlen(order->description));
}

enum err wechat_native(const struct wechat *wechat, const struct wechat_order *order, struct arena *arena,
                       struct wechat_request *out)
{
    ENSURE(wechat->private_key != NULL && order_fits(order), ERR_INTERNAL);
    struct json *body = json_new_object(), *amount = json_new_object();
    json_put_text(body, "appid", wechat->app_id);
    json_put_text(body, "mchid", wechat->merchant_id);
    json_put_text(body, "description", text_clip(arena, order->description, DESCRIPTION_LENGTH_MAX));
    json_put_text(body, "out_trade_no", order->out_trade_no);
    json_put_text(body, "time_expire", clock_text(arena, order->expires_us));
    json_put_text(body, "notify_url", order->notify_url);
    json_put_integer(amount, "total", order->amount_fen);
    json_put_text(amount, "currency", "CNY");
    json_put(body, "amount", amount);
    return wechat_sign_request(wechat, "POST", "/v3/pay/transactions/native", body, order->now_us, arena, out);
}

enum err wechat_query(const struct wechat *wechat, const char *out_trade_no, int64_t now_us, struct arena *arena,
                      struct wechat_request *out)
{
    ENSURE(wechat->private_key != NULL && payment_number_fits(out_trade_no), ERR_INTERNAL);
    const char *path = arena_format(arena, "/v3/pay/transactions/out-trade-no/%s?mchid=%s", out_trade_no,
                                    wechat->merchant_id);
    return wechat_sign_request(wechat, "GET", path, NULL, now_us, arena, out);
}

enum err wechat_certificates(const struct wechat *wechat, int64_t now_us, struct arena *arena,
                             struct wechat_request *out)
{
    ENSURE(wechat->private_key != NULL, ERR_INTERNAL);
    return wechat_sign_request(wechat, "GET", "/v3/certificates?algorithm_type=RSA", NULL, now_us, arena, out);
}

enum err wechat_close(const struct wechat *wechat, const char *out_trade_no, int64_t now_us, struct arena *arena,
                      struct wechat_request *out)
{
    ENSURE(wechat->private_key != NULL && payment_number_fits(out_trade_no), ERR_INTERNAL);
    struct json *body = json_new_object();
    json_put_text(body, "mchid", wechat->merchant_id);
    const char *path = arena_format(arena, "/v3/pay/transactions/out-trade-no/%s/close", out_trade_no);
    return wechat_sign_request(wechat, "POST", path, body, now_us, arena, out);
}
