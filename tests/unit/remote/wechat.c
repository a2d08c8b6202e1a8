/* SPDX-License-Identifier: Apache-2.0 */
/* WeChat Pay's messages, signed and sealed here as WeChat does it, with keys made by this run. */
#include "remote/wechat.h"

#include "base/clock.h"
#include "base/json.h"
#include "workshop.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MERCHANT_ID "1900000109"
#define APP_ID      "wxd678efh567hg6787"
#define API_KEY     "0123456789abcdef0123456789ABCDEF"
#define KEY_ID      "PUB_KEY_ID_0119000001092026112100000001"
#define NUMBER      "2026112113040501000000000101"
#define NOW_US      INT64_C(1795238645000000)

struct bench {
    struct workshop *workshop;
    struct arena *arena;
    struct wechat *wechat;
    struct fault fault;
};

static int open_bench(void **state)
{
    void *opened = NULL;
    workshop_open(&opened);
    struct workshop *workshop = opened;
    struct bench *bench = arena_alloc(workshop->arena, sizeof(*bench));
    *bench = (struct bench){.workshop = workshop, .arena = workshop->arena};
    fault_init(&bench->fault, bench->arena);
    workshop_write(workshop, "api.key", API_KEY, 0600);
    struct settings settings = workshop->settings;
    settings.wechat_merchant_id = MERCHANT_ID;
    settings.wechat_app_id = APP_ID;
    settings.wechat_merchant_serial = "5157f09efdc096de15ebe81a47057a72";
    settings.wechat_private_key_file = "private.pem";
    settings.wechat_api_key_file = "api.key";
    settings.wechat_public_key_id = KEY_ID;
    settings.wechat_public_key_file = "public.pem";
    settings.wechat_certificate_files = "";
    settings.wechat_api_url = "https://api.mch.weixin.qq.com";
    workshop->settings = settings;
    assert_int_equal(wechat_load(&workshop->settings, true, bench->arena, &bench->wechat), OK);
    *state = bench;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *bench = *state;
    void *workshop = bench->workshop;
    char path[128];
    snprintf(path, sizeof(path), "%s/api.key", bench->workshop->folder);
    unlink(path);
    wechat_free(bench->wechat);
    return workshop_close(&workshop);
}

/* -- what we ask -------------------------------------------------------------------------------------------------- */

static struct wechat_order good_order(void)
{
    return (struct wechat_order){.out_trade_no = NUMBER,
                                 .amount_fen = 20000,
                                 .description = "数字证书续期",
                                 .notify_url = "https://renew.example.com/notify/wechat",
                                 .expires_us = NOW_US + 1800 * CLOCK_SECOND_US,
                                 .now_us = NOW_US};
}

/* One quoted value of the Authorization header. */
static char *quoted(struct arena *arena, const char *authorization, const char *name)
{
    const char *at = strstr(authorization, arena_format(arena, "%s=\"", name));
    assert_non_null(at);
    at += strlen(name) + 2;
    return arena_text_n(arena, at, strcspn(at, "\""));
}

static bool signed_by_us(struct bench *bench, const struct wechat_request *request)
{
    struct arena *arena = bench->arena;
    const char *path = request->url + strlen("https://api.mch.weixin.qq.com");
    const char *sign = quoted(arena, request->authorization, "signature");
    struct bytes signature,
        text = bytes_of_text(arena_format(arena, "%s\n%s\n%s\n%s\n%.*s\n", request->method, path,
                                          quoted(arena, request->authorization, "timestamp"),
                                          quoted(arena, request->authorization, "nonce_str"), (int)request->body.size,
                                          request->body.size == 0 ? "" : (const char *)request->body.data));
    return base64_decode(arena, sign, strlen(sign), &signature) &&
           rsa_verify(bench->workshop->application_public_key, text, signature);
}

static void signs_a_native_order_over_method_path_time_nonce_and_body(void **state)
{
    struct bench *bench = *state;
    struct wechat_order order = good_order();
    struct wechat_request request;
    assert_int_equal(wechat_native(bench->wechat, &order, bench->arena, &request), OK);
    assert_string_equal(request.method, "POST");
    assert_string_equal(request.url, "https://api.mch.weixin.qq.com/v3/pay/transactions/native");
    assert_string_equal(request.serial, KEY_ID);
    assert_true(signed_by_us(bench, &request));
    assert_string_equal(quoted(bench->arena, request.authorization, "mchid"), MERCHANT_ID);
    assert_string_equal(quoted(bench->arena, request.authorization, "serial_no"), "5157F09EFDC096DE15EBE81A47057A72");
    assert_string_equal((const char *)request.body.data,
                        "{\"appid\":\"" APP_ID "\",\"mchid\":\"" MERCHANT_ID "\",\"description\":\"数字证书续期\","
                        "\"out_trade_no\":\"" NUMBER "\",\"time_expire\":\"2026-11-21T13:54:05+08:00\","
                        "\"notify_url\":\"https://renew.example.com/notify/wechat\","
                        "\"amount\":{\"total\":20000,\"currency\":\"CNY\"}}");
}

static void signs_each_request_anew(void **state)
{
    struct bench *bench = *state;
    struct wechat_request one, other;
    assert_int_equal(wechat_query(bench->wechat, NUMBER, NOW_US, bench->arena, &one), OK);
    assert_int_equal(wechat_query(bench->wechat, NUMBER, NOW_US, bench->arena, &other), OK);
    assert_string_not_equal(one.authorization, other.authorization);
}

static void signs_the_query_string_of_a_query_and_the_body_of_a_close(void **state)
{
    struct bench *bench = *state;
    struct wechat_request query, close;
    assert_int_equal(wechat_query(bench->wechat, NUMBER, NOW_US, bench->arena, &query), OK);
    assert_int_equal(wechat_close(bench->wechat, NUMBER, NOW_US, bench->arena, &close), OK);
    assert_string_equal(query.url,
                        "https://api.mch.weixin.qq.com/v3/pay/transactions/out-trade-no/" NUMBER "?mchid=" MERCHANT_ID);
    assert_string_equal(close.url, "https://api.mch.weixin.qq.com/v3/pay/transactions/out-trade-no/" NUMBER "/close");
    assert_string_equal((const char *)close.body.data, "{\"mchid\":\"" MERCHANT_ID "\"}");
    assert_true(signed_by_us(bench, &query) && signed_by_us(bench, &close));
}

static void keeps_127_characters_of_a_description(void **state)
{
    struct bench *bench = *state;
    struct wechat_order order = good_order();
    struct wechat_request request;
    const char *description = "";
    for (int i = 0; i < 130; i++)
        description = arena_format(bench->arena, "%s证", description);
    order.description = description;
    assert_int_equal(wechat_native(bench->wechat, &order, bench->arena, &request), OK);
    const char *kept = arena_format(bench->arena, "\"%.*s\"", 127 * 3, description);
    assert_non_null(strstr((const char *)request.body.data, kept));
}

static void refuses_an_order_that_wechat_cannot_take(void **state)
{
    struct bench *bench = *state;
    struct wechat_request request;
    struct wechat_order wrong[7];
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        wrong[i] = good_order();
    wrong[0].out_trade_no = "short";
    wrong[1].out_trade_no = "2026112113040501-0000000101";
    wrong[2].amount_fen = 0;
    wrong[3].notify_url = "https://renew.example.com/notify/wechat?a=1";
    wrong[4].description = "";
    wrong[5].expires_us = NOW_US;
    wrong[6].description = "\xff\xfe";
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_int_equal(wechat_native(bench->wechat, &wrong[i], bench->arena, &request), ERR_INTERNAL);
}

/* -- what WeChat says --------------------------------------------------------------------------------------------- */

struct post {
    struct wechat_headers headers;
    struct bytes body;
};

static struct post post_signed_by(struct bench *bench, const char *body, const struct rsa_key *key, int64_t at_us)
{
    struct arena *arena = bench->arena;
    const char *time = arena_format(arena, "%" PRId64, at_us / CLOCK_SECOND_US);
    const char *text = arena_format(arena, "%s\nabcdefNONCE\n%s\n", time, body);
    struct bytes signature;
    assert_int_equal(rsa_sign(key, bytes_of_text(text), arena, &signature), OK);
    return (struct post){{time, "abcdefNONCE", base64_encode(arena, signature), KEY_ID}, bytes_of_text(body)};
}

static struct post post(struct bench *bench, const char *body)
{
    return post_signed_by(bench, body, bench->workshop->alipay_key, NOW_US);
}

/* As WeChat seals a resource; flip: of which byte of the result a bit is wrong, -1: none. */
static char *sealed(struct bench *bench, const char *plain, const char *key, long flip)
{
    size_t size = strlen(plain);
    uint8_t *out = arena_alloc(bench->arena, size + 16);
    int part;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    assert_int_equal(
        EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, (const uint8_t *)key, (const uint8_t *)"nonce1234567"), 1);
    assert_int_equal(EVP_EncryptUpdate(ctx, NULL, &part, (const uint8_t *)"transaction", 11), 1);
    assert_int_equal(EVP_EncryptUpdate(ctx, out, &part, (const uint8_t *)plain, (int)size), 1);
    assert_int_equal(EVP_EncryptFinal_ex(ctx, out + size, &part), 1);
    assert_int_equal(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, out + size), 1);
    EVP_CIPHER_CTX_free(ctx);
    if (flip >= 0)
        out[(size_t)flip % (size + 16)] ^= 1;
    return base64_encode(bench->arena, (struct bytes){out, size + 16});
}

static const char trade[] =
    "{\"transaction_id\":\"1217752501201407033233368018\",\"amount\":{\"payer_total\":19000,\"total\":20000,"
    "\"currency\":\"CNY\",\"payer_currency\":\"CNY\"},\"mchid\":\"" MERCHANT_ID "\",\"trade_state\":\"SUCCESS\","
    "\"bank_type\":\"CMC\",\"success_time\":\"2026-11-21T13:23:59+08:00\",\"payer\":{\"openid\":"
    "\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"},\"out_trade_no\":\"" NUMBER "\",\"appid\":\"" APP_ID "\","
    "\"trade_type\":\"NATIVE\",\"attach\":\"\"}";

static char *notice_body(struct bench *bench, const char *event, const char *ciphertext)
{
    return arena_format(bench->arena,
                        "{\"id\":\"EV-2018022511223320873\",\"create_time\":\"2026-11-21T13:24:00+08:00\","
                        "\"resource_type\":\"encrypt-resource\",\"event_type\":\"%s\",\"summary\":\"支付成功\","
                        "\"resource\":{\"original_type\":\"transaction\",\"algorithm\":\"AEAD_AES_256_GCM\","
                        "\"ciphertext\":\"%s\",\"associated_data\":\"transaction\",\"nonce\":\"nonce1234567\"}}",
                        event, ciphertext);
}

static enum err read_post(struct bench *bench, const struct post *it, struct wechat_notice *notice)
{
    return wechat_read_notice(bench->wechat, &it->headers, it->body, NOW_US, bench->arena, &bench->fault, notice);
}

/* The good trade with one text changed. */
static enum err read_changed(struct bench *bench, const char *from, const char *to, struct wechat_notice *notice)
{
    const char *at = strstr(trade, from);
    assert_non_null(at);
    const char *changed = arena_format(bench->arena, "%.*s%s%s", (int)(at - trade), trade, to, at + strlen(from));
    struct post it = post(bench, notice_body(bench, "TRANSACTION.SUCCESS", sealed(bench, changed, API_KEY, -1)));
    return read_post(bench, &it, notice);
}

static void reads_a_paid_notice(void **state)
{
    struct wechat_notice notice;
    assert_int_equal(read_changed(*state, "CMC", "ICBC", &notice), OK);
    assert_int_equal(notice.kind, WECHAT_NOTICE_PAID);
    assert_string_equal(notice.id, "EV-2018022511223320873");
    assert_int_equal(notice.trade.state, WECHAT_PAID);
    assert_string_equal(notice.trade.out_trade_no, NUMBER);
    assert_string_equal(notice.trade.transaction_id, "1217752501201407033233368018");
    assert_int_equal(notice.trade.amount_fen, 20000); /* not what was left after a coupon */
    assert_string_equal(notice.trade.buyer_masked, "oUpF********************eS6o");
    int64_t paid_us;
    assert_true(clock_parse_plain("2026-11-21 13:23:59", &paid_us));
    assert_int_equal(notice.trade.paid_us, paid_us);
}

static void refuses_a_notice_that_another_key_signed(void **state)
{
    struct bench *bench = *state;
    struct wechat_notice notice;
    const char *body = notice_body(bench, "TRANSACTION.SUCCESS", sealed(bench, trade, API_KEY, -1));
    struct post it = post_signed_by(bench, body, bench->workshop->foreign_key, NOW_US);
    assert_int_equal(read_post(bench, &it, &notice), ERR_NOTICE_SIGNATURE);
}

static void refuses_every_changed_byte_of_the_body(void **state)
{
    struct bench *bench = *state;
    struct wechat_notice notice;
    char *body = notice_body(bench, "TRANSACTION.SUCCESS", sealed(bench, trade, API_KEY, -1));
    struct post it = post(bench, body);
    for (size_t i = 0; i < it.body.size; i += 7) {
        body[i] ^= 1;
        assert_int_equal(read_post(bench, &it, &notice), ERR_NOTICE_SIGNATURE);
        body[i] ^= 1;
    }
    assert_int_equal(read_post(bench, &it, &notice), OK);
}

static void refuses_a_probe(void **state)
{
    struct bench *bench = *state;
    struct wechat_notice notice;
    struct post it = post(bench, notice_body(bench, "TRANSACTION.SUCCESS", sealed(bench, trade, API_KEY, -1)));
    it.headers.signature = arena_format(bench->arena, "WECHATPAY/SIGNTEST/%s", it.headers.signature);
    assert_int_equal(read_post(bench, &it, &notice), ERR_NOTICE_SIGNATURE);
}

static void refuses_a_missing_header(void **state)
{
    struct bench *bench = *state;
    struct wechat_notice notice;
    struct post good = post(bench, notice_body(bench, "TRANSACTION.SUCCESS", sealed(bench, trade, API_KEY, -1)));
    for (int i = 0; i < 4; i++) {
        struct post it = good;
        *(i == 0   ? &it.headers.timestamp
          : i == 1 ? &it.headers.nonce
          : i == 2 ? &it.headers.signature
                   : &it.headers.serial) = NULL;
        assert_int_equal(read_post(bench, &it, &notice), ERR_NOTICE_SIGNATURE);
    }
}

static void refuses_a_serial_it_does_not_know(void **state)
{
    struct bench *bench = *state;
    struct wechat_notice notice;
    struct post it = post(bench, notice_body(bench, "TRANSACTION.SUCCESS", sealed(bench, trade, API_KEY, -1)));
    it.headers.serial = "PUB_KEY_ID_0119000001092026112100000002";
    assert_int_equal(read_post(bench, &it, &notice), ERR_NOTICE_SIGNATURE);
}

static void takes_five_minutes_of_age_or_of_future_and_no_more(void **state)
{
    struct bench *bench = *state;
    struct wechat_notice notice;
    const char *body = notice_body(bench, "TRANSACTION.SUCCESS", sealed(bench, trade, API_KEY, -1));
    static const struct {
        int64_t seconds;
        enum err expected;
    } cases[] = {{-300, OK}, {300, OK}, {-301, ERR_NOTICE_SIGNATURE}, {301, ERR_NOTICE_SIGNATURE}};
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct post it = post_signed_by(bench, body, bench->workshop->alipay_key,
                                        NOW_US + cases[i].seconds * CLOCK_SECOND_US);
        assert_int_equal(read_post(bench, &it, &notice), cases[i].expected);
    }
}

static void refuses_a_timestamp_that_is_no_number(void **state)
{
    struct bench *bench = *state;
    struct wechat_notice notice;
    static const char *const wrong[] = {"", "-1", "1e9", "99999999999999999999", "1795239845 "};
    struct post it = post(bench, notice_body(bench, "TRANSACTION.SUCCESS", sealed(bench, trade, API_KEY, -1)));
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        it.headers.timestamp = wrong[i];
        assert_int_equal(read_post(bench, &it, &notice), ERR_NOTICE_SIGNATURE);
    }
}

static void refuses_a_resource_whose_tag_or_text_is_wrong_though_well_signed(void **state)
{
    struct bench *bench = *state;
    struct wechat_notice notice;
    size_t size = strlen(trade) + 16;
    for (size_t i = 0; i < size; i += 11) {
        struct post it = post(bench, notice_body(bench, "TRANSACTION.SUCCESS", sealed(bench, trade, API_KEY, (long)i)));
        assert_int_equal(read_post(bench, &it, &notice), ERR_NOTICE_SIGNATURE);
    }
    struct post tag = post(bench,
                           notice_body(bench, "TRANSACTION.SUCCESS", sealed(bench, trade, API_KEY, (long)size - 1)));
    assert_int_equal(read_post(bench, &tag, &notice), ERR_NOTICE_SIGNATURE);
}

static void refuses_a_resource_under_another_api_key(void **state)
{
    struct bench *bench = *state;
    struct wechat_notice notice;
    const char *other = "0123456789abcdef0123456789ABCDEE";
    struct post it = post(bench, notice_body(bench, "TRANSACTION.SUCCESS", sealed(bench, trade, other, -1)));
    assert_int_equal(read_post(bench, &it, &notice), ERR_NOTICE_SIGNATURE);
}

static void refuses_a_resource_that_is_not_sealed(void **state)
{
    struct bench *bench = *state;
    struct wechat_notice notice;
    static const char *const ciphertexts[] = {"", "AAAA", "not base64!"};
    for (size_t i = 0; i < ARRAY_SIZE(ciphertexts); i++) {
        struct post it = post(bench, notice_body(bench, "TRANSACTION.SUCCESS", ciphertexts[i]));
        assert_int_not_equal(read_post(bench, &it, &notice), OK);
    }
}

static void refuses_a_payment_to_another_merchant_application_or_in_another_currency(void **state)
{
    struct wechat_notice notice;
    assert_int_equal(read_changed(*state, "\"mchid\":\"19", "\"mchid\":\"18", &notice), ERR_NOTICE_MISMATCH);
    assert_int_equal(read_changed(*state, APP_ID, "wxd678efh567hg6788", &notice), ERR_NOTICE_MISMATCH);
    assert_int_equal(read_changed(*state, "\"currency\":\"CNY\"", "\"currency\":\"HKD\"", &notice),
                     ERR_NOTICE_MISMATCH);
}

static void refuses_a_payment_it_cannot_read(void **state)
{
    static const struct {
        const char *from, *to;
    } changes[] = {
        {"\"total\":20000", "\"total\":\"20000\""},
        {"\"total\":20000", "\"total\":0"},
        {"\"total\":20000", "\"total\":-1"},
        {"\"total\":20000", "\"total\":200.5"},
        {"\"total\":20000,", ""},
        {"\"SUCCESS\"", "\"NOTPAY\""},
        {"\"SUCCESS\"", "\"REFUND\""},
        {"\"SUCCESS\"", "\"NEW_STATE\""},
        {"\"2026-11-21T13:23:59+08:00\"", "\"yesterday\""},
        {"\"1217752501201407033233368018\"", "\"\""},
        {"\"1217752501201407033233368018\"", "\"1';drop\""},
        {"\"" NUMBER "\"", "null"},
        {"{\"transaction_id\"", "[{\"transaction_id\""},
    };
    struct wechat_notice notice;
    for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
        assert_int_equal(read_changed(*state, changes[i].from, changes[i].to, &notice), ERR_FORM_MALFORMED);
}

#define REFUND_NUMBER "20261121130405010000000001R001"
static const char refund_told[] = "{\"mchid\":\"1900000109\",\"out_trade_no\":\"" NUMBER "\","
                                  "\"transaction_id\":\"4200001\",\"out_refund_no\":\"" REFUND_NUMBER "\","
                                  "\"refund_id\":\"50300001\",\"refund_status\":\"SUCCESS\","
                                  "\"amount\":{\"total\":20000,\"refund\":20000}}";

static void refuses_a_refund_notice_that_is_not_what_it_says(void **state)
{
    struct bench *bench = *state;
    const struct {
        const char *event, *from, *to;
        enum err err;
    } cases[] = {
        {"REFUND.SUCCESS", "1900000109", "1900000110", ERR_NOTICE_MISMATCH},
        {"REFUND.SUCCESS", "refund_status", "status", ERR_FORM_MALFORMED},
        {"REFUND.CLOSED", "SUCCESS", "SUCCESS", ERR_FORM_MALFORMED},
        {"REFUND.SUCCESS", "out_refund_no", "another_no_x", ERR_FORM_MALFORMED},
        {"REFUND.SUCCESS", REFUND_NUMBER, "../refund 1", ERR_FORM_MALFORMED},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct wechat_notice notice;
        const char *at = strstr(refund_told, cases[i].from);
        const char *told = arena_format(bench->arena, "%.*s%s%s", (int)(at - refund_told), refund_told, cases[i].to,
                                        at + strlen(cases[i].from));
        struct post it = post(bench, notice_body(bench, cases[i].event, sealed(bench, told, API_KEY, -1)));
        assert_int_equal(read_post(bench, &it, &notice), cases[i].err);
    }
    struct wechat_notice notice;
    struct post empty = post(bench, notice_body(bench, "REFUND.SUCCESS", ""));
    assert_int_equal(read_post(bench, &empty, &notice), ERR_NOTICE_SIGNATURE);
}

static void knows_a_refund_notice_from_a_payment_and_leaves_others_alone(void **state)
{
    struct bench *bench = *state;
    struct wechat_notice notice;
    struct post refund = post(bench, notice_body(bench, "REFUND.SUCCESS", sealed(bench, refund_told, API_KEY, -1)));
    assert_int_equal(read_post(bench, &refund, &notice), OK);
    assert_int_equal(notice.kind, WECHAT_NOTICE_REFUND);
    assert_string_equal(notice.out_refund_no, REFUND_NUMBER);
    assert_true(notice.refunded);
    struct post other = post(bench, notice_body(bench, "PROFITSHARING.RETURN", ""));
    assert_int_equal(read_post(bench, &other, &notice), OK);
    assert_int_equal(notice.kind, WECHAT_NOTICE_OTHER);
}

static void reads_no_notice_that_is_cut_short(void **state)
{
    struct bench *bench = *state;
    struct wechat_notice notice;
    const char *body = notice_body(bench, "TRANSACTION.SUCCESS", sealed(bench, trade, API_KEY, -1));
    for (size_t size = 0; size < strlen(body); size += 13) {
        struct post it = post(bench, arena_text_n(bench->arena, body, size));
        assert_int_equal(read_post(bench, &it, &notice), ERR_FORM_MALFORMED);
    }
}

/* -- answers ------------------------------------------------------------------------------------------------------ */

static enum err query_answer(struct bench *bench, int64_t status, const char *body, struct wechat_trade *out)
{
    return wechat_read_query(bench->wechat, status, bytes_of_text(body), NUMBER, bench->arena, &bench->fault, out);
}

static void reads_what_became_of_an_order(void **state)
{
    static const struct {
        const char *word;
        enum wechat_state state;
    } cases[] = {{"NOTPAY", WECHAT_UNPAID},
                 {"CLOSED", WECHAT_CLOSED},
                 {"REVOKED", WECHAT_CLOSED},
                 {"USERPAYING", WECHAT_UNPAID},
                 {"PAYERROR", WECHAT_UNPAID}};
    struct bench *bench = *state;
    struct wechat_trade out;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *body = arena_format(bench->arena,
                                        "{\"mchid\":\"" MERCHANT_ID "\",\"appid\":\"" APP_ID "\",\"out_trade_no\":"
                                        "\"" NUMBER "\",\"trade_state\":\"%s\",\"trade_state_desc\":\"x\"}",
                                        cases[i].word);
        assert_int_equal(query_answer(bench, 200, body, &out), OK);
        assert_int_equal(out.state, cases[i].state);
        assert_string_equal(out.said, cases[i].word);
        assert_int_equal(out.amount_fen, 0);
    }
    assert_int_equal(query_answer(bench, 200, trade, &out), OK);
    assert_int_equal(out.state, WECHAT_PAID);
}

static void an_order_with_a_refund_was_paid(void **state)
{
    struct bench *bench = *state;
    struct wechat_trade out;
    const char *at = strstr(trade, "SUCCESS");
    const char *body = arena_format(bench->arena, "%.*sREFUND%s", (int)(at - trade), trade, at + strlen("SUCCESS"));
    assert_int_equal(query_answer(bench, 200, body, &out), OK);
    assert_int_equal(out.state, WECHAT_PAID);
    assert_int_equal(out.amount_fen, 20000);
}

static void an_answer_about_another_order_is_refused(void **state)
{
    struct bench *bench = *state;
    struct wechat_trade out;
    assert_int_equal(wechat_read_query(bench->wechat, 200, bytes_of_text(trade), "2026112113040501000000000102",
                                       bench->arena, &bench->fault, &out),
                     ERR_NOTICE_MISMATCH);
}

static void only_order_not_exist_says_that_there_is_no_order(void **state)
{
    static const struct {
        int64_t status;
        const char *body;
        enum wechat_state state;
    } cases[] = {
        {404, "{\"code\":\"ORDER_NOT_EXIST\",\"message\":\"订单不存在\"}", WECHAT_NOT_FOUND},
        {404, "{\"code\":\"RESOURCE_NOT_EXISTS\"}", WECHAT_UNKNOWN},
        {500, "{\"code\":\"SYSTEM_ERROR\"}", WECHAT_UNKNOWN},
        {429, "{\"code\":\"FREQUENCY_LIMITED\"}", WECHAT_UNKNOWN},
        {401, "{\"code\":\"SIGN_ERROR\"}", WECHAT_UNKNOWN},
        {502, "<html>Bad Gateway</html>", WECHAT_UNKNOWN},
        {204, "", WECHAT_UNKNOWN},
    };
    struct wechat_trade out;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_int_equal(query_answer(*state, cases[i].status, cases[i].body, &out), OK);
        assert_int_equal(out.state, cases[i].state);
    }
}

static void takes_a_code_that_is_wechats_and_no_other(void **state)
{
    struct bench *bench = *state;
    const char *code;
    assert_int_equal(wechat_read_native(bytes_of_text("{\"code_url\":\"weixin://wxpay/bizpayurl?pr=p4lpSuKzz\"}"),
                                        bench->arena, &bench->fault, &code),
                     OK);
    assert_string_equal(code, "weixin://wxpay/bizpayurl?pr=p4lpSuKzz");
    static const char *const wrong[] = {"{}", "{\"code_url\":\"https://evil.example\"}", "{\"code_url\":1}", "[]", ""};
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
        assert_int_equal(wechat_read_native(bytes_of_text(wrong[i]), bench->arena, &bench->fault, &code),
                         ERR_FORM_MALFORMED);
}

/* -- settings ----------------------------------------------------------------------------------------------------- */

static void web_needs_no_private_key_and_can_ask_nothing(void **state)
{
    struct bench *bench = *state;
    struct settings settings = bench->workshop->settings;
    struct wechat *wechat;
    struct wechat_request request;
    struct wechat_order order = good_order();
    settings.wechat_private_key_file = settings.wechat_merchant_serial = "";
    assert_int_equal(wechat_load(&settings, false, bench->arena, &wechat), OK);
    assert_int_equal(wechat_native(wechat, &order, bench->arena, &request), ERR_INTERNAL);
    wechat_free(wechat);
}

static void incomplete_settings_are_refused(void **state)
{
    struct bench *bench = *state;
    for (int i = 0; i < 6; i++) {
        struct settings settings = bench->workshop->settings;
        struct wechat *wechat;
        *(i == 0   ? &settings.wechat_app_id
          : i == 1 ? &settings.wechat_merchant_serial
          : i == 2 ? &settings.wechat_private_key_file
          : i == 3 ? &settings.wechat_api_key_file
          : i == 4 ? &settings.wechat_public_key_id
                   : &settings.wechat_public_key_file) = "";
        assert_int_equal(wechat_load(&settings, true, bench->arena, &wechat), ERR_SETTINGS_INVALID);
    }
    struct settings settings = bench->workshop->settings;
    struct wechat *wechat;
    settings.wechat_api_key_file = "public.pem"; /* not a secret file of 32 characters */
    assert_int_equal(wechat_load(&settings, true, bench->arena, &wechat), ERR_SETTINGS_INVALID);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_bench, close_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(signs_a_native_order_over_method_path_time_nonce_and_body),
        TEST(signs_each_request_anew),
        TEST(signs_the_query_string_of_a_query_and_the_body_of_a_close),
        TEST(keeps_127_characters_of_a_description),
        TEST(refuses_an_order_that_wechat_cannot_take),
        TEST(reads_a_paid_notice),
        TEST(refuses_a_notice_that_another_key_signed),
        TEST(refuses_every_changed_byte_of_the_body),
        TEST(refuses_a_probe),
        TEST(refuses_a_missing_header),
        TEST(refuses_a_serial_it_does_not_know),
        TEST(takes_five_minutes_of_age_or_of_future_and_no_more),
        TEST(refuses_a_timestamp_that_is_no_number),
        TEST(refuses_a_resource_whose_tag_or_text_is_wrong_though_well_signed),
        TEST(refuses_a_resource_under_another_api_key),
        TEST(refuses_a_resource_that_is_not_sealed),
        TEST(refuses_a_payment_to_another_merchant_application_or_in_another_currency),
        TEST(refuses_a_payment_it_cannot_read),
        TEST(knows_a_refund_notice_from_a_payment_and_leaves_others_alone),
        TEST(refuses_a_refund_notice_that_is_not_what_it_says),
        TEST(reads_no_notice_that_is_cut_short),
        TEST(reads_what_became_of_an_order),
        TEST(an_order_with_a_refund_was_paid),
        TEST(an_answer_about_another_order_is_refused),
        TEST(only_order_not_exist_says_that_there_is_no_order),
        TEST(takes_a_code_that_is_wechats_and_no_other),
        TEST(web_needs_no_private_key_and_can_ask_nothing),
        TEST(incomplete_settings_are_refused),
    };
    return cmocka_run_group_tests(tests, workshop_make_keys, NULL);
}
