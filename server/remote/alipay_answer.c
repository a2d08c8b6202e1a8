/* SPDX-License-Identifier: Apache-2.0 */
/* Alipay's answer to alipay.trade.query. Alipay signs the bytes of one member's value as they stand in the body, so
 * they are found by scanning, not by parsing and writing anew; what is then read is those bytes and nothing else of the
 * body (opendocs.alipay.com/common/02mse7). */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/money.h"
#include "remote/alipay.h"
#include "remote/alipay_key.h"
#include "remote/alipay_text.h"

#include <string.h>

#define ERROR_NODE      "error_response"
#define SN_SIZE         32
#define NUMBER_SIZE_MAX 64
#define CODE_SIZE_MAX   64

enum err alipay_malformed(struct fault *fault, struct arena *arena, const char *name)
{
    return fault_explain(fault, ERR_FORM_MALFORMED, arena_format(arena, "答复中的%s无法识别", name),
                         arena_format(arena, "The answer's %s cannot be read", name));
}

enum err alipay_mismatch(struct fault *fault, struct arena *arena, const char *name)
{
    return fault_explain(fault, ERR_NOTICE_MISMATCH, arena_format(arena, "%s不是所询问的", name),
                         arena_format(arena, "%s is not the one asked about", name));
}

/* -- the bytes that are signed --------------------------------------------------------------------------------------
 */

/* Over JSON that is known to be well-formed. */
struct scan {
    const uint8_t *at, *end;
    bool gbk; /* then the second byte of a character may be a backslash or a brace */
};

static void skip_character(struct scan *scan)
{
    scan->at += scan->gbk && *scan->at > 0x80 && scan->end - scan->at > 1 ? 2 : 1;
}

/* At the opening quote; leaves behind the closing one. */
static struct bytes scan_string(struct scan *scan)
{
    const uint8_t *start = ++scan->at;
    while (scan->at < scan->end && *scan->at != '"') {
        if (*scan->at == '\\' && scan->end - scan->at > 1)
            scan->at++;
        skip_character(scan);
    }
    struct bytes inside = {start, (size_t)(scan->at - start)};
    scan->at += scan->at < scan->end;
    return inside;
}

/* To the comma or brace that ends a member's value, on its own level. */
static struct bytes scan_value(struct scan *scan)
{
    const uint8_t *start = scan->at;
    for (int depth = 0; scan->at < scan->end;) {
        uint8_t byte = *scan->at;
        if (depth == 0 && (byte == ',' || byte == '}'))
            break;
        depth += (byte == '{' || byte == '[') - (byte == '}' || byte == ']');
        if (byte == '"')
            scan_string(scan);
        else
            scan->at++;
    }
    return (struct bytes){start, (size_t)(scan->at - start)};
}

static void skip_to(struct scan *scan, uint8_t wanted)
{
    while (scan->at < scan->end && *scan->at != wanted)
        scan->at++;
}

static struct bytes trimmed(struct bytes value)
{
    while (value.size > 0 && strchr(" \t\r\n", value.data[value.size - 1]) != NULL)
        value.size--;
    while (value.size > 0 && strchr(" \t\r\n", *value.data) != NULL)
        value = (struct bytes){value.data + 1, value.size - 1};
    return value;
}

/* The value of a member of the outermost object, as it stands; one of the same name deeper down is not it. */
static bool find_value(struct bytes body, bool gbk, const char *name, struct bytes *value)
{
    struct scan scan = {body.data, body.data + body.size, gbk};
    while (skip_to(&scan, '"'), scan.at < scan.end) {
        struct bytes member = scan_string(&scan);
        skip_to(&scan, ':');
        scan.at += scan.at < scan.end;
        struct bytes found = trimmed(scan_value(&scan));
        if (bytes_equal(member, bytes_of_text(name))) {
            *value = found;
            return found.size > 0 && *found.data == '{';
        }
    }
    return false;
}

struct answer {
    struct bytes node;   /* as it came */
    bool gbk;            /* error answers may be, whatever was asked for */
    const char *sign;    /* NULL: none */
    const char *cert_sn; /* NULL: none; beside what is signed */
};

static enum err as_json(struct bytes text, bool gbk, struct arena *arena, struct fault *fault, struct json **out)
{
    if (gbk && !alipay_from_gbk(text, arena, &text))
        return alipay_malformed(fault, arena, "charset");
    return json_parse((const char *)text.data, text.size, fault, out) == OK ? OK
                                                                            : alipay_malformed(fault, arena, "JSON");
}

static enum err split(struct bytes body, const char *wanted, struct arena *arena, struct fault *fault,
                      struct answer *out)
{
    AUTO_JSON *document = NULL;
    struct answer answer = {.gbk = !utf8_valid((const char *)body.data, body.size)};
    TRY(as_json(body, answer.gbk, arena, fault, &document)); /* strict: no name twice, on any level */
    const char *name = json_member(document, wanted) != NULL ? wanted : ERROR_NODE;
    if (json_member(document, name) == NULL || !find_value(body, answer.gbk, name, &answer.node))
        return alipay_malformed(fault, arena, wanted);
    const char *sign = json_member_text(document, "sign");
    answer.sign = sign == NULL ? NULL : arena_text(arena, sign);
    const char *cert_sn = json_member_text(document, "alipay_cert_sn");
    answer.cert_sn = cert_sn == NULL ? NULL : arena_text(arena, cert_sn);
    *out = answer;
    return OK;
}

/* Certificate mode: which of Alipay's certificates signed. A new one must be put into place by a person. */
static enum err check_certificate(const struct alipay *alipay, const struct answer *answer, struct arena *arena,
                                  struct fault *fault)
{
    const char *sn = answer->cert_sn == NULL ? "" : answer->cert_sn;
    if (alipay->cert_sns == NULL)
        return OK;
    if (alipay_is_identifier(sn, SN_SIZE) && strlen(sn) == SN_SIZE &&
        strstr(alipay->cert_sns, arena_format(arena, "%s ", sn)) != NULL)
        return OK;
    return fault_explain(fault, ERR_NOTICE_SIGNATURE, "alipay_cert_sn不是已配置的支付宝公钥证书",
                         "alipay_cert_sn is none of the Alipay certificates that are set up");
}

static enum err check_signature(const struct alipay *alipay, const struct answer *answer, struct arena *arena,
                                struct fault *fault)
{
    struct bytes signature;
    TRY(check_certificate(alipay, answer, arena, fault));
    if (!base64_decode(arena, answer->sign, strlen(answer->sign), &signature))
        return fault_explain(fault, ERR_NOTICE_SIGNATURE, "sign不是base64", "sign is not base64");
    ENSURE(alipay_signed(alipay, answer->node, signature), ERR_NOTICE_SIGNATURE);
    return OK;
}

/* -- what it says -------------------------------------------------------------------------------------------------- */

const char *alipay_value(const struct json *node, const char *name)
{
    const char *value = json_member_text(node, name);
    return value != NULL ? value : "";
}

bool alipay_said(const struct json *node, const char *name, const char *value)
{
    return strcmp(alipay_value(node, name), value) == 0;
}

/* "40004 ACQ.TRADE_NOT_EXIST"; for people, and not always signed. */
static const char *said_code(const struct json *node, struct arena *arena)
{
    const char *code = alipay_value(node, "code"), *sub = alipay_value(node, "sub_code");
    if (!alipay_is_identifier(code, CODE_SIZE_MAX) || !alipay_is_identifier(sub, CODE_SIZE_MAX))
        return "";
    return arena_format(arena, "%s%s%s", code, sub[0] == '\0' ? "" : " ", sub);
}

static const struct {
    const char *word;
    enum alipay_state state;
} states[] = {
    {"TRADE_SUCCESS", ALIPAY_TRADE_PAID},
    {"TRADE_FINISHED", ALIPAY_TRADE_PAID},
    {"WAIT_BUYER_PAY", ALIPAY_TRADE_WAITING},
    {"TRADE_CLOSED", ALIPAY_TRADE_CLOSED},
};

static enum err read_state(const struct json *node, struct arena *arena, struct fault *fault, struct alipay_trade *out)
{
    for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
        if (alipay_said(node, "trade_status", states[i].word)) {
            out->state = states[i].state;
            out->said = states[i].word;
            return OK;
        }
    }
    return alipay_malformed(fault, arena, "trade_status");
}

/* total_amount is the order; what the payer paid is less where a coupon was used. */
static enum err read_payment(const struct json *node, int64_t now_us, struct arena *arena, struct fault *fault,
                             struct alipay_trade *out)
{
    const char *trade_no = alipay_value(node, "trade_no"), *paid_at = alipay_value(node, "send_pay_date");
    const char *buyer = alipay_value(node, "buyer_user_id");
    if (trade_no[0] == '\0' || !alipay_is_identifier(trade_no, NUMBER_SIZE_MAX))
        return alipay_malformed(fault, arena, "trade_no");
    if (!money_parse_yuan(alipay_value(node, "total_amount"), &out->amount_fen) || out->amount_fen <= 0)
        return alipay_malformed(fault, arena, "total_amount");
    out->paid_us = now_us;
    if (paid_at[0] != '\0' && !clock_parse_plain(paid_at, &out->paid_us))
        return alipay_malformed(fault, arena, "send_pay_date");
    out->trade_no = arena_text(arena, trade_no);
    out->buyer_masked = alipay_masked(buyer[0] != '\0' ? buyer : alipay_value(node, "buyer_open_id"), arena);
    return OK;
}

/* Alipay names application and seller in few of them. */
enum err alipay_check_answer(const struct alipay *alipay, const struct json *node, const char *out_trade_no,
                             bool required, struct arena *arena, struct fault *fault)
{
    const struct {
        const char *name, *ours;
        bool required;
    } members[] = {{"out_trade_no", out_trade_no, required},
                   {"app_id", alipay->app_id, false},
                   {"seller_id", alipay->seller_id, false}};
    for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
        bool there = json_member(node, members[i].name) != NULL;
        if ((there || members[i].required) && !alipay_said(node, members[i].name, members[i].ours))
            return alipay_mismatch(fault, arena, members[i].name);
    }
    return OK;
}

static enum err read_node(const struct alipay *alipay, const struct json *node, const char *out_trade_no,
                          int64_t now_us, struct arena *arena, struct fault *fault, struct alipay_trade *out)
{
    bool result = alipay_said(node, "code", "10000");
    bool unknown_there = alipay_said(node, "code", "40004") && alipay_said(node, "sub_code", "ACQ.TRADE_NOT_EXIST");
    if (unknown_there)
        out->state = ALIPAY_TRADE_NOT_FOUND;
    if (result || unknown_there)
        TRY(alipay_check_answer(alipay, node, out_trade_no, result, arena, fault));
    if (result)
        TRY(read_state(node, arena, fault, out));
    return out->state == ALIPAY_TRADE_PAID ? read_payment(node, now_us, arena, fault, out) : OK;
}

enum err alipay_open_answer(const struct alipay *alipay, struct bytes body, const char *node, struct arena *arena,
                            struct fault *fault, struct alipay_opened *out)
{
    AUTO_JSON *said = NULL;
    struct answer answer = {0};
    TRY(split(body, node, arena, fault, &answer));
    if (answer.sign != NULL)
        TRY(check_signature(alipay, &answer, arena, fault));
    TRY(as_json(answer.node, answer.gbk, arena, fault, &said));
    bool result = alipay_said(said, "code", "10000");
    if (answer.sign == NULL && result)
        return fault_explain(fault, ERR_NOTICE_SIGNATURE, "答复没有sign", "The answer has no sign");
    *out = (struct alipay_opened){.is_signed = answer.sign != NULL, .result = result, .said = said_code(said, arena)};
    out->node = TAKE(said);
    return OK;
}

enum err alipay_read_query(const struct alipay *alipay, struct bytes body, const char *out_trade_no, int64_t now_us,
                           struct arena *arena, struct fault *fault, struct alipay_trade *out)
{
    struct alipay_opened answer;
    TRY(alipay_open_answer(alipay, body, "alipay_trade_query_response", arena, fault, &answer));
    AUTO_JSON *node = answer.node;
    struct alipay_trade trade = {.state = ALIPAY_TRADE_UNKNOWN,
                                 .said = answer.said,
                                 .trade_no = "",
                                 .buyer_masked = "",
                                 .app_id = alipay->app_id};
    if (answer.is_signed)
        TRY(read_node(alipay, node, out_trade_no, now_us, arena, fault, &trade));
    *out = trade;
    return OK;
}
