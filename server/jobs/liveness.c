/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/liveness.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "jobs/person.h"
#include "pki/digest.h"
#include "store/identity.h"

#include <inttypes.h>
#include <string.h>

#define TOKEN_VALID_US (7200 * CLOCK_SECOND_US) /* of a BizToken: DetectAuth's documentation */
#define EXTRA_LENGTH   32                       /* hex characters of its mark */

struct opening {
    struct peer_call *call;
    struct jobs *jobs;
    const char *renewal_no;
    struct liveness_begun begun;
    struct faceid_begun remote;
    int64_t expires_at_us;
    enum err failed; /* what is told after the check was ended */
};

struct bytes liveness_aad(struct arena *arena, int64_t check_id)
{
    return bytes_of_text(arena_format(arena, "%" PRId64, check_id));
}

const char *liveness_extra(const struct jobs *jobs, struct arena *arena, int64_t check_id)
{
    const char *number = arena_format(arena, "%" PRId64, check_id);
    const char *mark = hex_encode(arena, seal_index(jobs->seal_keys, arena, "identity.extra", number));
    return arena_format(arena, "%s.%.*s", number, EXTRA_LENGTH, mark);
}

/* -- answers ----------------------------------------------------------------------------------------------------- */

static void reply(const struct opening *opening, const char *state, const char *url)
{
    struct json *body = json_new_object();
    json_put_text(body, "state", state);
    json_put_text(body, "url", url);
    json_put_text(body, "expires_at",
                  url == NULL ? NULL : clock_text(peer_call_arena(opening->call), opening->expires_at_us));
    peer_reply(opening->call, body);
}

static void ended(void *context, enum err err, const struct row *rows)
{
    (void)rows;
    const struct opening *opening = context;
    if (err != OK)
        log_warn("jobs", "liveness of %s not ended: %s", opening->renewal_no, err_code(err));
    if (err == OK && opening->failed == OK)
        reply(opening, "manual", NULL);
    else
        peer_fail(opening->call, opening->failed == OK ? err : opening->failed);
}

/* failed OK: the reviewer judges. */
static void end(struct opening *opening, const char *reason, enum err failed)
{
    opening->failed = failed;
    enum err err = store_end_asking(opening->jobs->db, opening->begun.check_id, failed == OK, reason,
                                    opening->jobs->settings->database_call_ms, ended, opening);
    if (err != OK)
        ended(opening, err, NULL);
}

/* -- asking the provider ------------------------------------------------------------------------------------------- */

static void opened(void *context, enum err err, const struct row *rows)
{
    struct opening *opening = context;
    bool stale = false;
    if (err == OK)
        err = store_open_liveness_read(rows, peer_call_arena(opening->call), &stale);
    if (err == OK && stale)
        err = ERR_BUSY;
    if (err == OK)
        reply(opening, "open", opening->remote.url);
    else
        peer_fail(opening->call, err);
}

static enum err keep(struct opening *opening)
{
    struct arena *arena = peer_call_arena(opening->call);
    const struct seal_keys *keys = opening->jobs->seal_keys;
    int64_t check_id = opening->begun.check_id;
    struct bytes aad = liveness_aad(arena, check_id), token = bytes_of_text(opening->remote.biz_token);
    opening->expires_at_us = clock_now_us() + TOKEN_VALID_US;
    const struct liveness_opening it = {
        .check_id = check_id,
        .token_digest = sha256(arena, token),
        .token_sealed = seal(keys, arena, LIVENESS_TOKEN_PLACE, aad, token),
        .url_sealed = seal(keys, arena, LIVENESS_URL_PLACE, aad, bytes_of_text(opening->remote.url)),
        .expires_at_us = opening->expires_at_us};
    return store_open_liveness(opening->jobs->db, &it, opening->jobs->settings->database_call_ms, opened, opening);
}

static void answered(void *context, enum err err, const struct http_answer *answer)
{
    struct opening *opening = context;
    const char *reason = err == ERR_REMOTE_UNKNOWN ? "unknown" : "unreachable";
    if (err == OK)
        err = faceid_begin_read(peer_call_arena(opening->call), answer, &opening->remote, &reason);
    if (err == ERR_IDENTITY_UNAVAILABLE)
        log_warn("jobs", "the identity provider refused to begin: %s", reason);
    if (err != OK) {
        end(opening, reason, err == ERR_REMOTE_UNKNOWN ? err : ERR_IDENTITY_UNAVAILABLE);
        return;
    }
    err = keep(opening);
    if (err != OK)
        peer_fail(opening->call, err);
}

static enum err ask(struct opening *opening)
{
    struct arena *arena = peer_call_arena(opening->call);
    struct jobs *jobs = opening->jobs;
    struct person person;
    struct http_request request;
    TRY(person_read(jobs, arena, opening->begun.evidence_sha256, opening->begun.personal_sealed, &person));
    if (strcmp(person.id_type, "resident_id") != 0) {
        end(opening, "id_type", OK);
        return OK;
    }
    const struct faceid_person whom = {person.name, person.id_number, person.mobile};
    const char *back = arena_format(arena, "%s/identity/return", jobs->settings->web_public_url);
    faceid_begin(jobs->faceid, arena, &whom, back, liveness_extra(jobs, arena, opening->begun.check_id), clock_now_us(),
                 &request);
    return http_start(jobs->http, &request, arena, answered, opening);
}

/* -- the request ------------------------------------------------------------------------------------------------- */

static enum err reply_live(struct opening *opening)
{
    struct arena *arena = peer_call_arena(opening->call);
    struct bytes url;
    TRY(unseal(opening->jobs->seal_keys, arena, LIVENESS_URL_PLACE, liveness_aad(arena, opening->begun.check_id),
               opening->begun.url_sealed, &url));
    opening->expires_at_us = opening->begun.expires_at_us;
    reply(opening, "open", arena_text_n(arena, (const char *)url.data, url.size));
    return OK;
}

static enum err go_on(struct opening *opening)
{
    switch (opening->begun.begun) {
    case IDENTITY_ASKED:
        return ask(opening);
    case IDENTITY_LIVE:
        return reply_live(opening);
    case IDENTITY_PASSED:
        reply(opening, "passed", NULL);
        return OK;
    case IDENTITY_MANUAL:
        reply(opening, "manual", NULL);
        return OK;
    case IDENTITY_BUSY:
        break;
    }
    return ERR_BUSY;
}

static void begun(void *context, enum err err, const struct row *rows)
{
    struct opening *opening = context;
    if (err == OK)
        err = store_begin_liveness_read(rows, peer_call_arena(opening->call), &opening->begun);
    if (err == OK)
        err = go_on(opening);
    if (err != OK)
        peer_fail(opening->call, err);
}

static enum err begin(struct peer_call *call, struct bytes text)
{
    AUTO_JSON *document = NULL;
    struct fault *fault = peer_call_fault(call);
    struct opening *opening = ARENA_NEW(peer_call_arena(call), struct opening);
    const struct json_field fields[] = {{"renewal_no", FIELD_TEXT, .into = &opening->renewal_no, .length_max = 64}};
    *opening = (struct opening){.call = call, .jobs = peer_call_server(call)};
    TRY(json_parse((const char *)text.data, text.size, fault, &document));
    TRY(json_read(document, "", fields, ARRAY_SIZE(fields), fault));
    opening->renewal_no = arena_text(peer_call_arena(call), opening->renewal_no);
    const struct settings *settings = opening->jobs->settings;
    const struct identity_limits limits = {opening->jobs->faceid == NULL ? "" : "tencent",
                                           settings->identity_tries_per_day};
    return store_begin_liveness(opening->jobs->db, opening->renewal_no, &limits, settings->database_call_ms, begun,
                                opening);
}

void liveness_begin_handle(struct peer_call *call, struct bytes body)
{
    enum err err = begin(call, body);
    if (err != OK)
        peer_fail(call, err);
}
