/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/dispatch.h"

#include "base/log.h"
#include "edge/files.h"
#include "edge/framing.h"
#include "edge/media.h"
#include "edge/message.h"
#include "edge/state.h"

enum err dispatch_check_head(struct request *req)
{
    TRY(framing_check(req));
    req->content = framing_content(req);
    req->complete = content_complete(&req->content);
    ENSURE(req->raw_target_size <= req->edge->options.limits.target_bytes, ERR_URI_TOO_LONG);
    enum err err = target_parse(req->arena, req->raw_target, req->raw_target_size, &req->fault, &req->target);
    return err == ERR_NOT_FOUND ? OK : err; /* no segments: dispatch_find finds nothing, and framing is sound */
}

static enum err check_body(struct request *req)
{
    const struct route *route = req->route;
    req->body.limit = route->content_type != NULL ? route->body_limit : 0;
    if (req->complete)
        return OK;
    ENSURE(framing_content_length(req) <= req->body.limit, ERR_BODY_TOO_LARGE);
    if (route->content_type == NULL)
        return OK; /* chunked: nothing but an empty body will pass */
    return media_check(route->content_type, request_header(req, "content-type"));
}

static enum err find_route(struct request *req, const struct routing *routing)
{
    enum err err = routing_find(routing, req->method, &req->target, req->arena, &req->route, &req->allow);
    if (err == ERR_NOT_FOUND && (req->route = files_route(req)) != NULL)
        return OK;
    return err;
}

enum err dispatch_find(struct request *req, const struct routing *routing)
{
    TRY(find_route(req, routing));
    TRY(check_body(req));
    if (req->route->access == ACCESS_PUBLIC)
        return OK;
    ENSURE(req->edge->options.admit != NULL, ERR_FORBIDDEN); /* fail closed */
    return req->edge->options.admit(req, req->route);
}

void dispatch_handle(struct request *req)
{
    req->handled = req->in_handler = true;
    enum err err = req->route->handler(req);
    if (err != OK && !req->replied)
        request_fail(req, err);
    else if (err != OK)
        log_error("edge", "request=%s route=%s failed after its reply: code=%s", req->id, req->route->path,
                  err_code(err));
    req->in_handler = false;
}
