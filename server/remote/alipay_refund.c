/* SPDX-License-Identifier: Apache-2.0 */
/* alipay.trade.refund, alipay.trade.fastpay.refund.query, and the answer to alipay.trade.precreate. */
#include "domain/money.h"
#include "remote/alipay_key.h"
#include "remote/alipay_text.h"
#include "remote/payment_text.h"

#include <string.h>

#define TRADE_NO_SIZE_MAX 64
#define QR_SIZE_MAX       512

/* -- what is asked --------------------------------------------------------------------------------------------------
 */

static bool refund_fits(const struct alipay_refund *refund)
{
    return payment_number_fits(refund->out_trade_no) && payment_number_fits(refund->out_request_no) &&
           refund->trade_no[0] != '\0' && alipay_is_identifier(refund->trade_no, TRADE_NO_SIZE_MAX) &&
           refund->amount_fen > 0 && refund->amount_fen <= PAYMENT_FEN_MAX;
}

enum err alipay_refund(const struct alipay *alipay, const struct alipay_refund *refund, int64_t now_us,
                       struct arena *arena, struct form *form)
{
    ENSURE(refund_fits(refund), ERR_INTERNAL);
    const char *content = arena_format(
        arena,
        "{\"out_trade_no\":\"%s\",\"trade_no\":\"%s\",\"refund_amount\":\"%s\",\"out_request_no\":\"%s\","
        "\"refund_reason\":\"数字证书续期退款\"}",
        refund->out_trade_no, refund->trade_no, money_text_yuan(arena, refund->amount_fen), refund->out_request_no);
    return alipay_request(alipay, "alipay.trade.refund", content, now_us, arena, form);
}

enum err alipay_refund_query(const struct alipay *alipay, const struct alipay_refund *refund, int64_t now_us,
                             struct arena *arena, struct form *form)
{
    ENSURE(refund_fits(refund), ERR_INTERNAL);
    const char *content = arena_format(arena, "{\"out_trade_no\":\"%s\",\"trade_no\":\"%s\",\"out_request_no\":\"%s\"}",
                                       refund->out_trade_no, refund->trade_no, refund->out_request_no);
    return alipay_request(alipay, "alipay.trade.fastpay.refund.query", content, now_us, arena, form);
}

/* -- what is answered -----------------------------------------------------------------------------------------------
 */

/* Those that say that nothing was refunded by this call; any other says nothing. */
static const char *const refusals[] = {
    "ACQ.SELLER_BALANCE_NOT_ENOUGH", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
    "ACQ.TRADE_HAS_FINISHED",        "ACQ.TRADE_NOT_EXIST",
    "ACQ.TRADE_HAS_CLOSE",           "ACQ.REASON_TRADE_REFUND_FEE_ERR",
    "ACQ.TRADE_NOT_ALLOW_REFUND",    "ACQ.DISCORDANT_REPEAT_REQUEST",
    "ACQ.INVALID_PARAMETER",         "ACQ.REASON_TRADE_BEEN_FREEZEN",
    "ACQ.TRADE_STATUS_ERROR",        "ACQ.REFUND_FEE_ERROR",
};

static bool refused(const struct json *node)
{
    for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
        if (alipay_said(node, "sub_code", refusals[i]))
            return alipay_said(node, "code", "40004");
    return false;
}

static enum err check_trade(const struct alipay *alipay, const struct json *node, const struct alipay_refund *refund,
                            struct arena *arena, struct fault *fault)
{
    TRY(alipay_check_answer(alipay, node, refund->out_trade_no, true, arena, fault));
    return alipay_said(node, "trade_no", refund->trade_no) ? OK : alipay_mismatch(fault, arena, "trade_no");
}

/* refund_fee is what has been refunded of the trade in all, not this time; fund_change tells of this time. */
enum err alipay_read_refund(const struct alipay *alipay, struct bytes body, const struct alipay_refund *refund,
                            struct arena *arena, struct fault *fault, struct alipay_refund_answer *out)
{
    struct alipay_opened answer;
    TRY(alipay_open_answer(alipay, body, "alipay_trade_refund_response", arena, fault, &answer));
    AUTO_JSON *node = answer.node;
    enum alipay_refund_state state = ALIPAY_REFUND_UNKNOWN;
    if (answer.result) {
        TRY(check_trade(alipay, node, refund, arena, fault));
        state = alipay_said(node, "fund_change", "Y") ? ALIPAY_REFUND_DONE : ALIPAY_REFUND_ACCEPTED;
    } else if (answer.is_signed && refused(node)) {
        state = ALIPAY_REFUND_REFUSED;
    }
    *out = (struct alipay_refund_answer){state, answer.said};
    return OK;
}

static enum err read_refunded(const struct json *node, const struct alipay_refund *refund, struct arena *arena,
                              struct fault *fault, enum alipay_refund_state *state)
{
    int64_t fen;
    if (!alipay_said(node, "refund_status", "REFUND_SUCCESS")) {
        *state = ALIPAY_REFUND_NOT_FOUND;
        return OK;
    }
    if (!alipay_said(node, "out_request_no", refund->out_request_no))
        return alipay_mismatch(fault, arena, "out_request_no");
    if (!money_parse_yuan(alipay_value(node, "refund_amount"), &fen))
        return alipay_malformed(fault, arena, "refund_amount");
    if (fen != refund->amount_fen)
        return alipay_mismatch(fault, arena, "refund_amount");
    *state = ALIPAY_REFUND_DONE;
    return OK;
}

enum err alipay_read_refund_query(const struct alipay *alipay, struct bytes body, const struct alipay_refund *refund,
                                  struct arena *arena, struct fault *fault, struct alipay_refund_answer *out)
{
    struct alipay_opened answer;
    TRY(alipay_open_answer(alipay, body, "alipay_trade_fastpay_refund_query_response", arena, fault, &answer));
    AUTO_JSON *node = answer.node;
    enum alipay_refund_state state = ALIPAY_REFUND_UNKNOWN;
    bool empty = answer.result && alipay_value(node, "refund_status")[0] == '\0'; /* it names no trade then */
    if (answer.result && !empty)
        TRY(check_trade(alipay, node, refund, arena, fault));
    if (answer.result)
        TRY(read_refunded(node, refund, arena, fault, &state));
    else if (answer.is_signed && alipay_said(node, "code", "40004") &&
             alipay_said(node, "sub_code", "ACQ.TRADE_NOT_EXIST"))
        state = ALIPAY_REFUND_NOT_FOUND;
    *out = (struct alipay_refund_answer){state, state == ALIPAY_REFUND_DONE ? "REFUND_SUCCESS" : answer.said};
    return OK;
}

enum err alipay_read_precreate(const struct alipay *alipay, struct bytes body, const char *out_trade_no,
                               struct arena *arena, struct fault *fault, const char **qr_code, const char **said)
{
    struct alipay_opened answer;
    TRY(alipay_open_answer(alipay, body, "alipay_trade_precreate_response", arena, fault, &answer));
    AUTO_JSON *node = answer.node;
    *said = answer.said;
    ENSURE(answer.result, ERR_GATEWAY_UNAVAILABLE);
    TRY(alipay_check_answer(alipay, node, out_trade_no, true, arena, fault));
    const char *code = alipay_value(node, "qr_code");
    if (strncmp(code, "http", 4) != 0 || strlen(code) > QR_SIZE_MAX)
        return alipay_malformed(fault, arena, "qr_code");
    *qr_code = arena_text(arena, code);
    return OK;
}
