/* SPDX-License-Identifier: Apache-2.0 */
#include "api/refusals.h"

#include "api/access.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "edge/route.h"
#include "store/staff.h"

#include <string.h>

#define WINDOW_MS 60000

struct refusals {
    int64_t per_minute;
    int64_t window_ms; /* when the present minute began */
    int64_t count, dropped;
};

struct refusals *refusals_new(int64_t per_minute)
{
    struct refusals *refusals = mem_alloc(sizeof(*refusals));
    *refusals = (struct refusals){.per_minute = per_minute, .window_ms = clock_monotonic_ms()};
    return refusals;
}

void refusals_free(struct refusals *refusals)
{
    mem_free(refusals);
}

/* Strangers can be refused as often as they like: what they cost is bounded, and that there were more is said. */
static bool may_record(struct refusals *refusals)
{
    int64_t now = clock_monotonic_ms();
    if (now - refusals->window_ms >= WINDOW_MS) {
        if (refusals->dropped > 0)
            log_warn("desk", "%lld refusals of a minute were not recorded; staff.refusals_per_minute is %lld",
                     (long long)refusals->dropped, (long long)refusals->per_minute);
        *refusals = (struct refusals){.per_minute = refusals->per_minute, .window_ms = now};
    }
    bool may = refusals->count < refusals->per_minute;
    refusals->count += may;
    refusals->dropped += !may;
    return may;
}

/* What the handler says it is about, or the part of the path that names an object. */
static const char *object_of(struct request *req)
{
    static const char *const parts[] = {"no", "id", "refund", "number", "name", "platform"};
    const char *object = request_fault(req)->about;
    for (size_t i = 0; object == NULL && i < ARRAY_SIZE(parts); i++)
        if (strstr(request_route(req)->path, arena_format(request_arena(req), "{%s}", parts[i])) != NULL)
            object = request_path_part(req, parts[i]);
    return object == NULL ? "" : object;
}

static struct staff_refusal refusal_of(struct request *req, struct arena *arena, enum err err, bool record)
{
    const struct route *route = request_route(req);
    const struct bytes *digest = request_caller(req);
    return (struct staff_refusal){.token_digest = digest != NULL ? *digest : (struct bytes){0},
                                  .code = err_code(err),
                                  .route = arena_format(arena, "%s %s", route->method, route->path),
                                  .object = object_of(req),
                                  .request_id = request_id(req),
                                  .record = record};
}

/* -- by a handler -------------------------------------------------------------------------------------------------- */

struct waiting {
    struct request *req;
    enum err err;
};

static void recorded(void *context, enum err err, const struct row *rows)
{
    const struct waiting *it = context;
    enum err learnt = it->err;
    struct staff_overtaken change;
    if (err == OK)
        err = store_refuse_read(rows, request_arena(it->req), &learnt, &change);
    if (err == OK && request_fault(it->req)->extension == NULL) /* the handler may have said it, or more */
        reply_say_changed(it->req, change.by, change.at_us, change.step);
    if (err != OK)
        log_error("desk", "request=%s: its refusal was not recorded: code=%s", request_id(it->req), err_code(err));
    request_fail(it->req, learnt);
}

bool refusals_record(struct request *req, enum err err)
{
    struct api_server *server = api_server(req);
    if (request_route(req)->access != ACCESS_STAFF || err_info(err)->category != ERR_CALLER)
        return false;
    bool conflict = err_info(err)->status == 409; /* who meets one is no stranger */
    bool record = conflict || may_record(server->refusals);
    bool asks_why = err == ERR_UNAUTHENTICATED && request_caller(req) != NULL;
    if (!record && !asks_why)
        return false;
    struct waiting *it = ARENA_NEW(request_arena(req), struct waiting);
    *it = (struct waiting){req, err};
    const struct staff_refusal refusal = refusal_of(req, request_arena(req), err, record);
    return store_refuse(server->db, &refusal, api_call_ms(req), recorded, it) == OK;
}

/* -- at the door --------------------------------------------------------------------------------------------------- */

static void noted(void *context, enum err err, const struct row *rows)
{
    struct arena *arena = context;
    enum err learnt;
    struct staff_overtaken change;
    if (err == OK)
        err = store_refuse_read(rows, arena, &learnt, &change);
    if (err != OK)
        log_error("desk", "a refusal was not recorded: code=%s", err_code(err));
    arena_free(arena);
}

void refusals_note(struct request *req, enum err err)
{
    struct api_server *server = api_server(req);
    if (!may_record(server->refusals))
        return;
    struct arena *arena = arena_new();
    const struct staff_refusal refusal = refusal_of(req, arena, err, true);
    if (store_refuse(server->db, &refusal, api_call_ms(req), noted, arena) == OK)
        return;
    log_error("desk", "request=%s: its refusal was not recorded", request_id(req));
    arena_free(arena);
}
