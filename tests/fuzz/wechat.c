/* SPDX-License-Identifier: Apache-2.0 */
/* WeChat Pay's notices and answers, that to the question for a bill too: as they come, signed with a key of this run,
 * and sealed as well. */
#include "fuzz.h"

#include "base/clock.h"
#include "base/text.h"
#include "remote/http.h"
#include "remote/wechat_bill.h"
#include "remote/wechat_key.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

#define NOW_US INT64_C(1795238645000000)
#define NOW    "1795238645"
#define KEY_ID "PUB_KEY_ID_0119000001092026112100000001"
#define NUMBER "2026112113040501000000000101"

static struct rsa_key *signer;
static struct wechat wechat = {
    .merchant_id = "1900000109", .app_id = "wxd678efh567hg6787", .api_url = "https://api.mch.weixin.qq.com"};

static struct bytes content_of(BIO *bio)
{
    char *text;
    long size = BIO_get_mem_data(bio, &text);
    return (struct bytes){(const uint8_t *)text, (size_t)size};
}

void fuzz_start(void)
{
    EVP_PKEY *pair = EVP_RSA_gen(2048);
    BIO *private_text = BIO_new(BIO_s_mem()), *public_text = BIO_new(BIO_s_mem());
    HOLDS(PEM_write_bio_PrivateKey(private_text, pair, NULL, NULL, 0, NULL, NULL) == 1);
    HOLDS(PEM_write_bio_PUBKEY(public_text, pair) == 1);
    HOLDS(rsa_load_private(content_of(private_text), &signer) == OK);
    wechat.keys[0] = (struct wechat_key){.serial = KEY_ID, .not_after_us = INT64_MAX};
    HOLDS(rsa_load_public(content_of(public_text), &wechat.keys[0].key) == OK);
    wechat.key_count = 1;
    wechat.wanted_serial = KEY_ID;
    random_bytes(wechat.api_key, sizeof(wechat.api_key));
    BIO_free(private_text);
    BIO_free(public_text);
    EVP_PKEY_free(pair);
}

static const char *sealed(struct arena *arena, struct bytes plain)
{
    uint8_t *out = arena_alloc(arena, plain.size + GCM_TAG_SIZE);
    int part;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    HOLDS(EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, wechat.api_key, (const uint8_t *)"nonce1234567") == 1);
    HOLDS(EVP_EncryptUpdate(ctx, NULL, &part, (const uint8_t *)"transaction", 11) == 1);
    HOLDS(EVP_EncryptUpdate(ctx, out, &part, plain.data, (int)plain.size) == 1);
    HOLDS(EVP_EncryptFinal_ex(ctx, out + plain.size, &part) == 1);
    HOLDS(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_SIZE, out + plain.size) == 1);
    EVP_CIPHER_CTX_free(ctx);
    return base64_encode(arena, (struct bytes){out, plain.size + GCM_TAG_SIZE});
}

static struct bytes envelope(struct arena *arena, struct bytes plain)
{
    return bytes_of_text(arena_format(
        arena,
        "{\"id\":\"EV-1\",\"event_type\":\"TRANSACTION.SUCCESS\",\"resource_type\":\"encrypt-resource\",\"resource\":"
        "{\"original_type\":\"transaction\",\"algorithm\":\"AEAD_AES_256_GCM\",\"ciphertext\":\"%s\","
        "\"associated_data\":\"transaction\",\"nonce\":\"nonce1234567\"}}",
        sealed(arena, plain)));
}

/* As WeChat signs what it says at this second. */
static struct wechat_headers headers_of(struct arena *arena, const char *now, struct bytes body)
{
    struct bytes parts[] = {bytes_of_text(arena_format(arena, "%s\nNONCE\n", now)), body, bytes_of_text("\n")},
                 signature;
    uint8_t *text = arena_alloc(arena, parts[0].size + body.size + 1), *at = text;
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
        at = mempcpy(at, parts[i].data, parts[i].size);
    HOLDS(rsa_sign(signer, (struct bytes){text, (size_t)(at - text)}, arena, &signature) == OK);
    return (struct wechat_headers){now, "NONCE", base64_encode(arena, signature), KEY_ID};
}

static void notice_read(struct arena *arena, struct bytes body)
{
    const struct wechat_headers headers = headers_of(arena, NOW, body);
    struct wechat_notice notice;
    fuzz_fill(&notice, sizeof(notice));
    enum err err = wechat_read_notice(&wechat, &headers, body, NOW_US, arena, fuzz_fault(arena), &notice);
    HOLDS(err == OK || fuzz_untouched(&notice, sizeof(notice)));
    if (err == OK && notice.kind == WECHAT_NOTICE_PAID)
        HOLDS(notice.trade.amount_fen > 0 && notice.trade.transaction_id[0] != '\0');
}

static void answers_read(struct arena *arena, int64_t status, struct bytes body)
{
    const char *code_url = NULL;
    struct wechat_trade trade;
    HOLDS(wechat_read_native(body, arena, fuzz_fault(arena), &code_url) == OK || code_url == NULL);
    fuzz_fill(&trade, sizeof(trade));
    enum err err = wechat_read_query(&wechat, status, body, NUMBER, arena, fuzz_fault(arena), &trade);
    HOLDS(err == OK || fuzz_untouched(&trade, sizeof(trade)));
    if (err == OK && trade.state == WECHAT_PAID)
        HOLDS(trade.amount_fen > 0 && strcmp(trade.out_trade_no, NUMBER) == 0);
}

static void certificates_read(struct arena *arena, struct bytes body)
{
    struct wechat_sealed *items = NULL;
    size_t count = 0;
    enum err err = wechat_read_certificates(body, arena, fuzz_fault(arena), &items, &count);
    HOLDS(err == OK ? count > 0 : items == NULL && count == 0);
    for (size_t i = 0; i < count; i++) {
        struct certificate certificate;
        fuzz_fill(&certificate, sizeof(certificate));
        HOLDS(wechat_open_certificate(&wechat, &items[i], arena, &certificate) != OK);
        HOLDS(fuzz_untouched(&certificate, sizeof(certificate)));
    }
}

static void bill_read(struct arena *arena, int64_t status, struct bytes body)
{
    const char *now = arena_format(arena, "%" PRId64, clock_now_us() / CLOCK_SECOND_US);
    const struct wechat_headers it = headers_of(arena, now, body);
    const struct http_header headers[] = {{"Wechatpay-Timestamp", it.timestamp},
                                          {"Wechatpay-Nonce", it.nonce},
                                          {"Wechatpay-Signature", it.signature},
                                          {"Wechatpay-Serial", it.serial}};
    const struct gateways gateways = {.wechat = &wechat};
    struct http_answer answer = {status, headers, ARRAY_SIZE(headers), body};
    struct gateway_bill_answer read;
    fuzz_fill(&read, sizeof(read));
    enum err err = wechat_read_bill(&gateways, "2026-11-20", &answer, arena, fuzz_fault(arena), &read);
    HOLDS(err == OK || fuzz_untouched(&read, sizeof(read)));
    if (err == OK && read.word == BILL_THERE)
        HOLDS(strncmp(read.url, wechat.api_url, strlen(wechat.api_url)) == 0 && strlen(read.sha1) == 40);
    answer.header_count--; /* unsigned */
    HOLDS(wechat_read_bill(&gateways, "2026-11-20", &answer, arena, fuzz_fault(arena), &read) != OK);
}

/* What WeChat itself might seal. */
static void certificate_opened(struct arena *arena, struct bytes plain)
{
    const char *text = sealed(arena, plain);
    struct wechat_sealed it = {"AB", "nonce1234567", "transaction", {0}};
    struct certificate certificate;
    HOLDS(base64_decode(arena, text, strlen(text), &it.ciphertext));
    (void)!wechat_open_certificate(&wechat, &it, arena, &certificate);
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    uint8_t choice = fuzz_choice(&input);
    if (choice == 'n')
        notice_read(arena, input);
    else if (choice == 's')
        notice_read(arena, envelope(arena, input));
    else if (choice == 'l')
        certificates_read(arena, input);
    else if (choice == 'c')
        certificate_opened(arena, input);
    else if (choice == 'b' || choice == 'B')
        bill_read(arena, choice == 'b' ? 200 : 404, input);
    else
        answers_read(arena, choice == '4' ? 404 : 200, input);
}
