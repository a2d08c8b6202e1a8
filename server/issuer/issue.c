/* SPDX-License-Identifier: Apache-2.0 */
/* One certificate, in the only order that is safe: guard, to-be-signed certificate, intent committed, signature,
 * verification, record; only then do bytes leave. On any doubt the intent is abandoned and its serial never used again.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "issuer/issuer.h"
#include "issuer/lease.h"
#include "issuer/request.h"
#include "pki/digest.h"
#include "store/issuance.h"

#include <string.h>

#define SERIAL_SIZE     16
#define RECORD_TRIES    10
#define RECORD_RETRY_MS 500

struct issue {
    struct issuer *issuer;
    struct peer_call *call;
    struct arena *arena;
    struct certificate_ask ask;
    struct issuance_plan plan;
    const struct profile *profile;
    struct certificate_request request;
    struct bytes tbs;
    int64_t fence, issuance_id;
    struct bytes signature; /* written by the pool thread, into its own arena */
    struct arena *signing_arena;
    enum err signing;
    struct bytes der, fingerprint;
    int record_tries;
    struct loop_timer *record_again;
};

static void fail(struct issue *issue, enum err err)
{
    arena_free(issue->signing_arena);
    loop_timer_free(issue->record_again);
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
        json_append_text(chain, certificate_pem(issue->arena, issuer->chain[i]));
    json_put(body, "chain", chain);
    arena_free(issue->signing_arena);
    loop_timer_free(issue->record_again);
    peer_reply(issue->call, body);
}

/* -- record ------------------------------------------------------------------------------------------------------ */

static void record(void *context);

static void recorded(void *context, enum err err, const struct row *rows)
{
    struct issue *issue = context;
    struct recorded_issuance answer;
    if (err == OK)
        err = store_record_issuance_read(rows, issue->arena, &answer);
    if (err == OK && !answer.recorded)
        err = ERR_FENCED;
    if (err == OK) {
        issue->plan.status = "issued";
        reply(issue, issue->der);
    } else if (err_info(err)->category == ERR_LATER && ++issue->record_tries < RECORD_TRIES) {
        loop_timer_start(issue->record_again, RECORD_RETRY_MS); /* the same bytes again: safe */
    } else {
        fail(issue, err);
    }
}

static void record(void *context)
{
    struct issue *issue = context;
    struct issuance_record row = {.fence = issue->fence,
                                  .issuance_id = issue->issuance_id,
                                  .serial = issue->request.serial,
                                  .der = issue->der,
                                  .fingerprint = issue->fingerprint};
    enum err err = store_record_issuance(issue->issuer->db, &row, issue->issuer->settings->database_call_ms, recorded,
                                         issue);
    if (err != OK)
        recorded(issue, err, NULL);
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
    log_error("issuer", "signature failed, intent %lld abandoned: %s", (long long)issue->issuance_id, err_code(why));
    if (store_abandon_issuance(issue->issuer->db, issue->fence, issue->issuance_id, err_code(why),
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
    issue->der = der;
    if (issue->signing == OK)
        issue->fingerprint = sha256(issue->signing_arena, der);
}

static void was_signed(void *context)
{
    struct issue *issue = context;
    if (issue->signing == OK)
        record(issue);
    else
        abandon(issue, issue->signing);
}

static void intended(void *context, enum err err, const struct row *rows)
{
    struct issue *issue = context;
    if (err == OK)
        err = store_intend_issuance_read(rows, issue->arena, &issue->issuance_id);
    if (err != OK) {
        fail(issue, err);
        return;
    }
    issue->signing_arena = arena_new();
    issue->record_again = loop_timer_new(issue->issuer->loop, record, issue);
    err = offload_submit(issue->issuer->offload, sign, was_signed, issue);
    if (err != OK)
        abandon(issue, err);
}

static enum err intend(struct issue *issue)
{
    struct issuance_intent intent = {
        .fence = issue->fence,
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
    return store_intend_issuance(issue->issuer->db, &intent, issue->issuer->settings->database_call_ms, intended,
                                 issue);
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

static void begun(void *context, enum err err, const struct row *rows)
{
    struct issue *issue = context;
    if (err == OK)
        err = store_begin_issuance_read(rows, issue->arena, &issue->plan);
    if (err == OK && issue->plan.issued) {
        reply(issue, issue->plan.certificate_der);
        return;
    }
    if (err == OK)
        err = build(issue);
    if (err == OK)
        err = intend(issue);
    if (err != OK)
        fail(issue, err);
}

static enum err begin(struct issue *issue, struct bytes body)
{
    ENSURE(lease_held(issue->issuer->lease, &issue->fence), ERR_ISSUER_UNAVAILABLE);
    TRY(certificate_ask_read(issue->issuer, issue->arena, peer_call_fault(issue->call), body, &issue->ask));
    struct issuance_request request = {
        .renewal_no = issue->ask.renewal_no,
        .nonce_digest = issue->ask.nonce_digest,
        .certificate_fingerprint = issue->ask.signed_content.signer.fingerprint,
        .csr_spki_sha256 = issue->ask.csr.spki_sha256,
    };
    return store_begin_issuance(issue->issuer->db, &request, issue->issuer->settings->database_call_ms, begun, issue);
}

void issuer_handle(struct peer_call *call, const char *operation, struct bytes body)
{
    struct issuer *issuer = peer_call_server(call);
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
