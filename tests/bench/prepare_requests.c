/* SPDX-License-Identifier: Apache-2.0 */
/* Requests over what the database has made: progress, certificates, Alipay's notices. */
#include "prepare.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "pki/digest.h"
#include "pki/rsa.h"
#include "requests.h"

#include <ctype.h>
#include <string.h>

#define KEY_SIZE_MAX  16384
#define AMOUNT_YUAN   "200.00"
#define ENCODED_CHARS 3 /* of one character in a form */

/* -- progress ------------------------------------------------------------------------------------------------------ */

/* As server/api/access.c makes it. */
static const char *access_token(struct arena *arena, struct bytes key, const char *renewal_no)
{
    const char *message = arena_format(arena, "xuqi renewal access %s", renewal_no);
    return base64url_encode(arena, hmac_sha256(arena, key, bytes_of_text(message)));
}

static enum err load_access_key(struct arena *arena, const struct options *options, struct bytes *key)
{
    struct bytes text;
    TRY(file_read_secret(arena, arena_format(arena, "%s/keys/access.key", options->var), &text));
    return hex_decode(arena, (const char *)text.data, key) ? OK : ERR_SETTINGS_INVALID;
}

static void write_read(struct arena *arena, FILE *out, struct bytes key, const char *no)
{
    write_record(out, bytes_of_text(arena_format(arena,
                                                 "GET /api/v1/renewals/%s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                                 "Authorization: Bearer %s\r\n\r\n",
                                                 no, access_token(arena, key, no))));
}

enum err prepare_reads(const struct options *options)
{
    struct arena *arena = arena_new(), *line_arena = arena_new();
    struct bytes key;
    TRY(load_access_key(arena, options, &key));
    FILE *out = open_out(arena, options, "read.requests");
    const char *no;
    while ((no = read_line()) != NULL) {
        write_read(line_arena, out, key, no);
        arena_reset(line_arena);
    }
    close_out(out);
    arena_free(line_arena);
    arena_free(arena);
    return OK;
}

/* -- certificates -------------------------------------------------------------------------------------------------- */

static bool read_record(FILE *file, struct arena *arena, struct bytes *record)
{
    record_size size;
    if (fread(&size, sizeof(size), 1, file) != 1)
        return false;
    uint8_t *data = arena_alloc(arena, size);
    *record = (struct bytes){data, size};
    return fread(data, 1, size, file) == size;
}

static void write_fetch(struct arena *arena, FILE *out, const char *no, struct bytes cms)
{
    write_post(arena, out, arena_format(arena, "/api/v1/renewals/%s/certificate", no), "application/pkcs7-mime", cms);
}

enum err prepare_fetches(const struct options *options)
{
    struct arena *arena = arena_new(), *line_arena = arena_new();
    FILE *in = fopen(arena_format(arena, "%s/signed.records", options->out), "re");
    ENSURE(in != NULL, ERR_SETTINGS_INVALID);
    FILE *out = open_out(arena, options, "fetch.requests");
    const char *no;
    struct bytes cms;
    enum err err = OK;
    while (err == OK && (no = read_line()) != NULL) {
        if (read_record(in, line_arena, &cms))
            write_fetch(line_arena, out, no, cms);
        else
            err = ERR_SETTINGS_INVALID; /* more renewals than signed requests */
        arena_reset(line_arena);
    }
    fclose(in);
    close_out(out);
    arena_free(line_arena);
    arena_free(arena);
    return err;
}

/* -- notices ------------------------------------------------------------------------------------------------------- */

struct field {
    const char *name, *value;
};

/* application/x-www-form-urlencoded */
static char *encode(struct arena *arena, const char *value)
{
    char *encoded = arena_alloc(arena, strlen(value) * ENCODED_CHARS + 1), *at = encoded;
    for (; *value != '\0'; value++) {
        unsigned char c = (unsigned char)*value;
        if (isalnum(c) || strchr("-._*", c) != NULL)
            *at++ = (char)c;
        else if (c == ' ')
            *at++ = '+';
        else
            at += sprintf(at, "%%%02X", c);
    }
    return encoded;
}

static char *join(struct arena *arena, const struct field *fields, size_t count, bool encoded)
{
    char *text = arena_text(arena, "");
    for (size_t i = 0; i < count; i++)
        text = arena_format(arena, "%s%s%s=%s", text, i == 0 ? "" : "&", fields[i].name,
                            encoded ? encode(arena, fields[i].value) : fields[i].value);
    return text;
}

/* The fields as Alipay's documentation shows them (opendocs.alipay.com/open/270/105902), sorted as they are signed. */
static enum err write_notice(struct arena *arena, FILE *out, const struct options *options, const struct rsa_key *key,
                             const char *attempt_no)
{
    char now[CLOCK_TEXT_SIZE];
    clock_format_plain(clock_now_us() - CLOCK_SECOND_US, now);
    const struct field fields[] = {
        {"app_id", options->alipay_app_id},
        {"auth_app_id", options->alipay_app_id},
        {"buyer_id", "2088102146225135"},
        {"buyer_logon_id", "zha***@example.com"},
        {"buyer_pay_amount", AMOUNT_YUAN},
        {"charset", "utf-8"},
        {"fund_bill_list", "[{\"amount\":\"" AMOUNT_YUAN "\",\"fundChannel\":\"ALIPAYACCOUNT\"}]"},
        {"gmt_create", now},
        {"gmt_payment", now},
        {"notify_id", arena_format(arena, "2026112100222%s", attempt_no)},
        {"notify_time", now},
        {"notify_type", "trade_status_sync"},
        {"out_trade_no", attempt_no},
        {"receipt_amount", AMOUNT_YUAN},
        {"seller_id", options->alipay_seller_id},
        {"subject", "CN=测试单位,O=测试单位有限公司,C=CN"},
        {"total_amount", AMOUNT_YUAN},
        {"trade_no", arena_format(arena, "2026112122001%s", attempt_no)},
        {"trade_status", "TRADE_SUCCESS"},
        {"version", "1.0"},
    };
    struct bytes signature;
    TRY(rsa_sign(key, bytes_of_text(join(arena, fields, ARRAY_SIZE(fields), false)), arena, &signature));
    const char *form = arena_format(arena, "%s&sign_type=RSA2&sign=%s", join(arena, fields, ARRAY_SIZE(fields), true),
                                    encode(arena, base64_encode(arena, signature)));
    write_post(arena, out, "/notify/alipay", "application/x-www-form-urlencoded; charset=utf-8", bytes_of_text(form));
    return OK;
}

enum err prepare_notices(const struct options *options)
{
    struct arena *arena = arena_new(), *line_arena = arena_new();
    struct rsa_key *key;
    struct bytes text;
    TRY(file_read(arena, arena_format(arena, "%s/keys/alipay-gateway.pem", options->var), KEY_SIZE_MAX, &text));
    TRY(rsa_load_private(text, &key));
    FILE *out = open_out(arena, options, "notice.requests");
    const char *attempt_no;
    enum err err = OK;
    while (err == OK && (attempt_no = read_line()) != NULL) {
        err = write_notice(line_arena, out, options, key, attempt_no);
        arena_reset(line_arena);
    }
    close_out(out);
    rsa_free(key);
    arena_free(line_arena);
    arena_free(arena);
    return err;
}
