/* SPDX-License-Identifier: Apache-2.0 */
/* One certificate, in the only order that is safe: guard, to-be-signed certificate, intent committed, signature,
 * verification, record; only then do bytes leave. On any doubt the intent is abandoned and its serial never used again.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "issuer/checkpoint.h"
#include "issuer/issuer.h"
#include "issuer/lease.h"
#include "issuer/request.h"
#include "issuer/round.h"
#include "pki/digest.h"
#include "store/issuance.h"
#include "store/together.h"

#include <string.h>

#define SERIAL_SIZE     16
#define RECORD_TRIES    10
#define RECORD_RETRY_MS 500

struct issue {
    struct waiting waiting; /* first: what waits is the issue */
    struct issuer *issuer;
    struct peer_call *call;
    struct arena *arena;
    struct certificate_ask ask;
    struct issuance_plan plan;
    struct round *round; /* NULL: alone, or not begun yet */
    const struct profile *profile;
    struct certificate_request request;
    struct bytes tbs;
    int64_t fence;
    struct issuance_request begin; /* what goes to the database, step by step */
    struct issuance_intent intent;
    struct issuance_record record;
    struct bytes signature; /* written by the pool thread, into its own arena */
    struct arena *signing_arena;
    enum err signing;
    int record_tries;
    struct loop_timer *record_again;
};

static struct issue *issue_of(struct waiting *item)
{
    return (struct issue *)(void *)item;
}

static void end(struct issue *issue)
{
    arena_free(issue->signing_arena);
    loop_timer_free(issue->record_again);
    if (issue->round != NULL)
        round_leave(issue->round);
}

static void fail(struct issue *issue, enum err err)
{
    end(issue);
    peer_fail(issue->call, err);
}

/* -- the answer -------------------------------------------------------------------------------------------------- */

static void reply(struct issue *issue, struct bytes der)
{
    const struct issuer *issuer = issue->issuer;
    struct json *body = json_new_object(), *chain = json_new_array();
    json_put_text(body, "renewal_no", issue->ask.renewal_no);
    json_put_text(body, "status", issue->plan.status);
    json_put_text(body, "signing_certificate", certificate_pem(issue->arena, der));
    json_put_text(body, "encryption_certificate", NULL);
    json_put_text(body, "encryption_key", NULL);
    for (size_t i = 0; i < issuer->chain_count; i++)
        json_append_text(chain, issuer->chain_pem[i]);
    json_put(body, "chain", chain);
    end(issue);
    peer_reply(issue->call, body);
}

/* -- record ------------------------------------------------------------------------------------------------------ */

static enum err send_records(void *server, int64_t fence, struct waiting *const *items, size_t count, db_done *done,
                             void *context)
{
    const struct issuer *issuer = server;
    const struct issuance_record *rows[TOGETHER_MAX];
    for (size_t i = 0; i < count; i++)
        rows[i] = &issue_of(items[i])->record;
    return store_record_issuance(issuer->db, fence, rows, count, issuer->settings->database_call_ms, done, context);
}

static void recorded(struct waiting *item, enum err err, const struct row *rows, size_t row)
{
    struct issue *issue = issue_of(item);
    struct recorded_issuance answer;
    if (err == OK)
        err = store_record_issuance_read(rows, row, issue->arena, &answer);
    if (err == OK && !answer.recorded)
        err = ERR_FENCED;
    if (err == OK) {
        issue->plan.status = "issued";
        reply(issue, issue->record.der);
    } else if (err_info(err)->category == ERR_LATER && ++issue->record_tries < RECORD_TRIES) {
        loop_timer_start(issue->record_again, RECORD_RETRY_MS); /* the same bytes again: safe */
    } else {
        fail(issue, err);
    }
}

static void record(struct waiting *item)
{
    struct issue *issue = issue_of(item);
    together_add(issue->issuer->records, item, issue->fence);
}

static void record_again(void *context)
{
    struct issue *issue = context;
    record(&issue->waiting);
}

/* -- abandon ----------------------------------------------------------------------------------------------------- */

static void abandoned(void *context, enum err err, const struct row *rows)
{
    struct issue *issue = context;
    if (err == OK)
        err = store_abandon_issuance_read(rows, issue->arena);
    if (err != OK) /* it is abandoned later by the next issuer or the next try */
        log_warn("issuer", "intent not abandoned yet: %s", err_code(err));
    fail(issue, issue->signing);
}

static void abandon(struct issue *issue, enum err why)
{
    issue->signing = why;
    log_error("issuer", "signature failed, intent %lld abandoned: %s", (long long)issue->record.issuance_id,
              err_code(why));
    if (store_abandon_issuance(issue->issuer->db, issue->fence, issue->record.issuance_id, err_code(why),
                               issue->issuer->settings->database_call_ms, abandoned, issue) != OK)
        fail(issue, why);
}

/* -- sign -------------------------------------------------------------------------------------------------------- */

static void sign(void *context)
{
    struct issue *issue = context;
    struct bytes der = {0};
    issue->signing = hsm_sign(issue->issuer->hsm, offload_thread(), issue->issuer->key, issue->tbs,
                              issue->signing_arena, &issue->signature);
    if (issue->signing == OK) /* verifies the signature as well; the loop has better things to do */
        issue->signing = certificate_assemble(issue->signing_arena, issue->tbs, issue->signature,
                                              &issue->issuer->certificate, &der);
    if (issue->signing == OK) {
        issue->record.serial = issue->request.serial;
        issue->record.der = der;
        issue->record.fingerprint = sha256(issue->signing_arena, der);
    }
}

static void was_signed(void *context)
{
    struct issue *issue = context;
    struct round *round = issue->round;
    if (issue->signing != OK) {
        if (round != NULL)
            round_not_signed(round);
        abandon(issue, issue->signing);
    } else if (round != NULL) {
        round_signed(round, &issue->waiting);
    } else {
        record(&issue->waiting);
    }
}

static enum err send_intents(void *server, int64_t fence, struct waiting *const *items, size_t count, db_done *done,
                             void *context)
{
    const struct issuer *issuer = server;
    const struct issuance_intent *rows[TOGETHER_MAX];
    for (size_t i = 0; i < count; i++)
        rows[i] = &issue_of(items[i])->intent;
    return store_intend_issuance(issuer->db, fence, rows, count, issuer->settings->database_call_ms, done, context);
}

static void intended(struct waiting *item, enum err err, const struct row *rows, size_t row)
{
    struct issue *issue = issue_of(item);
    if (err == OK)
        err = store_intend_issuance_read(rows, row, issue->arena, &issue->record.issuance_id);
    if (err != OK) {
        fail(issue, err);
        return;
    }
    issue->signing_arena = arena_new();
    issue->record_again = loop_timer_new(issue->issuer->loop, record_again, issue);
    err = offload_submit(issue->issuer->offload, sign, was_signed, issue);
    if (err != OK)
        abandon(issue, err);
    else if (issue->round != NULL)
        round_signing(issue->round);
}

static void intend(struct issue *issue)
{
    issue->intent = (struct issuance_intent){
        .renewal_no = issue->ask.renewal_no,
        .nonce_digest = issue->ask.nonce_digest,
        .csr_spki_sha256 = issue->ask.csr.spki_sha256,
        .csr_der = issue->ask.csr.der,
        .request_evidence_sha256 = issue->ask.evidence_sha256,
        .serial = issue->request.serial,
        .not_before_us = issue->request.not_before_us,
        .not_after_us = issue->request.not_after_us,
        .tbs = issue->tbs,
        .content_hash = issue->plan.content_hash,
    };
    together_add(issue->issuer->intents, &issue->waiting, issue->fence);
}

/* -- the to-be-signed certificate -------------------------------------------------------------------------------- */

/* RFC 5280 4.1.2.2: positive, at most 20 octets; 126 random bits. */
static struct bytes new_serial(struct arena *arena)
{
    uint8_t *serial = arena_alloc(arena, SERIAL_SIZE);
    random_bytes(serial, SERIAL_SIZE);
    serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40);
    return (struct bytes){serial, SERIAL_SIZE};
}

static enum err find_profile(struct issue *issue)
{
    const struct profile *profile = profile_find(issue->issuer->profiles, issue->plan.profile);
    if (profile != NULL && strcmp(profile->version, issue->plan.profile_version) == 0) {
        issue->profile = profile;
        return OK;
    }
    log_error("issuer", "profile %s version %s was approved; this issuer has %s", issue->plan.profile,
              issue->plan.profile_version, profile == NULL ? "none" : profile->version);
    return ERR_PROFILE_CHANGED;
}

static enum err build(struct issue *issue)
{
    TRY(find_profile(issue));
    int64_t now_s = clock_now_us() / CLOCK_SECOND_US;
    issue->request = (struct certificate_request){
        .serial = new_serial(issue->arena),
        .subject_der = issue->plan.subject_der,
        .spki = issue->ask.csr.spki,
        .not_before_us = (now_s - issue->profile->backdate_s) * CLOCK_SECOND_US,
        .not_after_us = issue->plan.not_after_us,
    };
    const struct certificate *ca = &issue->issuer->certificate;
    TRY(certificate_build(issue->arena, issue->profile, ca, &issue->request, &issue->tbs));
    return certificate_lint(issue->arena, issue->tbs, issue->profile, ca, &issue->request);
}

/* -- begin --------------------------------------------------------------------------------------------------------- */

/* Whoever begins once more, alone, leaves the others. */
static void join(struct issue *issue, struct round *round)
{
    if (issue->round != NULL)
        round_leave(issue->round);
    issue->round = round;
}

static bool hold_begins(const void *server, size_t count)
{
    const struct issuer *issuer = server;
    return rounds_hold(issuer->rounds, count);
}

static void room_for_begins(void *server)
{
    const struct issuer *issuer = server;
    together_resume(issuer->begins);
}

static enum err send_begins(void *server, int64_t fence, struct waiting *const *items, size_t count, db_done *done,
                            void *context)
{
    (void)fence; /* reads only */
    const struct issuer *issuer = server;
    const struct issuance_request *rows[TOGETHER_MAX];
    struct round *round = round_begin(issuer->rounds, count);
    for (size_t i = 0; i < count; i++) {
        join(issue_of(items[i]), round);
        rows[i] = &issue_of(items[i])->begin;
    }
    return store_begin_issuance(issuer->db, rows, count, issuer->settings->database_call_ms, done, context);
}

static void begun(struct waiting *item, enum err err, const struct row *rows, size_t row)
{
    struct issue *issue = issue_of(item);
    if (err == OK)
        err = store_begin_issuance_read(rows, row, issue->arena, &issue->plan);
    if (err == OK && issue->plan.issued) {
        reply(issue, issue->plan.certificate_der);
        return;
    }
    if (err == OK)
        err = build(issue);
    if (err == OK)
        intend(issue);
    else
        fail(issue, err);
}

/* Fetched in a session of the web hall: alone, since it is rare. */
static void begun_in_hall(void *context, enum err err, const struct row *rows)
{
    struct issue *issue = context;
    begun(&issue->waiting, err, rows, 0);
}

static enum err begin(struct issue *issue, struct bytes body)
{
    ENSURE(lease_held(issue->issuer->lease, &issue->fence), ERR_ISSUER_UNAVAILABLE);
    TRY(certificate_ask_read(issue->issuer, issue->arena, peer_call_fault(issue->call), body, &issue->ask));
    issue->begin = (struct issuance_request){
        .renewal_no = issue->ask.renewal_no,
        .nonce_digest = issue->ask.nonce_digest,
        .certificate_fingerprint = issue->ask.signed_content.signer.fingerprint,
        .csr_spki_sha256 = issue->ask.csr.spki_sha256,
    };
    if (issue->ask.portal_token_digest.size > 0)
        return store_begin_issuance_portal(issue->issuer->db, &issue->begin, issue->ask.portal_token_digest,
                                           issue->issuer->settings->database_call_ms, begun_in_hall, issue);
    together_add(issue->issuer->begins, &issue->waiting, issue->fence);
    return OK;
}

/* -- life ---------------------------------------------------------------------------------------------------------- */

void issuer_start(struct issuer *issuer)
{
    static const struct together_kind begins = {send_begins, begun, hold_begins},
                                      intents = {send_intents, intended, NULL},
                                      records = {send_records, recorded, NULL};
    issuer->rounds = rounds_new(issuer->loop, room_for_begins, issuer, record);
    issuer->begins = together_new(&begins, issuer->loop, issuer);
    issuer->intents = together_new(&intents, issuer->loop, issuer);
    issuer->records = together_new(&records, issuer->loop, issuer);
}

void issuer_end(struct issuer *issuer)
{
    rounds_free(issuer->rounds);
    together_free(issuer->begins);
    together_free(issuer->intents);
    together_free(issuer->records);
}

/* For /metrics. */
static void reply_figures(const struct issuer *issuer, struct peer_call *call)
{
    struct hsm_figures token = hsm_figures(issuer->hsm);
    struct json *body = json_new_object();
    int64_t fence;
    json_put_integer(body, "lease_held", lease_held(issuer->lease, &fence));
    json_put_integer(body, "token_up", token.up);
    json_put_integer(body, "audit_sound", checkpoint_maker_sound(issuer->checkpoints));
    json_put_integer(body, "signatures", (int64_t)token.signatures);
    json_put_integer(body, "waiting", (int64_t)offload_waiting(issuer->offload));
    peer_reply(call, body);
}

void issuer_handle(struct peer_call *call, const char *operation, struct bytes body)
{
    struct issuer *issuer = peer_call_server(call);
    if (strcmp(operation, "figures") == 0) {
        reply_figures(issuer, call);
        return;
    }
    if (strcmp(operation, "certificate_issue") != 0) {
        peer_fail(call, ERR_NOT_FOUND);
        return;
    }
    struct issue *issue = ARENA_NEW(peer_call_arena(call), struct issue);
    *issue = (struct issue){.issuer = issuer, .call = call, .arena = peer_call_arena(call)};
    enum err err = begin(issue, body);
    if (err != OK)
        fail(issue, err);
}
