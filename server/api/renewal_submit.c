/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals: a renewal application signed by the certificate that is to be renewed (CMS SignedData). All
 * that follows from the bytes is checked here; what depends on other requests (nonce, revocation, an open renewal) by
 * the procedure. The signed bytes are kept as evidence, sealed. */
#include "api/renewal_submit.h"
#include "api/access.h"
#include "api/challenge.h"
#include "api/form.h"
#include "api/handlers.h"
#include "api/portal_token.h"
#include "api/quote.h"
#include "api/renewal_rules.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "domain/application.h"
#include "domain/money.h"
#include "domain/term.h"
#include "pki/cms.h"
#include "pki/digest.h"
#include "store/renewal.h"

#include <string.h>

struct intake {
    const struct submission_proof *proof;
    struct signed_content signed_content; /* the proof's */
    struct application application;
    struct application_warnings warnings;
    const struct platform *platform;
    int64_t now_us, new_not_after_us;
};

/* -- checks ------------------------------------------------------------------------------------------------------ */

static enum err check_platform(struct request *req, struct intake *intake)
{
    const struct platform *platform = platform_find(api_server(req)->platforms, intake->application.platform);
    ENSURE(platform != NULL, ERR_PLATFORM_UNKNOWN);
    intake->platform = platform;
    return OK;
}

static enum err check_form(struct intake *intake, struct fault *fault)
{
    const struct certificate *signer = &intake->signed_content.signer;
    const struct application_basis basis = {.platform = intake->platform,
                                            .organisation = signer->organisation,
                                            .subject = signer->subject,
                                            .expired = intake->now_us > signer->not_after_us,
                                            .now_us = intake->now_us};
    application_complete(&intake->application, &basis);
    return application_check(&intake->application, &basis, fault, &intake->warnings);
}

/* What belongs to another proof is as unknown as any other member. */
static enum err check_names(struct request *req, const struct intake *intake)
{
    const struct application *application = &intake->application;
    const bool token = platform_proves(intake->platform, PROOF_PORTAL_TOKEN);
    const struct {
        const char *name, *value;
        bool wanted;
    } members[] = {{"certificate_serial", application->certificate_serial, intake->proof->session != NULL},
                   {"portal_token", application->portal_token, token}};
    for (size_t i = 0; i < ARRAY_SIZE(members); i++)
        if (!members[i].wanted && members[i].value[0] != '\0')
            fault_field(request_fault(req), members[i].name, "unknown_field", "此处没有这一项",
                        "There is no such field here");
    return fault_check(request_fault(req));
}

static enum err check(struct request *req, const struct json *document, struct intake *intake)
{
    struct fault *fault = request_fault(req);
    TRY(application_read(document, request_arena(req), fault, &intake->application));
    TRY(check_platform(req, intake));
    TRY(renewal_rules_proof(intake->platform, intake->proof->session));
    TRY(check_names(req, intake));
    TRY(renewal_rules_check(api_server(req), intake->platform, &intake->signed_content.signer,
                            intake->application.client_version, intake->now_us, fault));
    TRY(check_form(intake, fault));
    ENSURE(challenge_well_formed(request_arena(req), intake->application.nonce), ERR_NONCE_UNKNOWN);
    intake->new_not_after_us = term_new_not_after(intake->signed_content.signer.not_after_us, intake->now_us,
                                                  intake->application.term_months);
    return quote_check_promise(api_server(req), intake->platform, intake->new_not_after_us, intake->now_us, fault);
}

/* -- what is frozen ---------------------------------------------------------------------------------------------- */

static void freeze_certificate(struct renewal_submission *out, const struct certificate *signer)
{
    out->certificate_fingerprint = signer->fingerprint;
    out->certificate_der = signer->der;
    out->certificate_serial = signer->serial;
    out->certificate_not_after_us = signer->not_after_us;
    out->subject_der = signer->subject_der;
    out->subject = signer->subject;
    out->common_name = signer->common_name;
    out->organisation = signer->organisation;
}

/* What was shown; what it costs is taken from the database by the procedure, and by nobody else. */
static void freeze_quote(struct renewal_submission *out, const struct intake *intake)
{
    out->term_months = intake->application.term_months;
    out->quote_version = intake->application.quote_version;
    out->amount_shown_fen = intake->application.amount_shown_fen;
    out->tax_rate_permyriad = intake->platform->tax_rate_permyriad;
    out->new_not_after_us = intake->new_not_after_us;
}

/* The kinds of documents that the platform asks of such a certificate. */
static void freeze_materials(struct arena *arena, struct renewal_submission *out, const struct intake *intake)
{
    const struct platform *platform = intake->platform;
    bool expired = intake->now_us > intake->signed_content.signer.not_after_us;
    size_t extra = expired ? platform->materials_expired_count : 0;
    const char **kinds = arena_alloc(arena, (platform->materials_count + extra) * sizeof(*kinds));
    size_t count = 0;
    for (unsigned i = 0; i < platform->materials_count; i++)
        kinds[count++] = platform->materials[i];
    for (unsigned i = 0; i < extra; i++)
        if (!platform_takes(platform->materials, platform->materials_count, platform->materials_expired[i]))
            kinds[count++] = platform->materials_expired[i];
    out->required_materials = kinds;
    out->required_material_count = count;
}

/* Exactly these texts: application_check has compared them. */
static void freeze_accepted(struct request *req, struct renewal_submission *out, const struct intake *intake)
{
    for (enum agreement_kind kind = 0; kind < AGREEMENT_KINDS; kind++) {
        const struct platform_agreement *agreement = platform_agreement_of(intake->platform, kind);
        out->accepted_kinds[kind] = agreement_kinds[kind];
        out->accepted_ids[kind] = agreement->id;
        out->accepted_versions[kind] = agreement->version;
        out->accepted_sha256s[kind] = agreement->sha256;
    }
    out->accepted_count = AGREEMENT_KINDS;
    out->client_address = request_address(req);
}

static void freeze_policy(struct request *req, struct renewal_submission *out, const struct intake *intake)
{
    static const int64_t reviews[] = {[REVIEW_AUTOMATIC] = 0, [REVIEW_ONE] = 1, [REVIEW_TWO] = 2};
    static const char *const verifications[] = {
        [ACCOUNT_NEVER] = "never", [ACCOUNT_WHEN_PAID_ONLINE] = "when_paid_online", [ACCOUNT_ALWAYS] = "always"};
    const struct platform *platform = intake->platform;
    const struct profile *profile = profile_find(api_server(req)->profiles, platform->profile);
    out->platform = platform->id;
    out->platform_version = platform->version;
    out->profile = profile->id;
    out->profile_version = profile->version;
    out->reviews_required = reviews[platform->review];
    out->account_verification = verifications[platform->account_verification];
    out->agreement_id = platform->agreement.id;
    out->agreement_version = platform->agreement.version;
    out->agreement_sha256 = platform->agreement.sha256;
    out->open_per_organisation = platform->open_per_organisation;
    out->unpaid_close_days = platform->unpaid_close_days;
    out->payment_methods = (const char *const *)platform->payment_methods;
    out->payment_method_count = platform->payment_methods_count;
    out->client_version = intake->application.client_version;
}

_Static_assert(RENEWAL_ACCEPTED_MAX >= AGREEMENT_KINDS, "one place for each kind");

static void freeze(struct request *req, const struct intake *intake, struct renewal_submission *out)
{
    struct arena *arena = request_arena(req);
    struct bytes evidence = request_body(req);
    *out = (struct renewal_submission){
        .nonce_digest = challenge_digest(arena, intake->application.nonce),
        .evidence_sha256 = sha256(arena, evidence),
        .invoice_kind = intake->application.invoice_kind,
        .invoice_title = intake->application.invoice_title,
        .invoice_tax_id = intake->application.invoice_tax_id,
    };
    out->evidence_sealed = seal(api_server(req)->seal_keys, arena, "renewal.evidence", out->evidence_sha256,
                                intake->proof->evidence);
    freeze_certificate(out, &intake->signed_content.signer);
    freeze_quote(out, intake);
    freeze_policy(req, out, intake);
    freeze_materials(arena, out, intake);
    form_freeze(req, &intake->application, &intake->warnings, out);
    freeze_accepted(req, out, intake);
    out->required_identity_steps = (const char *const *)intake->platform->identity_steps;
    out->required_identity_step_count = intake->platform->identity_steps_count;
}

/* -- the answer -------------------------------------------------------------------------------------------------- */

static struct json *answer(struct request *req, const struct application_warnings *warnings,
                           const struct submitted_renewal *renewal)
{
    struct arena *arena = request_arena(req);
    const struct api_server *server = api_server(req);
    const char *token = access_token(arena, server->access_key, renewal->renewal_no);
    struct json *body = json_new_object();
    json_put_text(body, "renewal_no", renewal->renewal_no);
    json_put_text(body, "status", renewal->status);
    json_put_text(body, "order_no", renewal->order_no);
    json_put_integer(body, "amount_fen", renewal->amount_fen);
    reply_put_time(req, body, "not_after", renewal->not_after_us);
    reply_put_time(req, body, "submitted_at", renewal->submitted_at_us);
    json_put_text(body, "access_token", token);
    json_put_text(body, "pay_url", access_pay_url(arena, server->settings->web_public_url, renewal->renewal_no, token));
    json_put(body, "warnings", form_warnings_json(warnings));
    return body;
}

/* The call's context: the request, and what the answer says beside the database's row. */
struct submission {
    struct request *req;
    struct application_warnings warnings;
};

/* Old and new price with their lines, so that the applicant can look at both and decide. */
static void explain_quote(struct request *req, enum err err, const struct row *rows)
{
    struct fault *fault = request_fault(req);
    struct refused_quote quote;
    store_submit_renewal_quote(rows, request_arena(req), &quote);
    if (quote.json[0] == '\0')
        return;
    fault_extend(fault, "quote", quote.json);
    if (err != ERR_QUOTE_CHANGED || quote.shown_fen == 0)
        return;
    const char *shown = money_text_yuan(request_arena(req), quote.shown_fen);
    const char *now = money_text_yuan(request_arena(req), quote.amount_fen);
    fault_say(
        fault, arena_format(request_arena(req), "收费标准已调整：原为%s元，现为%s元，请核对明细", shown, now),
        arena_format(request_arena(req), "The price has changed from %s to %s yuan; look at its lines", shown, now));
}

static void submitted(void *context, enum err err, const struct row *rows)
{
    struct submission *submission = context;
    struct request *req = submission->req;
    struct submitted_renewal renewal;
    if (err == OK) {
        err = store_submit_renewal_read(rows, request_arena(req), &renewal);
        if (err != OK)
            explain_quote(req, err, rows);
    }
    if (err == OK)
        request_reply_json(req, renewal.created ? 201 : 200, answer(req, &submission->warnings, &renewal));
    else
        request_fail(req, err);
}

/* Reads and checks the form; what it holds lives as long as document. */
static enum err examine(struct request *req, const struct submission_proof *proof, struct json **document,
                        struct intake *intake)
{
    struct bytes content = proof->signed_content.content;
    *intake = (struct intake){.proof = proof, .signed_content = proof->signed_content, .now_us = clock_now_us()};
    TRY(json_parse((const char *)content.data, content.size, request_fault(req), document));
    return check(req, *document, intake);
}

enum err renewal_submit_proved(struct request *req, const struct submission_proof *proof)
{
    AUTO_JSON *document = NULL;
    struct intake intake;
    TRY(examine(req, proof, &document, &intake));
    struct renewal_submission frozen;
    freeze(req, &intake, &frozen);
    struct submission *submission = ARENA_NEW(request_arena(req), struct submission);
    *submission = (struct submission){req, intake.warnings};
    return store_submit_renewal(api_server(req)->db, &frozen, api_call_ms(req), submitted, submission);
}

/* -- signed by the current key ----------------------------------------------------------------------------------- */

struct signed_submission {
    struct request *req;
    struct submission_proof proof;
};

/* Examined once more: the form was not kept over the call. */
static void token_presented(void *context, enum err err, const struct row *rows)
{
    struct signed_submission *submission = context;
    struct request *req = submission->req;
    if (err == OK)
        err = store_present_portal_token_read(rows, request_arena(req));
    if (err == OK)
        err = renewal_submit_proved(req, &submission->proof);
    if (err != OK)
        request_fail(req, err);
}

static enum err present_token(struct signed_submission *submission, const struct intake *intake)
{
    struct request *req = submission->req;
    struct arena *arena = request_arena(req);
    struct portal_token_use use;
    TRY(portal_token_check(req, intake->platform, intake->application.portal_token, intake->now_us, &use));
    use.nonce_digest = challenge_digest(arena, intake->application.nonce);
    use.evidence_sha256 = sha256(arena, request_body(req));
    use.certificate_fingerprint = intake->signed_content.signer.fingerprint;
    return store_present_portal_token(api_server(req)->db, &use, api_call_ms(req), token_presented, submission);
}

enum err api_renewal_submit(struct request *req)
{
    if (reply_body_is_json(req))
        return portal_submit(req);
    AUTO_JSON *document = NULL;
    struct intake intake;
    struct signed_submission *submission = ARENA_NEW(request_arena(req), struct signed_submission);
    struct submission_proof *proof = &submission->proof;
    submission->req = req;
    proof->evidence = request_body(req);
    TRY(cms_verify(request_arena(req), request_body(req), request_fault(req), &proof->signed_content));
    TRY(examine(req, proof, &document, &intake));
    if (platform_proves(intake.platform, PROOF_PORTAL_TOKEN))
        return present_token(submission, &intake);
    return renewal_submit_proved(req, proof);
}
