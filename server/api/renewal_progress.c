/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/renewals/{no}: where a renewal stands, for who holds its access token. */
#include "api/renewal_progress.h"

#include "api/account.h"
#include "api/handlers.h"
#include "api/identity.h"
#include "api/reply.h"
#include "api/returned.h"
#include "api/server.h"

static struct json *order_json(const struct renewal_progress *progress)
{
    struct json *order = json_new_object();
    json_put_text(order, "order_no", progress->order_no);
    json_put_integer(order, "amount_fen", progress->amount_fen);
    json_put_text(order, "payment_status", progress->payment_status);
    reply_put_text(order, "method", progress->paid_method);
    return order;
}

static struct json *rejection_json(const struct renewal_progress *progress)
{
    if (progress->rejection_code[0] == '\0')
        return NULL;
    struct json *rejection = json_new_object();
    json_put_text(rejection, "code", progress->rejection_code);
    json_put_text(rejection, "text", progress->rejection_text);
    return rejection;
}

struct json *progress_json(const struct settings *settings, struct arena *arena,
                           const struct renewal_progress *progress)
{
    struct json *body = json_new_object();
    json_put_text(body, "renewal_no", progress->renewal_no);
    json_put_integer(body, "version", progress->version);
    reply_put_state(body, progress->status);
    json_put_text(body, "platform", progress->platform);
    json_put_text(body, "subject", progress->subject);
    json_put_integer(body, "term_months", progress->term_months);
    json_put(body, "order", order_json(progress));
    json_put_integer(body, "reviews_required", progress->reviews_required);
    json_put_integer(body, "reviews_done", progress->reviews_done);
    json_put(body, "rejection", rejection_json(progress));
    json_put(body, "correction", returned_for_applicant(arena, progress));
    reply_put_instant(arena, body, "old_not_after", progress->old_not_after_us);
    reply_put_instant(arena, body, "not_after", progress->not_after_us);
    reply_put_instant(arena, body, "submitted_at", progress->submitted_at_us);
    reply_put_instant(arena, body, "paid_at", progress->paid_at_us);
    reply_put_instant(arena, body, "decided_at", progress->decided_at_us);
    reply_put_instant(arena, body, "issued_at", progress->issued_at_us);
    reply_put_instant(arena, body, "completed_at", progress->completed_at_us);
    identity_put_steps(arena, body, progress->identity_steps);
    account_put_state(settings, arena, body, progress->account);
    return body;
}

static void got(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct renewal_progress progress;
    if (err == OK)
        err = store_get_progress_read(rows, request_arena(req), &progress);
    if (err == OK)
        request_reply_json(req, 200, progress_json(api_server(req)->settings, request_arena(req), &progress));
    else
        request_fail(req, err);
}

enum err api_renewal_progress(struct request *req)
{
    return store_get_progress(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), got, req);
}
