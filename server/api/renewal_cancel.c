/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals/{no}/cancellation: freely before payment. After it the money has to go back, which the
 * applicant asks for by telephone. */
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "store/renewal.h"

static enum err refund_needed(struct request *req, const struct cancelled_renewal *renewal)
{
    const struct platform *platform = platform_find(api_server(req)->platforms, renewal->platform);
    const char *hotline = platform == NULL ? "" : platform->contact.hotline;
    struct arena *arena = request_arena(req);
    return fault_explain(request_fault(req), ERR_RENEWAL_STATE,
                         arena_format(arena, "已缴费，不能直接撤销；如需撤销，请致电客服热线%s申请退款", hotline),
                         arena_format(arena, "Paid already: to withdraw, ask for a refund by telephone%s%s",
                                      hotline[0] == '\0' ? "" : ", ", hotline));
}

static void cancelled(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct cancelled_renewal renewal;
    if (err == OK)
        err = store_cancel_renewal_read(rows, request_arena(req), &renewal);
    if (err == OK && !renewal.cancelled)
        err = refund_needed(req, &renewal);
    if (err == OK)
        reply_moved(req, renewal.status);
    else
        request_fail(req, err);
}

enum err api_renewal_cancel(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_cancel_renewal(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), cancelled, req);
}
