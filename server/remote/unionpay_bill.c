/* SPDX-License-Identifier: Apache-2.0 */
/* UnionPay's file transfer (txnType 76): the signed answer brings the file itself, a zip in zlib in base64. The
 * question names the clearing day without its year. */
#include "remote/unionpay_bill.h"

#include "base/clock.h"
#include "base/text.h"
#include "remote/unionpay_key.h"

#include <inttypes.h>
#include <string.h>

#define HTTP_OK       200
#define FIELDS_MAX    16
#define ANSWER_MAX    ((size_t)96 << 20)
#define DAY_SIZE      10
#define CODE_NO_FILE  "98"
#define CODE_ACCEPTED "00"

/* "2026-11-20" as MMDD. */
static const char *settle_date(struct arena *arena, const char *day)
{
    return arena_format(arena, "%.2s%.2s", day + 5, day + 8);
}

enum err unionpay_ask_bill(const struct gateways *gateways, const char *day, struct arena *arena,
                           struct gateway_question *question)
{
    const struct unionpay *unionpay = gateways->unionpay;
    char now[UNIONPAY_TIME_SIZE];
    unionpay_format_time(clock_now_us(), now);
    ENSURE(unionpay->key != NULL && strlen(day) == DAY_SIZE, ERR_INTERNAL);
    const struct form_field fields[] = {
        {"version", UNIONPAY_VERSION},
        {"encoding", UNIONPAY_ENCODING},
        {"signMethod", UNIONPAY_SIGN_METHOD},
        {"txnType", "76"}, /* a file */
        {"txnSubType", "01"},
        {"bizType", "000000"},
        {"accessType", "0"},
        {"merId", unionpay->merchant_id},
        {"fileType", "00"},
        {"settleDate", settle_date(arena, day)},
        {"txnTime", arena_text(arena, now)},
    };
    struct form_fields all = {arena_alloc(arena, FIELDS_MAX * sizeof(struct form_field)), ARRAY_SIZE(fields)};
    memcpy(all.items, fields, sizeof(fields));
    TRY(unionpay_sign(unionpay, arena, &all));
    *question = (struct gateway_question){
        .method = "POST",
        .url = gateways->settings->unionpay_file_url,
        .headers = {{"Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"}},
        .header_count = 1,
        .body = form_post_body(&all, arena),
    };
    return OK;
}

static const char *value_of(const struct form_fields *fields, const char *name)
{
    const char *value = form_value(fields, name);
    return value != NULL ? value : "";
}

static enum err other(struct fault *fault, struct arena *arena, enum err err, const char *name)
{
    return fault_explain(fault, err, arena_format(arena, "%s与所请求的不符或无法识别", name),
                         arena_format(arena, "%s is not what was asked for, or cannot be read", name));
}

static enum err read_file(const struct form_fields *fields, struct arena *arena, struct fault *fault,
                          struct gateway_bill_answer *out)
{
    const char *content = value_of(fields, "fileContent");
    if (!base64_decode(arena, content, strlen(content), &out->file) || out->file.size == 0)
        return other(fault, arena, ERR_FORM_MALFORMED, "fileContent");
    out->word = BILL_HERE;
    return OK;
}

enum err unionpay_read_bill(const struct gateways *gateways, const char *day, const struct http_answer *answer,
                            struct arena *arena, struct fault *fault, struct gateway_bill_answer *out)
{
    const struct unionpay *unionpay = gateways->unionpay;
    struct gateway_bill_answer read = {.word = BILL_LATER, .sha1 = "", .url = ""};
    struct form_fields fields;
    const char *key_id;
    read.said = arena_format(arena, "http %" PRId64, answer->status);
    if (answer->status != HTTP_OK) {
        *out = read;
        return OK;
    }
    TRY(unionpay_split_file(answer->body, ANSWER_MAX, arena, &fields));
    TRY(unionpay_verify(unionpay, &fields, clock_now_us(), arena, fault, &key_id));
    if (strcmp(value_of(&fields, "merId"), unionpay->merchant_id) != 0)
        return other(fault, arena, ERR_NOTICE_MISMATCH, "merId");
    if (strcmp(value_of(&fields, "settleDate"), settle_date(arena, day)) != 0)
        return other(fault, arena, ERR_NOTICE_MISMATCH, "settleDate");
    read.said = value_of(&fields, "respCode");
    if (strcmp(read.said, CODE_ACCEPTED) == 0)
        TRY(read_file(&fields, arena, fault, &read));
    else if (strcmp(read.said, CODE_NO_FILE) == 0)
        read.word = BILL_NONE;
    *out = read;
    return OK;
}
