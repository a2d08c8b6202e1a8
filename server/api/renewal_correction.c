/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals/{no}/correction: the applicant corrects what a reviewer named, signed with the key that
 * applied, or as JSON in a session of the account that applied in the web hall. Two database calls: what is corrected
 * is read sealed, checked as a whole by the rules of the application, and kept as a further row; the second call checks
 * that nothing has changed in between, and if it has, both are made again. */
#include "api/access.h"
#include "api/challenge.h"
#include "api/form.h"
#include "api/handlers.h"
#include "api/portal_evidence.h"
#include "api/reply.h"
#include "api/server.h"
#include "api/signed_request.h"
#include "base/clock.h"
#include "domain/application_field.h"
#include "domain/correction.h"
#include "pki/digest.h"
#include "store/correction.h"

#include <string.h>

#define IDENTITY_PREFIX "identity."
#define TRIES_MAX       5 /* of building upon what somebody else is just correcting */

/* How the applicant has shown who he is, and what he has sent. */
struct proof {
    struct corrector corrector;
    struct bytes nonce_digest, evidence_sha256;
};

struct correcting {
    struct request *req;
    struct proof proof;
    struct correction correction;
    struct certificate certificate; /* that is being renewed */
    unsigned tries;
};

/* -- who ---------------------------------------------------------------------------------------------------------- */

/* CMS by the certificate's key over a nonce of ours. */
static enum err prove_by_key(struct request *req, struct corrector *out, struct json **document)
{
    struct signed_content signed_content;
    TRY(signed_request_read(req, &signed_content, document));
    *out = (struct corrector){.certificate_fingerprint = signed_content.signer.fingerprint};
    return OK;
}

/* A session of the web hall; that it is the submitter's, the procedures know. */
static enum err prove_by_session(struct request *req, struct corrector *out, struct json **document)
{
    struct bytes body = request_body(req);
    TRY(access_require_portal(req));
    TRY(access_require_renewal(req));
    TRY(json_parse((const char *)body.data, body.size, request_fault(req), document));
    *out = (struct corrector){.portal_token_digest = access_portal_digest(req)};
    return OK;
}

/* THE proof. The only place that knows how an applicant proves himself; the correction is read from the document that
 * comes out of it. */
static enum err prove(struct request *req, struct correction *correction, struct proof *out)
{
    struct arena *arena = request_arena(req);
    struct corrector corrector;
    AUTO_JSON *document = NULL;
    if (reply_body_is_json(req))
        TRY(prove_by_session(req, &corrector, &document));
    else
        TRY(prove_by_key(req, &corrector, &document));
    TRY(correction_read(document, arena, request_fault(req), correction));
    ENSURE(challenge_well_formed(arena, correction->nonce), ERR_NONCE_UNKNOWN);
    *out = (struct proof){
        .corrector = corrector,
        .nonce_digest = challenge_digest(arena, correction->nonce),
        .evidence_sha256 = sha256(arena, request_body(req)),
    };
    return OK;
}

/* What is sealed: signed bytes as they came, of the web hall with the account. */
static struct bytes evidence_of(struct request *req, const struct correction_basis *basis)
{
    if (basis->portal_account_id == 0)
        return request_body(req);
    return portal_evidence(req, basis->portal_account_id, basis->portal_proof);
}

/* -- the answer -------------------------------------------------------------------------------------------------- */

/* Calls each for every word of a text of words separated by spaces. */
static void each_word(struct request *req, const char *words, void (*each)(void *context, const char *word),
                      void *context)
{
    while (*words != '\0') {
        size_t size = strcspn(words, " ");
        each(context, arena_text_n(request_arena(req), words, size));
        words += size + strspn(words + size, " ");
    }
}

static void append_word(void *list, const char *word)
{
    json_append_text(list, word);
}

static void name_missing(void *req, const char *word)
{
    if (strncmp(word, IDENTITY_PREFIX, strlen(IDENTITY_PREFIX)) == 0)
        fault_field(request_fault(req), word, "required", "尚未完成", "Has not been completed");
    else
        fault_field(request_fault(req), word, "required", "尚未更正", "Has not been corrected yet");
}

static void reply_kept(struct request *req, const char *status, const char *missing)
{
    struct json *body = json_new_object(), *list = json_new_array();
    json_put_text(body, "renewal_no", request_path_part(req, "no"));
    json_put_text(body, "status", status);
    each_word(req, missing, append_word, list);
    json_put(body, "missing", list);
    request_reply_json(req, 200, body);
}

/* -- keeping it -------------------------------------------------------------------------------------------------- */

static enum err begin(struct correcting *it);

static void submitted(void *context, enum err err, const struct row *rows)
{
    struct correcting *it = context;
    struct request *req = it->req;
    struct kept_correction kept = {.missing = ""};
    if (err == OK)
        err = store_submit_correction_read(rows, request_arena(req), &kept);
    if (err == OK && !kept.stale) {
        reply_kept(req, kept.status, kept.missing);
        return;
    }
    if (err == OK)
        err = it->tries < TRIES_MAX ? begin(it) : ERR_BUSY;
    if (err == OK)
        return;
    each_word(req, kept.missing, name_missing, req);
    request_fail(req, err);
}

struct field_arrays {
    const char *names[CORRECTION_FIELDS_MAX], *old_masked[CORRECTION_FIELDS_MAX], *new_masked[CORRECTION_FIELDS_MAX];
    int64_t changed[CORRECTION_FIELDS_MAX];
    size_t count;
};

static const char *masked(struct arena *arena, const struct application_field *field, const char *value)
{
    return value[0] == '\0' ? "" : application_field_shown(field, arena, value);
}

static void compare_fields(const struct correcting *it, const struct application *before,
                           const struct application *after, struct field_arrays *out)
{
    struct arena *arena = request_arena(it->req);
    out->count = 0;
    for (size_t i = 0; i < application_field_count(); i++) {
        if (it->correction.given[i] == NULL)
            continue;
        const struct application_field *field = application_field_at(i);
        const char *old = application_field_value(field, before), *new = application_field_value(field, after);
        size_t at = out->count++;
        out->names[at] = field->name;
        out->old_masked[at] = masked(arena, field, old);
        out->new_masked[at] = masked(arena, field, new);
        out->changed[at] = strcmp(old, new) != 0;
    }
}

static enum err submit(struct correcting *it, const struct correction_basis *basis, const struct application *before,
                       const struct application *after, const struct application_warnings *warnings)
{
    struct request *req = it->req;
    struct arena *arena = request_arena(req);
    const struct seal_keys *keys = api_server(req)->seal_keys;
    const struct proof *proof = &it->proof;
    struct renewal_submission frozen = {.evidence_sha256 = proof->evidence_sha256};
    struct field_arrays fields;
    form_freeze(req, after, warnings, &frozen);
    compare_fields(it, before, after, &fields);
    const struct correction_submission submission = {
        .nonce_digest = proof->nonce_digest,
        .renewal_no = request_path_part(req, "no"),
        .corrector = proof->corrector,
        .evidence_sha256 = proof->evidence_sha256,
        .evidence_sealed = seal(keys, arena, "renewal.correction", proof->evidence_sha256, evidence_of(req, basis)),
        .round = basis->round,
        .number = basis->number,
        .names = fields.names,
        .old_masked = fields.old_masked,
        .new_masked = fields.new_masked,
        .changed = fields.changed,
        .count = fields.count,
        .personal_sealed = frozen.personal_sealed,
        .agent_name_masked = frozen.agent_name_masked,
        .agent_id_masked = frozen.agent_id_masked,
        .agent_mobile_masked = frozen.agent_mobile_masked,
        .agent_email_masked = frozen.agent_email_masked,
        .recipient_masked = frozen.recipient_masked,
        .agent_id_index = frozen.agent_id_index,
        .agent_mobile_index = frozen.agent_mobile_index,
        .agent_email_index = frozen.agent_email_index,
        .legal_person_id_index = frozen.legal_person_id_index,
        .account_number_index = frozen.account_number_index,
        .recipient_mobile_index = frozen.recipient_mobile_index,
        .form_fields = frozen.form_fields,
        .form_shown = frozen.form_shown,
        .form_field_count = frozen.form_field_count,
        .invoice_title = after->invoice_title,
        .invoice_tax_id = after->invoice_tax_id,
    };
    return store_submit_correction(api_server(req)->db, &submission, api_call_ms(req), submitted, it);
}

/* -- what it is built upon --------------------------------------------------------------------------------------- */

static enum err open_application(struct request *req, const struct correction_basis *basis, struct application *out)
{
    struct arena *arena = request_arena(req);
    struct bytes plain;
    TRY(unseal(api_server(req)->seal_keys, arena, "renewal.personal", basis->evidence_sha256, basis->personal_sealed,
               &plain));
    TRY(application_personal_read((const char *)plain.data, plain.size, arena, out));
    out->invoice_kind = basis->invoice_kind;
    out->invoice_title = basis->invoice_title;
    out->invoice_tax_id = basis->invoice_tax_id;
    return OK;
}

static enum err build(struct correcting *it, const struct correction_basis *basis)
{
    struct request *req = it->req;
    const struct certificate *certificate = &it->certificate;
    const struct application_basis rules = {
        .platform = platform_find(api_server(req)->platforms, basis->platform),
        .organisation = certificate->organisation,
        .subject = certificate->subject,
        .expired = clock_now_us() > certificate->not_after_us,
        .now_us = clock_now_us(),
    };
    struct application before;
    struct application_warnings warnings;
    ENSURE(rules.platform != NULL, ERR_PLATFORM_UNKNOWN);
    TRY(correction_check_named(&it->correction, basis->named, request_fault(req)));
    TRY(open_application(req, basis, &before));
    struct application after = before;
    correction_apply(&it->correction, request_arena(req), &after);
    TRY(correction_check(&it->correction, &after, &rules, request_fault(req), &warnings));
    return submit(it, basis, &before, &after, &warnings);
}

static void begun(void *context, enum err err, const struct row *rows)
{
    struct correcting *it = context;
    struct correction_basis basis;
    if (err == OK)
        err = store_begin_correction_read(rows, request_arena(it->req), &basis);
    if (err == OK && basis.repeated) {
        reply_kept(it->req, basis.status, basis.missing);
        return;
    }
    if (err == OK)
        err = certificate_parse(request_arena(it->req), basis.certificate_der, &it->certificate);
    if (err == OK)
        err = build(it, &basis);
    if (err != OK)
        request_fail(it->req, err);
}

static enum err begin(struct correcting *it)
{
    struct request *req = it->req;
    it->tries++;
    return store_begin_correction(api_server(req)->db, request_path_part(req, "no"), &it->proof.corrector,
                                  it->proof.evidence_sha256, api_call_ms(req), begun, it);
}

enum err api_renewal_correction(struct request *req)
{
    struct correcting *it = ARENA_NEW(request_arena(req), struct correcting);
    it->req = req;
    TRY(prove(req, &it->correction, &it->proof));
    if (strcmp(it->correction.renewal_no, request_path_part(req, "no")) != 0) {
        fault_field(request_fault(req), "renewal_no", "mismatch", "与请求地址中的业务单号不一致",
                    "Is not the renewal that this request is addressed to");
        return ERR_FIELDS_INVALID;
    }
    return begin(it);
}
