/* SPDX-License-Identifier: Apache-2.0 */
#include "api/notice.h"

#include "api/server.h"
#include "store/payment.h"

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

enum err notice_refuse_kept(struct request *req, const char *gateway, enum err why)
{
    struct refusal *refusal = ARENA_NEW(request_arena(req), struct refusal);
    *refusal = (struct refusal){req, why};
    struct refused_notice notice = {.gateway = gateway, .reason = err_code(why), .raw = request_body(req)};
    return store_refuse_notice(api_server(req)->db, &notice, api_call_ms(req), refused, refusal);
}
