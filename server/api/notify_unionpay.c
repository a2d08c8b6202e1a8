/* SPDX-License-Identifier: Apache-2.0 */
/* POST /notify/unionpay: UnionPay reports a payment (backUrl). It is kept and books nothing: UnionPay's rules ask for a
 * query first, which jobs makes. Answered 200 once it is kept; anything else makes UnionPay send it again.
 * POST /return/unionpay: the payer's browser brings the same fields (frontUrl). Nothing is believed of what they say
 * but which payment they are about; the gateway is asked, and the payer sees the progress. */
#include "api/handlers.h"
#include "api/notice.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "remote/unionpay.h"
#include "store/payment.h"

#define GATEWAY "unionpay"

static void acknowledge(struct request *req)
{
    request_reply(req, 200, "text/plain", bytes_of_text("ok"));
}

/* -- kept, to be asked --------------------------------------------------------------------------------------------- */

static void kept(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *renewal_no;
    if (err == OK)
        err = store_ask_notice_read(rows, request_arena(req), &renewal_no);
    if (err == OK)
        acknowledge(req);
    else
        request_fail(req, err);
}

static enum err keep(struct request *req, const struct unionpay_notice *notice)
{
    struct payment_notice payment = {
        .gateway = GATEWAY,
        .attempt_no = notice->order_id,
        .gateway_txn = notice->query_id,
        .amount_fen = notice->amount_fen,
        .buyer_masked = notice->account_masked,
        .raw = request_body(req),
        .key_id = notice->key_id,
    };
    return store_ask_notice(api_server(req)->db, &payment, notice->txn_time_us, api_call_ms(req), kept, req);
}

/* -- a refund ------------------------------------------------------------------------------------------------------ */

/* One that is not ours was made in the merchant's console, say: never a payment, and worth a person's look. */
static enum err tell_refund(struct request *req, const struct unionpay_notice *notice)
{
    struct refund_notice refund = {
        .gateway = GATEWAY,
        .refund_no = notice->order_id,
        .succeeded = notice->refunded,
        .raw = request_body(req),
        .key_id = notice->key_id,
    };
    return notice_tell_refund(req, &refund, acknowledge);
}

static enum err read_notice(struct request *req, struct unionpay_notice *notice)
{
    const struct unionpay *unionpay = api_server(req)->gateways.unionpay;
    ENSURE(unionpay != NULL, ERR_NOT_FOUND);
    return unionpay_read_notice(unionpay, request_body(req), clock_now_us(), request_arena(req), request_fault(req),
                                notice);
}

enum err api_notify_unionpay(struct request *req)
{
    struct unionpay_notice notice;
    enum err err = read_notice(req, &notice);
    if (err == ERR_NOTICE_SIGNATURE || err == ERR_NOTICE_MISMATCH)
        return notice_refuse_kept(req, GATEWAY, err);
    TRY(err);
    if (notice.kind == UNIONPAY_PAID)
        return keep(req, &notice);
    if (notice.kind == UNIONPAY_REFUND)
        return tell_refund(req, &notice);
    acknowledge(req); /* not paid: the query says what it says */
    return OK;
}

/* -- the payer comes back ------------------------------------------------------------------------------------------ */

static void returned(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct arena *arena = request_arena(req);
    struct payment_state payment;
    if (err == OK)
        err = store_refresh_payment_read(rows, arena, &payment);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    const char *public_url = api_server(req)->settings->web_public_url;
    request_add_header(req, "Location", arena_format(arena, "%s/order/%s", public_url, payment.renewal_no));
    request_reply(req, 303, "text/plain", bytes_of_text("")); /* RFC 9110 15.4.4: a GET from here on */
}

enum err api_return_unionpay(struct request *req)
{
    struct unionpay_notice notice;
    TRY(read_notice(req, &notice));
    return store_refresh_payment(api_server(req)->db, NULL, notice.order_id, api_call_ms(req), returned, req);
}
