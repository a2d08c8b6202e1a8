/* SPDX-License-Identifier: Apache-2.0 */
/* The review desk: a case with masked personal data and what the desk knows of it, approve, reject. What a reviewer may
 * do is decided by the procedures; what is approved is the content hash that came with the case. */
#include "store/review.h"

#include "api/access.h"
#include "api/form.h"
#include "api/handlers.h"
#include "api/identity.h"
#include "api/material.h"
#include "api/reply.h"
#include "api/returned.h"
#include "api/review_tick.h"
#include "api/review_write.h"
#include "api/server.h"
#include "base/text.h"
#include "domain/review_check.h"
#include "store/review_queue.h"

#include <string.h>

#define REASON_LENGTH_MAX 500

/* -- a case ------------------------------------------------------------------------------------------------------ */

static struct json *certificate_json(struct request *req, const struct review_case *it)
{
    struct json *json = json_new_object();
    json_put_text(json, "subject", it->subject);
    json_put_text(json, "common_name", it->common_name);
    json_put_text(json, "organisation", it->organisation);
    json_put_text(json, "serial", it->certificate_serial);
    reply_put_time(req, json, "not_after", it->old_not_after_us);
    return json;
}

static struct json *agent_json(const struct review_case *it)
{
    struct json *json = json_new_object();
    json_put_text(json, "name", it->agent_name_masked);
    json_put_text(json, "id_number", it->agent_id_masked);
    json_put_text(json, "mobile", it->agent_mobile_masked);
    json_put_text(json, "email", it->agent_email_masked);
    return json;
}

static struct json *order_json(struct request *req, const struct review_case *it)
{
    struct json *json = json_new_object();
    json_put_text(json, "order_no", it->order_no);
    json_put_integer(json, "amount_fen", it->amount_fen);
    reply_put_time(req, json, "paid_at", it->paid_at_us);
    reply_put_text(json, "gateway", it->gateway);
    reply_put_text(json, "gateway_txn", it->gateway_txn);
    return json;
}

static struct json *invoice_json(const struct review_case *it)
{
    struct json *json = json_new_object();
    json_put_text(json, "kind", it->invoice_kind);
    json_put_text(json, "title", it->invoice_title);
    json_put_text(json, "tax_id", it->invoice_tax_id);
    return json;
}

static struct json *review_json(struct request *req, const struct review_case *it)
{
    struct json *json = json_new_object();
    json_put_integer(json, "reviews_required", it->reviews_required);
    json_put_integer(json, "approvals_done", it->approvals_done);
    json_put_boolean(json, "approved_by_me", it->approved_by_me);
    reply_put_text(json, "claimed_by", it->claimed_by);
    json_put_boolean(json, "claimed_by_me", it->claimed_by_me);
    reply_put_time(req, json, "claimed_until", it->claimed_until_us);
    reply_put_text(json, "rejection_code", it->rejection_code);
    reply_put_text(json, "rejection_text", it->rejection_text);
    reply_put_time(req, json, "decided_at", it->decided_at_us);
    json_put_text(json, "risk", it->risk);
    reply_put_time(req, json, "since", it->review_since_us);
    reply_put_time(req, json, "due", it->review_due_us);
    json_put_boolean(json, "parallel", it->parallel);
    reply_put_text(json, "second_claimed_by", it->second_claimed_by);
    reply_put_time(req, json, "second_claimed_until", it->second_claimed_until_us);
    reply_put_text(json, "held_by", it->held_by);
    reply_put_time(req, json, "held_until", it->held_until_us);
    reply_put_text(json, "held_reason", it->held_reason);
    return json;
}

/* -- what the desk knows of it ------------------------------------------------------------------------------------- */

static struct json *findings_json(struct arena *arena, const char *words)
{
    struct json *list = json_new_array();
    for (size_t size; *words != '\0'; words += size + (words[size] == ' ')) {
        size = strcspn(words, " ");
        const struct review_check found = review_finding(arena_text_n(arena, words, size));
        struct json *json = json_new_object();
        json_put_text(json, "code", found.name);
        json_put_text(json, "text", found.zh);
        json_put_text(json, "text_en", found.en);
        json_append(list, json);
    }
    return list;
}

static struct json *check_json(struct request *req, const struct desk_row *row)
{
    const struct review_check *check = review_check_find(row->name);
    struct json *json = json_new_object();
    json_put_text(json, "name", row->name);
    json_put_text(json, "label", check == NULL ? row->name : check->zh);
    json_put_text(json, "label_en", check == NULL ? row->name : check->en);
    json_put_text(json, "result", row->word);
    json_put_text(json, "source", row->source);
    json_put(json, "findings", findings_json(request_arena(req), row->detail));
    reply_put_time(req, json, "checked_at", row->at_us);
    json_put_integer(json, "round", row->round);
    return json;
}

static struct json *step_json(struct request *req, const struct desk_row *row)
{
    struct json *json = json_new_object();
    json_put_text(json, "step", row->word);
    reply_put_text(json, "by", row->name);
    reply_put_time(req, json, "at", row->at_us);
    reply_put_text(json, "detail", row->detail);
    json_put_integer(json, "version", row->round);
    return json;
}

static void put_desk(struct request *req, struct json *body, const struct desk_rows *desk)
{
    struct json *checks = json_new_array(), *actions = json_new_array(), *steps = json_new_array(),
                *ticks = json_new_array();
    for (size_t i = 0; i < desk->count; i++) {
        const struct desk_row *row = &desk->items[i];
        if (strcmp(row->kind, "check") == 0)
            json_append(checks, check_json(req, row));
        else if (strcmp(row->kind, "action") == 0)
            json_append(actions, reply_action(row->name, row->word)); /* what is not allowed says why */
        else if (strcmp(row->kind, "tick") == 0)
            json_append(ticks, review_tick_json(req, row));
        else
            json_append(steps, step_json(req, row));
    }
    json_put(body, "checks", checks);
    json_put(body, "actions", actions);
    json_put(body, "ticks", ticks);
    json_put(body, "steps", steps);
}

/* The procedure has let the caller see the case; the rest is listed by further calls. */
struct case_view {
    struct request *req;
    struct review_case it;
    struct material_list materials;
    struct return_list returns;
    struct identity_checks checks;
};

static struct json *case_json(struct request *req, const struct case_view *view, const struct desk_rows *desk)
{
    const struct review_case *it = &view->it;
    struct json *body = json_new_object();
    json_put_text(body, "renewal_no", it->renewal_no);
    json_put_text(body, "status", it->status);
    json_put_text(body, "platform", it->platform);
    json_put(body, "certificate", certificate_json(req, it));
    json_put_integer(body, "term_months", it->term_months);
    reply_put_time(req, body, "not_after", it->not_after_us);
    json_put_text(body, "profile", it->profile);
    json_put(body, "agent", agent_json(it));
    reply_put_text(body, "recipient", it->recipient_masked);
    json_put(body, "form", form_shown_json(req, it->form_fields, it->form_shown));
    json_put(body, "warnings", form_stored_warnings_json(req, it->warning_fields, it->warning_codes));
    json_put(body, "order", order_json(req, it));
    json_put(body, "invoice", invoice_json(it));
    json_put_text(body, "agreement",
                  arena_format(request_arena(req), "%s %s", it->agreement_id, it->agreement_version));
    json_put_text(body, "client_version", it->client_version);
    reply_put_time(req, body, "submitted_at", it->submitted_at_us);
    json_put_text(body, "evidence_sha256", hex_encode(request_arena(req), it->evidence_sha256));
    material_put_list(req, body, &view->materials);
    returned_put_history(req, body, &view->returns);
    identity_put_checks(request_arena(req), body, &view->checks);
    json_put(body, "review", review_json(req, it));
    put_desk(req, body, desk);
    json_put_integer(body, "version", it->version);
    json_put_text(body, "content_sha256", hex_encode(request_arena(req), it->content_hash));
    return body;
}

static void desk_read(void *context, enum err err, const struct row *rows)
{
    struct case_view *view = context;
    struct desk_rows desk;
    if (err == OK)
        err = store_get_desk_read(rows, request_arena(view->req), &desk);
    if (err == OK)
        request_reply_json(view->req, 200, case_json(view->req, view, &desk));
    else
        request_fail(view->req, err);
}

static void checks_read(void *context, enum err err, const struct row *rows)
{
    struct case_view *view = context;
    struct request *req = view->req;
    if (err == OK)
        err = store_list_checks_read(rows, request_arena(req), &view->checks);
    if (err == OK)
        err = store_get_desk(api_server(req)->db, access_staff_digest(req), view->it.renewal_no, api_call_ms(req),
                             desk_read, view);
    if (err != OK)
        request_fail(req, err);
}

static void returns_read(void *context, enum err err, const struct row *rows)
{
    struct case_view *view = context;
    struct request *req = view->req;
    if (err == OK)
        err = store_list_returns_read(rows, request_arena(req), &view->returns);
    if (err == OK)
        err = store_list_checks(api_server(req)->db, view->it.renewal_no, api_call_ms(req), checks_read, view);
    if (err != OK)
        request_fail(req, err);
}

static void materials_read(void *context, enum err err, const struct row *rows)
{
    struct case_view *view = context;
    struct request *req = view->req;
    if (err == OK)
        err = store_list_materials_read(rows, request_arena(req), &view->materials);
    if (err == OK)
        err = store_list_returns(api_server(req)->db, view->it.renewal_no, api_call_ms(req), returns_read, view);
    if (err != OK)
        request_fail(req, err);
}

static void case_read(void *context, enum err err, const struct row *rows)
{
    struct case_view *view = context;
    struct request *req = view->req;
    if (err == OK)
        err = store_get_case_read(rows, request_arena(req), &view->it);
    if (err == OK)
        err = store_list_materials(api_server(req)->db, view->it.renewal_no, api_call_ms(req), materials_read, view);
    if (err != OK)
        request_fail(req, err);
}

enum err api_review_case(struct request *req)
{
    struct case_view *view = ARENA_NEW(request_arena(req), struct case_view);
    view->req = req;
    return store_get_case(api_server(req)->db, access_staff_digest(req), request_path_part(req, "no"), api_call_ms(req),
                          case_read, view);
}

/* -- decisions --------------------------------------------------------------------------------------------------- */

static void approved(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct approved_case it;
    if (err == OK)
        err = store_approve_case_read(rows, request_arena(req), &it);
    if (err != OK) {
        review_fail(req, err, rows);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "renewal_no", request_path_part(req, "no"));
    json_put_text(body, "status", it.status);
    json_put_boolean(body, "complete", it.complete);
    json_put_integer(body, "version", it.version);
    request_reply_json(req, 200, body);
}

enum err api_review_approve(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *hash = NULL;
    int64_t version = 0;
    const struct json *ticks = NULL;
    struct review_approval approval = {0};
    const struct json_field fields[] = {{"content_sha256", FIELD_TEXT, .into = &hash, .length_max = 64},
                                        {"ticks", FIELD_ARRAY, .optional = true, .into = &ticks},
                                        REPLY_VERSION_FIELD(&version, true)};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(review_read_ticks(req, ticks, &approval));
    TRY(review_read_write(req, version, &approval.write));
    approval.write.renewal_no = request_path_part(req, "no");
    ENSURE(hex_decode(request_arena(req), hash, &approval.content_hash) && approval.content_hash.size == 32,
           ERR_CASE_CHANGED);
    return store_approve_case(api_server(req)->db, &approval, api_call_ms(req), approved, req);
}

static void rejected(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *status = NULL;
    if (err == OK)
        err = store_reject_case_read(rows, request_arena(req), &status);
    if (err == OK)
        reply_moved(req, status);
    else
        review_fail(req, err, rows);
}

static enum err check_reason(struct request *req, const char *code, const char *text)
{
    static const char *const codes[] = {"identity_mismatch", "organisation_mismatch", "duplicate", "not_entitled",
                                        "other"};
    bool known = false;
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
        known = known || strcmp(codes[i], code) == 0;
    if (!known)
        fault_field(request_fault(req), "reason_code", "value",
                    "应为identity_mismatch、organisation_mismatch、duplicate、not_entitled或other",
                    "Must be identity_mismatch, organisation_mismatch, duplicate, not_entitled or other");
    if (text_blank(text))
        fault_field(request_fault(req), "reason_text", "required", "请写明拒绝原因，申请人会看到",
                    "Say why; the applicant will read it");
    return fault_check(request_fault(req));
}

enum err api_review_reject(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *code = NULL, *text = NULL;
    int64_t version = 0;
    const struct json_field fields[] = {
        {"reason_code", FIELD_TEXT, .into = &code, .length_max = 32},
        {"reason_text", FIELD_TEXT, .into = &text, .length_max = REASON_LENGTH_MAX},
        REPLY_VERSION_FIELD(&version, true),
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(check_reason(req, code, text));
    struct review_rejection rejection = {.reason_code = code, .reason_text = text};
    TRY(review_read_write(req, version, &rejection.write));
    rejection.write.renewal_no = request_path_part(req, "no");
    return store_reject_case(api_server(req)->db, &rejection, api_call_ms(req), rejected, req);
}
