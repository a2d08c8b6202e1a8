/* SPDX-License-Identifier: Apache-2.0 */
/* POST /notify/wechat: WeChat Pay reports a payment. Safe to receive any number of times. Answered 200 after the
 * commit; anything else makes WeChat send it again. What fails its checks is kept for a person and refused: WeChat
 * sends probes with bad signatures and stops trusting who accepts them. */
#include "api/handlers.h"
#include "api/notice.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "remote/wechat.h"

#define GATEWAY "wechat"

static void acknowledge(struct request *req)
{
    request_reply(req, 200, "application/json", bytes_of_text("{\"code\":\"SUCCESS\"}"));
}

static enum err settle(struct request *req, const struct wechat_trade *trade, const char *key_id)
{
    struct payment_notice payment = {
        .gateway = GATEWAY,
        .attempt_no = trade->out_trade_no,
        .gateway_txn = trade->transaction_id,
        .amount_fen = trade->amount_fen,
        .paid_at_us = trade->paid_us,
        .buyer_masked = trade->buyer_masked,
        .raw = request_body(req),
        .key_id = key_id,
    };
    return notice_settle(req, &payment, acknowledge);
}

static enum err tell_refund(struct request *req, const struct wechat_notice *notice, const char *key_id)
{
    struct refund_notice refund = {
        .gateway = GATEWAY,
        .refund_no = notice->out_refund_no,
        .succeeded = notice->refunded,
        .raw = request_body(req),
        .key_id = key_id,
    };
    return notice_tell_refund(req, &refund, acknowledge);
}

enum err api_notify_wechat(struct request *req)
{
    const struct wechat *wechat = api_server(req)->gateways.wechat;
    ENSURE(wechat != NULL, ERR_NOT_FOUND);
    struct wechat_headers headers = {
        .timestamp = request_header(req, "wechatpay-timestamp"),
        .nonce = request_header(req, "wechatpay-nonce"),
        .signature = request_header(req, "wechatpay-signature"),
        .serial = request_header(req, "wechatpay-serial"),
    };
    struct wechat_notice notice;
    enum err err = wechat_read_notice(wechat, &headers, request_body(req), clock_now_us(), request_arena(req),
                                      request_fault(req), &notice);
    if (err == ERR_NOTICE_SIGNATURE || err == ERR_NOTICE_MISMATCH)
        return notice_refuse_kept(req, GATEWAY, err);
    TRY(err);
    if (notice.kind == WECHAT_NOTICE_PAID)
        return settle(req, &notice.trade, headers.serial);
    if (notice.kind == WECHAT_NOTICE_REFUND)
        return tell_refund(req, &notice, headers.serial);
    acknowledge(req); /* not a payment: nothing to book, nothing to repeat */
    return OK;
}
