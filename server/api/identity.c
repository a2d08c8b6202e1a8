/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals/{no}/liveness, …/telecom: the applicant wants a check. GET /identity/return: a phone comes back
 * from the provider, which is a reason to look for the result and never the result itself. */
#include "api/identity.h"

#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/text.h"
#include "domain/identity_step.h"
#include "pki/digest.h"

#include <string.h>

#define LIVENESS_CALLS   2 /* of the database, beside the provider's */
#define BIZ_TOKEN_LENGTH 128

/* -- what is shown ----------------------------------------------------------------------------------------------- */

static void put_reason(struct json *json, const char *reason)
{
    reply_put_text(json, "reason", reason);
    reply_put_text(json, "reason_text", identity_reason_zh(reason));
    reply_put_text(json, "reason_text_en", identity_reason_en(reason));
}

void identity_put_steps(struct arena *arena, struct json *body, const char *lines)
{
    struct identity_steps steps = identity_steps_read(arena, lines);
    struct json *list = json_new_array();
    for (size_t i = 0; i < steps.count; i++) {
        struct json *step = json_new_object();
        json_put_text(step, "step", steps.items[i].step);
        json_put_text(step, "state", steps.items[i].state);
        put_reason(step, steps.items[i].reason);
        reply_put_instant(arena, step, "since", steps.items[i].since_us);
        json_append(list, step);
    }
    json_put(body, "identity_steps", list);
}

/* Whom a verdict was made about. */
static struct json *person_json(const struct identity_check *check)
{
    struct json *person = json_new_object();
    json_put_text(person, "name", check->agent_name_masked);
    json_put_text(person, "id_number", check->agent_id_masked);
    json_put_text(person, "mobile", check->agent_mobile_masked);
    return person;
}

void identity_put_checks(struct arena *arena, struct json *body, const struct identity_checks *checks)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < checks->count; i++) {
        const struct identity_check *it = &checks->items[i];
        struct json *check = json_new_object();
        json_put_text(check, "kind", it->kind);
        json_put_text(check, "provider", it->provider);
        json_put_text(check, "result", it->result);
        put_reason(check, it->reason);
        reply_put_text(check, "similarity_percent",
                       it->similarity < 0 ? ""
                                          : arena_format(arena, "%lld.%02lld", (long long)(it->similarity / 100),
                                                         (long long)(it->similarity % 100)));
        reply_put_text(check, "reference", it->reference);
        reply_put_instant(arena, check, "asked_at", it->asked_at_us);
        reply_put_instant(arena, check, "decided_at", it->decided_at_us);
        json_put_boolean(check, "stands", it->stands);
        json_put(check, "person", person_json(it));
        json_append(list, check);
    }
    json_put(body, "identity_checks", list);
}

/* -- liveness ---------------------------------------------------------------------------------------------------- */

static void asked(void *context, enum err err, struct bytes body)
{
    struct request *req = context;
    if (err == OK)
        request_reply(req, 200, "application/json", body);
    else
        request_fail(req, err);
}

enum err identity_ask_liveness(struct request *req, const char *renewal_no)
{
    struct json *ask = json_new_object();
    json_put_text(ask, "renewal_no", renewal_no);
    struct bytes body;
    body.data = (const uint8_t *)json_finish(ask, request_arena(req), &body.size);
    const struct settings *settings = api_server(req)->settings;
    int64_t deadline_ms = settings->identity_call_ms + LIVENESS_CALLS * settings->database_call_ms;
    return peer_call(api_server(req)->jobs, "liveness_begin", body, deadline_ms, ERR_JOBS_UNAVAILABLE,
                     request_fault(req), asked, req);
}

enum err api_liveness(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return identity_ask_liveness(req, request_path_part(req, "no"));
}

/* -- telecom ----------------------------------------------------------------------------------------------------- */

static void telecom_begun(void *context, enum err err, const struct row *rows)
{
    static const char *const states[] = {[IDENTITY_ASKED] = "open",
                                         [IDENTITY_LIVE] = "open",
                                         [IDENTITY_PASSED] = "passed",
                                         [IDENTITY_MANUAL] = "manual",
                                         [IDENTITY_BUSY] = "open"};
    struct request *req = context;
    enum identity_begun begun;
    if (err == OK)
        err = store_begin_telecom_read(rows, request_arena(req), &begun);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "state", states[begun]);
    request_reply_json(req, 200, body);
}

enum err api_telecom(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    const struct settings *settings = api_server(req)->settings;
    const struct identity_limits limits = {settings->faceid_secret_id[0] == '\0' ? "" : "tencent",
                                           settings->identity_tries_per_day};
    return store_begin_telecom(api_server(req)->db, request_path_part(req, "no"), &limits, api_call_ms(req),
                               telecom_begun, req);
}

/* -- coming back from the provider ------------------------------------------------------------------------------- */

static void say_thanks(struct request *req)
{
    static const char page[] = "<!DOCTYPE html><html lang=\"zh-CN\"><meta charset=\"utf-8\">"
                               "<meta name=\"viewport\" content=\"width=device-width\"><title>活体认证</title>"
                               "<p>正在确认认证结果，请回到电脑页面继续办理。</p></html>";
    request_add_header(req, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    request_add_header(req, "Referrer-Policy", "no-referrer");
    request_reply(req, 200, "text/html; charset=utf-8", bytes_of_text(page));
}

/* The same for a token that is not ours: nothing is told to who guesses. */
static void hurried(void *context, enum err err, const struct row *rows)
{
    (void)rows;
    if (err == OK)
        say_thanks(context);
    else
        request_fail(context, err);
}

enum err api_identity_return(struct request *req)
{
    const char *token = request_query(req, "BizToken");
    if (token == NULL || token[0] == '\0' || strlen(token) > BIZ_TOKEN_LENGTH) {
        say_thanks(req);
        return OK;
    }
    return store_hurry_identity(api_server(req)->db, sha256(request_arena(req), bytes_of_text(token)), api_call_ms(req),
                                hurried, req);
}
