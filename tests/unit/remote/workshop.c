/* SPDX-License-Identifier: Apache-2.0 */
#include "workshop.h"

#include <ctype.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOTICE_FIELDS_MAX 40
#define KEY_BITS          2048
#define PEM_SIZE_MAX      4096

static struct pair {
    char private_pem[PEM_SIZE_MAX], public_pem[PEM_SIZE_MAX];
} application, alipay, foreign;

static void take_text(BIO *bio, char text[static PEM_SIZE_MAX])
{
    int size = BIO_read(bio, text, PEM_SIZE_MAX - 1);
    assert_in_range(size, 1, PEM_SIZE_MAX - 2);
    text[size] = '\0';
}

static void make_pair(struct pair *pair)
{
    EVP_PKEY *key = EVP_RSA_gen(KEY_BITS);
    BIO *bio = BIO_new(BIO_s_mem());
    assert_non_null(key);
    assert_non_null(bio);
    assert_int_equal(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL), 1);
    take_text(bio, pair->private_pem);
    assert_int_equal(PEM_write_bio_PUBKEY(bio, key), 1);
    take_text(bio, pair->public_pem);
    BIO_free(bio);
    EVP_PKEY_free(key);
}

int workshop_make_keys(void **state)
{
    (void)state;
    make_pair(&application);
    make_pair(&alipay);
    make_pair(&foreign);
    return 0;
}

void workshop_write(const struct workshop *workshop, const char *name, const char *text, unsigned mode)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", workshop->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fchmod(fileno(file), mode), 0); /* before there is anything to read */
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

int workshop_open(void **state)
{
    struct workshop *workshop = calloc(1, sizeof(*workshop));
    workshop->arena = arena_new();
    fault_init(&workshop->fault, workshop->arena);
    snprintf(workshop->folder, sizeof(workshop->folder), "/tmp/xuqi-remote-XXXXXX");
    assert_non_null(mkdtemp(workshop->folder));
    workshop->application_private_pem = application.private_pem;
    workshop->application_public_pem = application.public_pem;
    workshop->alipay_public_pem = alipay.public_pem;
    workshop_write(workshop, "private.pem", application.private_pem, 0600);
    workshop_write(workshop, "public.pem", alipay.public_pem, 0644);
    workshop->settings = (struct settings){.folder = workshop->folder,
                                           .alipay_app_id = OUR_APP_ID,
                                           .alipay_seller_id = OUR_SELLER_ID,
                                           .alipay_private_key_file = "private.pem",
                                           .alipay_public_key_file = "public.pem",
                                           .alipay_gateway_url = "https://openapi.alipay.com/gateway.do"};
    assert_int_equal(alipay_load(&workshop->settings, true, workshop->arena, &workshop->alipay), OK);
    assert_int_equal(rsa_load_public(bytes_of_text(application.public_pem), &workshop->application_public_key), OK);
    assert_int_equal(rsa_load_private(bytes_of_text(alipay.private_pem), &workshop->alipay_key), OK);
    assert_int_equal(rsa_load_private(bytes_of_text(foreign.private_pem), &workshop->foreign_key), OK);
    *state = workshop;
    return 0;
}

int workshop_close(void **state)
{
    struct workshop *workshop = *state;
    static const char *const names[] = {"private.pem", "public.pem"};
    char path[128];
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", workshop->folder, names[i]);
        unlink(path);
    }
    rmdir(workshop->folder);
    alipay_free(workshop->alipay);
    rsa_free(workshop->application_public_key);
    rsa_free(workshop->alipay_key);
    rsa_free(workshop->foreign_key);
    arena_free(workshop->arena);
    free(workshop);
    return 0;
}

struct form_fields notice_fields(struct workshop *workshop)
{
    static const struct form_field good[] = {
        {"gmt_create", "2026-11-21 13:05:00"},
        {"charset", "utf-8"},
        {"gmt_payment", "2026-11-21 13:05:09"},
        {"notify_time", "2026-11-21 13:05:10"},
        {"subject", "数字证书续期 12个月 + 100%"},
        {"buyer_id", "2088102177846882"},
        {"passback_params", ""},
        {"version", "1.0"},
        {"notify_id", "2026112101222130510046881000000001"},
        {"fund_bill_list", "[{\"amount\":\"88.80\",\"fundChannel\":\"ALIPAYACCOUNT\"}]"},
        {"notify_type", "trade_status_sync"},
        {"out_trade_no", "2026112113040501000000000101"},
        {"total_amount", "88.80"},
        {"trade_status", "TRADE_SUCCESS"},
        {"trade_no", "2026112122001446880500000001"},
        {"app_id", OUR_APP_ID},
        {"seller_id", OUR_SELLER_ID},
    };
    struct form_fields fields = {arena_alloc(workshop->arena, NOTICE_FIELDS_MAX * sizeof(struct form_field)),
                                 ARRAY_SIZE(good)};
    memcpy(fields.items, good, sizeof(good));
    return fields;
}

void notice_set(struct form_fields *fields, const char *name, const char *value)
{
    size_t i = 0;
    while (i < fields->count && strcmp(fields->items[i].name, name) != 0)
        i++;
    if (value == NULL) {
        assert_true(i < fields->count);
        fields->items[i] = fields->items[--fields->count];
        return;
    }
    assert_true(i < NOTICE_FIELDS_MAX);
    fields->items[i] = (struct form_field){name, value};
    fields->count += i == fields->count;
}

static char *encode_text(char *at, const char *text)
{
    for (; *text != '\0'; text++)
        at += isalnum((unsigned char)*text) ? sprintf(at, "%c", *text) : sprintf(at, "%%%02X", (unsigned char)*text);
    return at;
}

struct bytes form_encode(struct arena *arena, const struct form_fields *fields)
{
    char *raw = arena_alloc(arena, FORM_BYTES_MAX * 4), *at = raw;
    for (size_t i = 0; i < fields->count; i++) {
        at = stpcpy(at, i > 0 ? "&" : "");
        at = encode_text(at, fields->items[i].name);
        at = encode_text(stpcpy(at, "="), fields->items[i].value);
    }
    return (struct bytes){(const uint8_t *)raw, (size_t)(at - raw)};
}

struct bytes notice_post(struct workshop *workshop, const struct form_fields *fields, const struct rsa_key *key)
{
    struct arena *arena = workshop->arena;
    struct form_fields signed_fields = {arena_alloc(arena, NOTICE_FIELDS_MAX * sizeof(struct form_field)),
                                        fields->count};
    memcpy(signed_fields.items, fields->items, fields->count * sizeof(struct form_field));
    form_sort(&signed_fields);
    struct bytes signature;
    assert_int_equal(rsa_sign(key, form_join(&signed_fields, arena), arena, &signature), OK);
    notice_set(&signed_fields, "sign_type", "RSA2");
    notice_set(&signed_fields, "sign", base64_encode(arena, signature));
    return form_encode(arena, &signed_fields);
}

struct bytes workshop_answer(const struct workshop *workshop, struct arena *arena, const char *name, struct bytes node)
{
    struct bytes signature;
    assert_int_equal(rsa_sign(workshop->alipay_key, node, arena, &signature), OK);
    const char *head = arena_format(arena, "{\"%s\":", name);
    const char *tail = arena_format(arena, ",\"sign\":\"%s\"}", base64_encode(arena, signature));
    size_t size = strlen(head) + node.size + strlen(tail);
    uint8_t *body = arena_alloc(arena, size + 1);
    memcpy(body, head, strlen(head));
    memcpy(body + strlen(head), node.data, node.size);
    memcpy(body + strlen(head) + node.size, tail, strlen(tail));
    return (struct bytes){body, size};
}
