/* SPDX-License-Identifier: Apache-2.0 */
/* POST /notify/alipay: Alipay reports a payment. Safe to receive any number of times. Answered with exactly "success"
 * after the commit; anything else makes Alipay send it again. What fails its checks is kept for a person and not
 * answered with success. */
#include "api/handlers.h"
#include "api/notice.h"
#include "api/server.h"
#include "base/text.h"
#include "remote/alipay.h"

#define GATEWAY "alipay"

static void acknowledge(struct request *req)
{
    request_reply(req, 200, "text/plain", bytes_of_text("success"));
}

static enum err settle(struct request *req, const struct alipay_notice *notice)
{
    struct payment_notice payment = {
        .gateway = GATEWAY,
        .attempt_no = notice->out_trade_no,
        .gateway_txn = notice->trade_no,
        .amount_fen = notice->amount_fen,
        .paid_at_us = notice->paid_us,
        .buyer_masked = notice->buyer_masked,
        .raw = request_body(req),
        .key_id = api_server(req)->settings->alipay_app_id,
    };
    return notice_settle(req, &payment, acknowledge);
}

/* A refund of a part is told on the payment's path; it names the refund's number, or none when it was made elsewhere.
 */
static enum err tell_refund(struct request *req, const struct alipay_notice *notice)
{
    struct refund_notice refund = {
        .gateway = GATEWAY,
        .refund_no = notice->out_biz_no,
        .succeeded = true,
        .raw = request_body(req),
        .key_id = api_server(req)->settings->alipay_app_id,
    };
    return notice_tell_refund(req, &refund, acknowledge);
}

enum err api_notify_alipay(struct request *req)
{
    const struct alipay *alipay = api_server(req)->gateways.alipay;
    struct alipay_notice notice;
    ENSURE(alipay != NULL, ERR_NOT_FOUND);
    enum err err = alipay_read_notice(alipay, request_body(req), request_arena(req), request_fault(req), &notice);
    if (err == ERR_NOTICE_SIGNATURE || err == ERR_NOTICE_MISMATCH)
        return notice_refuse_kept(req, GATEWAY, err);
    TRY(err);
    if (notice.kind == ALIPAY_PAID)
        return settle(req, &notice);
    if (notice.kind == ALIPAY_REFUND)
        return tell_refund(req, &notice);
    acknowledge(req); /* not a payment: nothing to book, nothing to repeat */
    return OK;
}
