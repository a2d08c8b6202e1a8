/* SPDX-License-Identifier: Apache-2.0 */
/* Who works on which case: claim, the next one, release, giving to somebody, hold, and looking at samples. */
#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/review_write.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/review_queue.h"

#include <string.h>

#define CLAIM_LEASE_S     1800
#define REASSIGN_LEASE_S  28800 /* a working day: whom it is given to may not be there yet */
#define REASON_LENGTH_MAX 500
#define NAME_LENGTH_MAX   64

static struct json *claim_json(struct request *req, const char *renewal_no, const struct claimed_case *claim)
{
    struct json *body = json_new_object();
    reply_put_text(body, "renewal_no", renewal_no);
    reply_put_text(body, "claimed_by", claim->claimed_by);
    reply_put_time(req, body, "claimed_until", claim->claimed_until_us);
    json_put_integer(body, "version", claim->version);
    return body;
}

/* A write of the case that the route names. */
static enum err read_case_write(struct request *req, int64_t version, struct review_write *out)
{
    TRY(review_read_write(req, version, out));
    out->renewal_no = request_path_part(req, "no");
    return OK;
}

/* -- claim --------------------------------------------------------------------------------------------------------- */

static void say_holder(struct request *req, const struct row *rows)
{
    struct claimed_case holder = {0};
    size_t size;
    store_claim_case_holder(rows, request_arena(req), &holder);
    fault_extend(request_fault(req), "claim",
                 json_finish(claim_json(req, request_path_part(req, "no"), &holder), request_arena(req), &size));
}

static void claimed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct claimed_case claim;
    if (err == OK)
        err = store_claim_case_read(rows, request_arena(req), &claim);
    if (err == OK) {
        request_reply_json(req, 200, claim_json(req, request_path_part(req, "no"), &claim));
        return;
    }
    if (err == ERR_CASE_CLAIMED)
        say_holder(req, rows);
    request_fail(req, err);
}

enum err api_review_claim(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct review_write write;
    TRY(reply_read_body(req, &document, NULL, 0));
    TRY(read_case_write(req, 0, &write));
    return store_claim_case(api_server(req)->db, &write, CLAIM_LEASE_S, api_call_ms(req), claimed, req);
}

static void next_claimed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct claimed_case claim;
    if (err == OK)
        err = store_claim_next_read(rows, request_arena(req), &claim);
    if (err == OK)
        request_reply_json(req, 200, claim_json(req, claim.renewal_no, &claim));
    else
        request_fail(req, err);
}

enum err api_review_next(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct review_write write;
    const char *platform = "";
    const struct json_field fields[] = {
        {"platform", FIELD_TEXT, .optional = true, .into = &platform, .length_max = NAME_LENGTH_MAX}};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(review_read_write(req, 0, &write));
    ENSURE(platform[0] == '\0' || platform_find(api_server(req)->platforms, platform) != NULL, ERR_PLATFORM_UNKNOWN);
    return store_claim_next(api_server(req)->db, &write, platform, CLAIM_LEASE_S, api_call_ms(req), next_claimed, req);
}

/* {renewal_no, status, version} of the route's case. */
static void reply_version(struct request *req, const char *status, int64_t version)
{
    struct json *body = json_new_object();
    json_put_text(body, "renewal_no", request_path_part(req, "no"));
    json_put_text(body, "status", status);
    json_put_integer(body, "version", version);
    request_reply_json(req, 200, body);
}

static void released(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    int64_t version = 0;
    if (err == OK)
        err = store_release_case_read(rows, request_arena(req), &version);
    if (err == OK)
        reply_version(req, "released", version);
    else
        request_fail(req, err);
}

enum err api_review_release(struct request *req)
{
    struct review_write write;
    TRY(read_case_write(req, 0, &write));
    return store_release_case(api_server(req)->db, &write, api_call_ms(req), released, req);
}

static void reassigned(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct claimed_case claim;
    if (err == OK)
        err = store_reassign_case_read(rows, request_arena(req), &claim);
    if (err == OK)
        request_reply_json(req, 200, claim_json(req, request_path_part(req, "no"), &claim));
    else
        review_fail(req, err, rows);
}

enum err api_review_reassign(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct review_write write;
    const char *to = "";
    int64_t version = 0;
    const struct json_field fields[] = {{"to", FIELD_TEXT, .into = &to, .length_max = NAME_LENGTH_MAX},
                                        REPLY_VERSION_FIELD(&version, true)};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(read_case_write(req, version, &write));
    return store_reassign_case(api_server(req)->db, &write, to, REASSIGN_LEASE_S, api_call_ms(req), reassigned, req);
}

/* -- on hold ------------------------------------------------------------------------------------------------------- */

static void held(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    int64_t version = 0;
    if (err == OK)
        err = store_hold_case_read(rows, request_arena(req), &version);
    if (err == OK)
        reply_version(req, "held", version);
    else
        review_fail(req, err, rows);
}

static enum err check_hold(struct request *req, const char *until, const char *reason, int64_t *until_us)
{
    struct fault *fault = request_fault(req);
    if (!clock_parse(until, until_us))
        fault_field(fault, "until", "value", "应为时间，如2026-11-24T09:00:00+08:00",
                    "Must be a time like 2026-11-24T09:00:00+08:00");
    if (text_blank(reason))
        fault_field(fault, "reason", "required", "请写明挂起原因，同事会看到", "Say why; your colleagues will read it");
    return fault_check(fault);
}

enum err api_review_hold(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct review_write write;
    const char *until = "", *reason = "";
    int64_t version = 0, until_us = 0;
    const struct json_field fields[] = {
        {"until", FIELD_TEXT, .into = &until, .length_max = 40},
        {"reason", FIELD_TEXT, .into = &reason, .length_max = REASON_LENGTH_MAX},
        REPLY_VERSION_FIELD(&version, true),
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(check_hold(req, until, reason, &until_us));
    TRY(read_case_write(req, version, &write));
    return store_hold_case(api_server(req)->db, &write, until_us, reason, api_call_ms(req), held, req);
}

static void resumed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    int64_t version = 0;
    if (err == OK)
        err = store_resume_case_read(rows, request_arena(req), &version);
    if (err == OK)
        reply_version(req, "resumed", version);
    else
        request_fail(req, err);
}

enum err api_review_resume(struct request *req)
{
    struct review_write write;
    TRY(read_case_write(req, 0, &write));
    return store_resume_case(api_server(req)->db, &write, api_call_ms(req), resumed, req);
}

/* -- samples ------------------------------------------------------------------------------------------------------- */

static void looked(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_look_at_sample_read(rows, request_arena(req));
    if (err == OK)
        reply_moved(req, "looked");
    else
        request_fail(req, err);
}

static enum err check_verdict(struct request *req, const char *verdict, const char *note)
{
    bool wrong = strcmp(verdict, "wrong") == 0;
    if (!wrong && strcmp(verdict, "right") != 0)
        fault_field(request_fault(req), "verdict", "value", "应为right或wrong", "Must be right or wrong");
    if (wrong && text_blank(note))
        fault_field(request_fault(req), "note", "required", "请写明哪里不对", "Say what is wrong");
    return fault_check(request_fault(req));
}

enum err api_review_sample(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct review_write write;
    const char *verdict = "", *note = "";
    const struct json_field fields[] = {
        {"verdict", FIELD_TEXT, .into = &verdict, .length_max = 16},
        {"note", FIELD_TEXT, .optional = true, .into = &note, .length_max = REASON_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(check_verdict(req, verdict, note));
    TRY(read_case_write(req, 0, &write));
    return store_look_at_sample(api_server(req)->db, &write, verdict, note, api_call_ms(req), looked, req);
}
