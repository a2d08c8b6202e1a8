/* SPDX-License-Identifier: Apache-2.0 */
#include "api/notice.h"

#include "api/server.h"
#include "base/log.h"

struct refusal {
    struct request *req;
    enum err why;
};

static void refused(void *context, enum err err, const struct row *rows)
{
    struct refusal *refusal = context;
    bool known = false;
    if (err == OK)
        err = store_refuse_notice_read(rows, request_arena(refusal->req), &known);
    request_fail(refusal->req, err == OK ? refusal->why : err);
}

struct settling {
    struct request *req;
    notice_acknowledge *acknowledge;
};

static void settled(void *context, enum err err, const struct row *rows)
{
    struct settling *settling = context;
    struct settled_payment payment = {0};
    if (err == OK)
        err = store_settle_payment_read(rows, request_arena(settling->req), &payment);
    if (err == OK && payment.settlement == SETTLED_SURPLUS)
        log_warn("payment", "surplus payment for %s booked as the payer's credit", payment.renewal_no);
    if (err == OK)
        settling->acknowledge(settling->req);
    else
        request_fail(settling->req, err);
}

enum err notice_settle(struct request *req, const struct payment_notice *payment, notice_acknowledge *acknowledge)
{
    struct settling *settling = ARENA_NEW(request_arena(req), struct settling);
    *settling = (struct settling){req, acknowledge};
    return store_settle_payment(api_server(req)->db, payment, api_call_ms(req), settled, settling);
}

static void told(void *context, enum err err, const struct row *rows)
{
    struct settling *settling = context;
    enum refund_told told = REFUND_TOLD_ASKED;
    if (err == OK)
        err = store_tell_refund_read(rows, request_arena(settling->req), &told);
    if (err != OK) {
        request_fail(settling->req, err);
        return;
    }
    if (told == REFUND_TOLD_UNASKED)
        log_warn("refund", "a gateway tells of a refund that was not asked for here: a person must look");
    if (told == REFUND_TOLD_MISMATCH)
        log_error("refund", "a gateway's notice contradicts what is known of a refund: a person must look");
    settling->acknowledge(settling->req);
}

enum err notice_tell_refund(struct request *req, const struct refund_notice *notice, notice_acknowledge *acknowledge)
{
    struct settling *settling = ARENA_NEW(request_arena(req), struct settling);
    *settling = (struct settling){req, acknowledge};
    return store_tell_refund(api_server(req)->db, notice, api_call_ms(req), told, settling);
}

enum err notice_refuse_kept(struct request *req, const char *gateway, enum err why)
{
    struct refusal *refusal = ARENA_NEW(request_arena(req), struct refusal);
    *refusal = (struct refusal){req, why};
    struct refused_notice notice = {.gateway = gateway, .reason = err_code(why), .raw = request_body(req)};
    return store_refuse_notice(api_server(req)->db, &notice, api_call_ms(req), refused, refusal);
}
