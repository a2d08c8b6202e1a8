/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/identity.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "jobs/liveness.h"
#include "jobs/person.h"
#include "store/identity.h"

#include <inttypes.h>
#include <string.h>

#define BATCH         20                       /* the provider takes 50 a second */
#define LEASE_S       30                       /* more than a call and its record take */
#define GRACE_US      (60 * CLOCK_SECOND_US)   /* after a token's end, for what was done at the last moment */
#define GIVE_UP_US    (3600 * CLOCK_SECOND_US) /* … when the provider cannot be asked */
#define TELECOM_LOOKS 10                       /* tries while the operators are away; then the reviewer judges */
#define RETRY_FIRST_S 15
#define RETRY_LAST_S  3600

struct identity {
    struct jobs *jobs;
    struct loop_timer *timer;
    size_t under_way;
    bool asking, stopped;
};

struct look {
    struct identity *identity;
    struct arena *arena;
    struct due_check check;
    struct faceid_person person;
};

int64_t identity_next_look_s(bool telecom, int64_t waited_s, int64_t looks)
{
    if (!telecom)
        return waited_s < 600 ? 5 : waited_s < 1800 ? 15 : 60;
    int64_t after = RETRY_FIRST_S;
    for (int64_t i = 1; i < looks && after < RETRY_LAST_S; i++)
        after *= 2;
    return after < RETRY_LAST_S ? after : RETRY_LAST_S;
}

/* -- the end of a look ------------------------------------------------------------------------------------------- */

static void recorded(void *context, enum err err, const struct row *rows)
{
    (void)rows; /* stale: somebody else has it by now */
    struct look *look = context;
    if (err != OK) /* its lease runs out and it is looked at again */
        log_warn("identity", "check %" PRId64 " of %s not recorded: %s", look->check.check_id, look->check.renewal_no,
                 err_code(err));
    look->identity->under_way--;
    arena_free(look->arena);
    mem_free(look);
}

static void wait(struct look *look)
{
    const struct jobs *jobs = look->identity->jobs;
    const struct due_check *check = &look->check;
    int64_t waited_s = (clock_now_us() - check->asked_at_us) / CLOCK_SECOND_US;
    int64_t after_s = identity_next_look_s(check->telecom, waited_s, check->looks);
    enum err err = store_look_again(jobs->db, check->check_id, check->lease_token, after_s,
                                    jobs->settings->database_call_ms, recorded, look);
    if (err != OK)
        recorded(look, err, NULL);
}

static void decide(struct look *look, const struct faceid_verdict *said, const char *provider, struct bytes answer)
{
    static const char *const words[] = {
        [FACEID_PASSED] = "passed", [FACEID_FAILED] = "failed", [FACEID_MANUAL] = "manual", [FACEID_VOID] = "void"};
    const struct jobs *jobs = look->identity->jobs;
    const struct due_check *check = &look->check;
    struct check_verdict verdict = {.check_id = check->check_id,
                                    .lease_token = check->lease_token,
                                    .provider = provider,
                                    .result = words[said->result],
                                    .reason = said->reason,
                                    .similarity = said->similarity,
                                    .reference = said->reference,
                                    .failures = jobs->settings->identity_failures};
    if (answer.size > 0) /* what it said, as evidence */
        verdict.answer_sealed = seal(jobs->seal_keys, look->arena, "identity.answer",
                                     liveness_aad(look->arena, check->check_id), answer);
    log_info("identity", "%s of %s: %s %s", check->telecom ? "telecom" : "liveness", check->renewal_no, verdict.result,
             verdict.reason);
    enum err err = store_decide_check(jobs->db, &verdict, jobs->settings->database_call_ms, recorded, look);
    if (err != OK)
        recorded(look, err, NULL);
}

/* No verdict came. A liveness check is over some time after its token; a telecom check after some tries. */
static void wait_or_give_up(struct look *look, bool reached, struct bytes answer)
{
    static const struct faceid_verdict expired = {FACEID_VOID, "expired", -1, ""};
    static const struct faceid_verdict unavailable = {FACEID_MANUAL, "provider_unavailable", -1, ""};
    const struct due_check *check = &look->check;
    int64_t over_us = check->expires_at_us + (reached ? GRACE_US : GIVE_UP_US);
    if (check->telecom && check->looks >= TELECOM_LOOKS)
        decide(look, &unavailable, "none", answer);
    else if (!check->telecom && clock_now_us() > over_us)
        decide(look, &expired, "tencent", answer);
    else
        wait(look);
}

/* -- asking the provider ------------------------------------------------------------------------------------------- */

static void answered(void *context, enum err err, const struct http_answer *answer)
{
    struct look *look = context;
    const struct jobs *jobs = look->identity->jobs;
    if (err != OK) {
        log_warn("identity", "check of %s: %s", look->check.renewal_no, err_code(err));
        wait_or_give_up(look, false, (struct bytes){0});
        return;
    }
    struct faceid_verdict said;
    if (look->check.telecom)
        said = faceid_telecom_read(look->arena, answer);
    else
        said = faceid_look_read(look->arena, answer, &look->person,
                                liveness_extra(jobs, look->arena, look->check.check_id), clock_now_us());
    if (said.result == FACEID_LATER)
        log_warn("identity", "check of %s: %s", look->check.renewal_no, said.reason);
    if (said.result == FACEID_PENDING || said.result == FACEID_LATER)
        wait_or_give_up(look, said.result == FACEID_PENDING, answer->body);
    else
        decide(look, &said, "tencent", answer->body);
}

static enum err build_request(struct look *look, struct http_request *request)
{
    const struct jobs *jobs = look->identity->jobs;
    struct bytes token;
    if (look->check.telecom) {
        faceid_telecom(jobs->faceid, look->arena, &look->person, clock_now_us(), request);
        return OK;
    }
    TRY(unseal(jobs->seal_keys, look->arena, LIVENESS_TOKEN_PLACE, liveness_aad(look->arena, look->check.check_id),
               look->check.token_sealed, &token));
    faceid_look(jobs->faceid, look->arena, arena_text_n(look->arena, (const char *)token.data, token.size),
                clock_now_us(), request);
    return OK;
}

static enum err ask(struct look *look)
{
    static const struct faceid_verdict off = {FACEID_MANUAL, "provider_off", -1, ""};
    static const struct faceid_verdict other_document = {FACEID_MANUAL, "id_type", -1, ""};
    const struct jobs *jobs = look->identity->jobs;
    struct http_request request;
    struct person person;
    if (jobs->faceid == NULL) {
        decide(look, &off, "none", (struct bytes){0});
        return OK;
    }
    TRY(person_read(jobs, look->arena, look->check.evidence_sha256, look->check.personal_sealed, &person));
    look->person = (struct faceid_person){person.name, person.id_number, person.mobile};
    if (strcmp(person.id_type, "resident_id") != 0) {
        decide(look, &other_document, "none", (struct bytes){0});
        return OK;
    }
    TRY(build_request(look, &request));
    return http_start(jobs->http, &request, look->arena, answered, look);
}

static void start_look(struct identity *identity, const struct due_check *check)
{
    struct look *look = mem_alloc(sizeof(*look));
    *look = (struct look){.identity = identity, .arena = arena_new(), .check = *check};
    struct bytes *parts[] = {&look->check.token_sealed, &look->check.personal_sealed, &look->check.evidence_sha256};
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
        *parts[i] = arena_bytes(look->arena, parts[i]->data, parts[i]->size);
    look->check.renewal_no = arena_text(look->arena, check->renewal_no);
    identity->under_way++;
    enum err err = ask(look);
    if (err == OK)
        return;
    log_error("identity", "check of %s cannot be made: %s", check->renewal_no, err_code(err));
    wait_or_give_up(look, false, (struct bytes){0});
}

/* -- looking ------------------------------------------------------------------------------------------------------ */

static void leased(void *context, enum err err, const struct row *rows)
{
    struct identity *identity = context;
    struct arena *arena = arena_new();
    struct due_checks due = {0};
    identity->asking = false;
    if (err == OK)
        err = store_lease_checks_read(rows, arena, &due);
    for (size_t i = 0; err == OK && i < due.count; i++)
        start_look(identity, &due.items[i]);
    arena_free(arena);
    if (!identity->stopped)
        loop_timer_start(identity->timer, identity->jobs->settings->identity_poll_ms);
}

static void look_around(void *context)
{
    struct identity *identity = context;
    const struct jobs *jobs = identity->jobs;
    identity->asking = identity->under_way < BATCH &&
                       store_lease_checks(jobs->db, (int64_t)(BATCH - identity->under_way), LEASE_S,
                                          jobs->settings->database_call_ms, leased, identity) == OK;
    if (!identity->asking)
        loop_timer_start(identity->timer, jobs->settings->identity_poll_ms);
}

struct identity *identity_new(struct jobs *jobs)
{
    struct identity *identity = mem_alloc(sizeof(*identity));
    *identity = (struct identity){.jobs = jobs};
    identity->timer = loop_timer_new(jobs->loop, look_around, identity);
    loop_timer_start(identity->timer, 1);
    return identity;
}

void identity_stop(struct identity *identity)
{
    identity->stopped = true;
    loop_timer_stop(identity->timer);
}

size_t identity_pending(const struct identity *identity)
{
    return identity->under_way + (identity->asking ? 1 : 0);
}

void identity_free(struct identity *identity)
{
    if (identity == NULL)
        return;
    loop_timer_free(identity->timer);
    mem_free(identity);
}
