/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/renewals with JSON, in a session of the web hall: who cannot sign names the certificate by its serial
 * number and its owner. The sealed form and the review are the rest of the proof. What came is kept as evidence,
 * sealed, with the account, the address and the time. */
#include "api/access.h"
#include "api/challenge.h"
#include "api/portal_certificate.h"
#include "api/portal_evidence.h"
#include "api/renewal_submit.h"
#include "api/server.h"
#include "domain/application.h"
#include "pki/digest.h"

struct hall_submission {
    struct request *req;
    const char *organisation;
    struct submission_proof proof;
};

static enum err go_on(struct hall_submission *submission, const struct row *rows)
{
    struct request *req = submission->req;
    struct portal_answer answer;
    struct submission_proof *proof = &submission->proof;
    TRY(portal_certificate_found(req, rows, submission->organisation, &proof->signed_content.signer, &answer));
    ENSURE(!answer.taken, ERR_PORTAL_RENEWAL_TAKEN);
    proof->signed_content.content = request_body(req);
    proof->session = answer.proof;
    proof->evidence = portal_evidence(req, answer.account_id, answer.proof);
    return renewal_submit_proved(req, proof);
}

static void found(void *context, enum err err, const struct row *rows)
{
    struct hall_submission *submission = context;
    if (err == OK)
        err = go_on(submission, rows);
    if (err != OK)
        request_fail(submission->req, err);
}

static void require(struct request *req, const char *path, const char *value)
{
    if (value[0] == '\0')
        fault_field(request_fault(req), path, "missing", "请填写", "Needed in the web hall");
}

static enum err read_names(struct request *req, struct portal_naming *out)
{
    struct arena *arena = request_arena(req);
    struct bytes body = request_body(req);
    AUTO_JSON *document = NULL;
    struct application application;
    TRY(json_parse((const char *)body.data, body.size, request_fault(req), &document));
    TRY(application_read(document, arena, request_fault(req), &application));
    require(req, "certificate_serial", application.certificate_serial);
    require(req, "organisation.name", application.organisation.name);
    TRY(fault_check(request_fault(req)));
    ENSURE(challenge_well_formed(arena, application.nonce), ERR_NONCE_UNKNOWN);
    *out = (struct portal_naming){.serial = arena_text(arena, application.certificate_serial),
                                  .organisation = arena_text(arena, application.organisation.name),
                                  .nonce_digest = challenge_digest(arena, application.nonce),
                                  .evidence_sha256 = sha256(arena, body)};
    return OK;
}

enum err portal_submit(struct request *req)
{
    struct portal_naming naming;
    TRY(access_require_portal(req));
    TRY(read_names(req, &naming));
    struct hall_submission *submission = ARENA_NEW(request_arena(req), struct hall_submission);
    submission->req = req;
    submission->organisation = naming.organisation;
    return portal_certificate_find(req, &naming, found, submission);
}
