/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals: a renewal application signed by the certificate that is to be renewed (CMS SignedData). All
 * that follows from the bytes is checked here; what depends on other requests (nonce, revocation, an open renewal) by
 * the procedure. The signed bytes are kept as evidence, sealed. */
#include "api/access.h"
#include "api/challenge.h"
#include "api/handlers.h"
#include "api/renewal_rules.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/text.h"
#include "domain/application.h"
#include "domain/identity.h"
#include "domain/term.h"
#include "pki/cms.h"
#include "pki/digest.h"
#include "store/renewal.h"

#include <string.h>

struct intake {
    struct signed_content signed_content;
    struct application application;
    const struct platform *platform;
    const struct platform_fees *fees;
    const struct platform_term *term;
    int64_t now_us;
};

/* -- checks ------------------------------------------------------------------------------------------------------ */

static enum err check_platform(struct request *req, struct intake *intake)
{
    const struct platform *platform = platform_find(api_server(req)->platforms, intake->application.platform);
    ENSURE(platform != NULL, ERR_PLATFORM_UNKNOWN);
    intake->platform = platform;
    return OK;
}

static enum err check(struct request *req, const struct json *document, struct intake *intake)
{
    struct fault *fault = request_fault(req);
    TRY(application_read(document, request_arena(req), fault, &intake->application));
    TRY(check_platform(req, intake));
    TRY(renewal_rules_check(api_server(req), intake->platform, &intake->signed_content.signer,
                            intake->application.client_version, intake->now_us, fault));
    TRY(application_check(&intake->application, intake->platform, intake->now_us, fault));
    ENSURE(challenge_well_formed(request_arena(req), intake->application.nonce), ERR_NONCE_UNKNOWN);
    intake->fees = platform_fees_at(intake->platform, intake->now_us);
    intake->term = intake->fees == NULL ? NULL : platform_term(intake->fees, intake->application.term_months);
    ENSURE(intake->term != NULL, ERR_FIELDS_INVALID);
    return OK;
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

static void freeze_quote(struct arena *arena, struct renewal_submission *out, const struct intake *intake)
{
    const struct platform_term *term = intake->term;
    struct renewal_fee *fees = arena_alloc(arena, term->items_count * sizeof(*fees));
    for (unsigned i = 0; i < term->items_count; i++)
        fees[i] = (struct renewal_fee){term->items[i].name, term->items[i].unit_price_fen, term->items[i].quantity};
    out->fees = fees;
    out->fee_count = term->items_count;
    out->amount_fen = term->total_fen;
    out->term_months = term->months;
    out->tax_rate_permyriad = intake->platform->tax_rate_permyriad;
    out->new_not_after_us = term_new_not_after(intake->signed_content.signer.not_after_us, intake->now_us,
                                               term->months);
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

static struct json *person_json(const struct application_person *person)
{
    struct json *json = json_new_object();
    json_put_text(json, "id_type", person->id_type);
    json_put_text(json, "id_number", person->id_number);
    json_put_text(json, "name", person->name);
    json_put_text(json, "mobile", person->mobile);
    json_put_text(json, "email", person->email);
    json_put_text(json, "address", person->address);
    return json;
}

static void freeze_person(struct request *req, struct renewal_submission *out, const struct application *application)
{
    struct arena *arena = request_arena(req);
    const struct seal_keys *keys = api_server(req)->seal_keys;
    const struct application_person *agent = &application->agent, *recipient = &application->recipient;
    out->agent_name_masked = mask_name(arena, agent->name);
    out->agent_id_masked = mask_id(arena, agent->id_number);
    out->agent_mobile_masked = mask_mobile(arena, agent->mobile);
    out->agent_email_masked = mask_email(arena, agent->email);
    out->recipient_masked = recipient->name[0] == '\0'
                                ? ""
                                : arena_format(arena, "%s %s %s", mask_name(arena, recipient->name),
                                               mask_mobile(arena, recipient->mobile),
                                               mask_address(arena, recipient->address));
    struct json *both = json_new_object();
    json_put(both, "agent", person_json(agent));
    json_put(both, "recipient", person_json(recipient));
    size_t size;
    const char *text = json_finish(both, arena, &size);
    out->personal_sealed = seal(keys, arena, "renewal.personal", out->evidence_sha256,
                                (struct bytes){(const uint8_t *)text, size});
    out->agent_id_index = seal_index(keys, arena, "agent.id_number", agent->id_number);
    out->agent_mobile_index = seal_index(keys, arena, "agent.mobile", agent->mobile);
}

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
    out->evidence_sealed = seal(api_server(req)->seal_keys, arena, "renewal.evidence", out->evidence_sha256, evidence);
    freeze_certificate(out, &intake->signed_content.signer);
    freeze_quote(arena, out, intake);
    freeze_policy(req, out, intake);
    freeze_materials(arena, out, intake);
    out->required_identity_steps = (const char *const *)intake->platform->identity_steps;
    out->required_identity_step_count = intake->platform->identity_steps_count;
    freeze_person(req, out, &intake->application);
}

/* -- the answer -------------------------------------------------------------------------------------------------- */

static struct json *answer(struct request *req, const struct submitted_renewal *renewal)
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
    return body;
}

static void submitted(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct submitted_renewal renewal;
    if (err == OK)
        err = store_submit_renewal_read(rows, request_arena(req), &renewal);
    if (err == OK)
        request_reply_json(req, renewal.created ? 201 : 200, answer(req, &renewal));
    else
        request_fail(req, err);
}

enum err api_renewal_submit(struct request *req)
{
    struct intake intake = {.now_us = clock_now_us()};
    struct fault *fault = request_fault(req);
    TRY(cms_verify(request_arena(req), request_body(req), fault, &intake.signed_content));
    AUTO_JSON *document = NULL;
    struct bytes content = intake.signed_content.content;
    TRY(json_parse((const char *)content.data, content.size, fault, &document));
    TRY(check(req, document, &intake));
    struct renewal_submission submission;
    freeze(req, &intake, &submission);
    return store_submit_renewal(api_server(req)->db, &submission, api_call_ms(req), submitted, req);
}
