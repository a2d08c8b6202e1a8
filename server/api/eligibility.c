/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/platforms/{platform}/eligibility: may this certificate be renewed here now, and where to turn if not?
 * Asked before anybody is made to sign, so a certificate is no proof of its key: no number and no token is given out.
 */
#include "api/access.h"
#include "api/handlers.h"
#include "api/portal_certificate.h"
#include "api/quote.h"
#include "api/renewal_rules.h"
#include "api/reply.h"
#include "base/clock.h"
#include "base/text.h"
#include "domain/term.h"
#include "store/renewal.h"

#define CERTIFICATE_TEXT_MAX 32768

struct question {
    struct request *req;
    const struct platform *platform;
    struct certificate certificate;
    const char *serial, *organisation, *version; /* by serial number in the web hall; else "" */
    enum err refusal;                            /* OK while nothing stands in the way */
    struct eligibility known;
};

static struct json *certificate_json(struct request *req, const struct certificate *certificate)
{
    struct json *json = json_new_object();
    json_put_text(json, "subject", certificate->subject);
    json_put_text(json, "serial", certificate->serial);
    reply_put_time(req, json, "not_before", certificate->not_before_us);
    reply_put_time(req, json, "not_after", certificate->not_after_us);
    return json;
}

/* The sentence a submission would answer: the check's own, or the error's. */
static void put_reason(struct json *body, const struct question *question)
{
    const struct fault *fault = request_fault(question->req);
    bool refused = question->refusal != OK, explained = fault->detail_zh != NULL;
    const struct err_info *info = refused ? err_info(question->refusal) : NULL;
    json_put_text(body, "code", refused ? info->code : NULL);
    json_put_text(body, "reason", !refused ? NULL : explained ? fault->detail_zh : info->zh);
    json_put_text(body, "reason_en", !refused ? NULL : explained ? fault->detail_en : info->en);
}

static void answer(struct question *question)
{
    struct request *req = question->req;
    const struct platform *platform = question->platform;
    int64_t opens_us, closes_us;
    window_bounds(platform, question->certificate.not_after_us, &opens_us, &closes_us);
    /* What was submitted in time is followed and installed whatever the window says; not with a revoked certificate. */
    bool open = question->known.open, goes_on = open && question->known.refusal != ERR_CERTIFICATE_REVOKED;
    struct json *body = json_new_object();
    size_t available = 0;
    struct json *terms = quote_terms_json(req, platform, &question->known.quote, question->certificate.not_after_us,
                                          &available);
    if (question->refusal == OK && !open && available == 0)
        question->refusal = ERR_TERM_BEYOND_CA;
    json_put_text(body, "platform", platform->id);
    json_put(body, "certificate", certificate_json(req, &question->certificate));
    json_put_boolean(body, "may_apply", question->refusal == OK);
    json_put_boolean(body, "may_query", goes_on);
    json_put_boolean(body, "may_install", goes_on);
    put_reason(body, question);
    reply_put_time(req, body, "window_opens_at", opens_us);
    reply_put_time(req, body, "window_closes_at", closes_us);
    reply_put_text(body, "elsewhere", platform->window.elsewhere_zh);
    reply_put_text(body, "elsewhere_en", platform->window.elsewhere_en);
    json_put_boolean(body, "open_renewal", open);
    json_put(body, "terms", terms);
    request_reply_json(req, 200, body);
}

static void known(void *context, enum err err, const struct row *rows)
{
    struct question *question = context;
    if (err == OK)
        err = store_get_eligibility_read(rows, request_arena(question->req), &question->known);
    if (err != OK) {
        request_fail(question->req, err);
        return;
    }
    if (question->refusal == OK)
        question->refusal = question->known.refusal;
    answer(question);
}

/* session: as renewal_rules_proof takes it. */
static void judge(struct question *question, const char *session, const char *version)
{
    struct request *req = question->req;
    question->refusal = renewal_rules_proof(question->platform, session);
    if (question->refusal == OK)
        question->refusal = renewal_rules_check(api_server(req), question->platform, &question->certificate, version,
                                                clock_now_us(), request_fault(req));
}

static enum err ask(struct question *question)
{
    struct request *req = question->req;
    if (question->refusal == ERR_CERTIFICATE_UNTRUSTED) { /* not ours: the database knows nothing of it */
        answer(question);
        return OK;
    }
    const struct eligibility_question ask = {question->certificate.fingerprint, question->certificate.organisation,
                                             question->platform->id, question->platform->open_per_organisation};
    return store_get_eligibility(api_server(req)->db, &ask, api_call_ms(req), known, question);
}

/* -- by serial number -------------------------------------------------------------------------------------------- */

static enum err judge_named(struct question *question, const struct row *rows)
{
    struct portal_answer found;
    TRY(portal_certificate_found(question->req, rows, question->organisation, &question->certificate, &found));
    judge(question, found.proof, question->version);
    if (question->refusal == OK && found.taken)
        question->refusal = ERR_PORTAL_RENEWAL_TAKEN;
    return ask(question);
}

static void named(void *context, enum err err, const struct row *rows)
{
    struct question *question = context;
    if (err == OK)
        err = judge_named(question, rows);
    if (err != OK)
        request_fail(question->req, err);
}

static enum err find_named(struct question *question)
{
    const struct portal_naming naming = {.serial = question->serial, .organisation = question->organisation};
    TRY(access_require_portal(question->req));
    return portal_certificate_find(question->req, &naming, named, question);
}

/* -- the question ------------------------------------------------------------------------------------------------ */

static enum err read_question(struct request *req, struct question *question)
{
    struct arena *arena = request_arena(req);
    AUTO_JSON *document = NULL;
    const char *text = NULL, *version = NULL, *serial = "", *organisation = "";
    const struct json_field fields[] = {
        {"certificate", FIELD_TEXT, .into = &text, .length_max = CERTIFICATE_TEXT_MAX, .lines = true, .optional = true},
        {"certificate_serial", FIELD_TEXT, .into = &serial, .length_max = SERIAL_TYPED_MAX, .optional = true},
        {"organisation", FIELD_TEXT, .into = &organisation, .length_max = 100, .optional = true},
        {"client_version", FIELD_TEXT, .into = &version, .length_max = 32, .optional = true},
    };
    question->req = req;
    question->platform = platform_find(api_server(req)->platforms, request_path_part(req, "platform"));
    ENSURE(question->platform != NULL, ERR_PLATFORM_UNKNOWN);
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    bool by_serial = serial[0] != '\0' && organisation[0] != '\0';
    if ((text != NULL) == by_serial)
        return fault_explain(request_fault(req), ERR_FIELDS_INVALID, "请提供证书，或登录后提供证书序列号和企业名称",
                             "Give the certificate, or log in and give certificate_serial and organisation");
    question->serial = arena_text(arena, serial);
    question->organisation = arena_text(arena, organisation);
    question->version = version == NULL ? NULL : arena_text(arena, version);
    if (by_serial)
        return OK;
    TRY(certificate_read(arena, bytes_of_text(text), &question->certificate));
    judge(question, NULL, version);
    return OK;
}

enum err api_eligibility(struct request *req)
{
    struct question *question = ARENA_NEW(request_arena(req), struct question);
    TRY(read_question(req, question));
    return question->serial[0] != '\0' ? find_named(question) : ask(question);
}
