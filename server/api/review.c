/* SPDX-License-Identifier: Apache-2.0 */
/* The review desk: the queue, a case with masked personal data, claim, approve, reject. What a reviewer may do is
 * decided by the procedures; what is approved is the content hash that came with the case. */
#include "store/review.h"

#include "api/access.h"
#include "api/form.h"
#include "api/handlers.h"
#include "api/identity.h"
#include "api/material.h"
#include "api/reply.h"
#include "api/returned.h"
#include "api/server.h"
#include "base/text.h"

#include <string.h>

#define CLAIM_LEASE_S     1800
#define REASON_LENGTH_MAX 500

/* -- the queue --------------------------------------------------------------------------------------------------- */

static struct json *item_json(struct request *req, const struct review_item *item)
{
    struct json *row = json_new_object();
    json_put_text(row, "renewal_no", item->renewal_no);
    json_put_text(row, "status", item->status);
    json_put_text(row, "platform", item->platform);
    json_put_text(row, "subject", item->subject);
    json_put_text(row, "organisation", item->organisation);
    json_put_integer(row, "term_months", item->term_months);
    json_put_integer(row, "amount_fen", item->amount_fen);
    reply_put_time(req, row, "submitted_at", item->submitted_at_us);
    reply_put_time(req, row, "paid_at", item->paid_at_us);
    reply_put_text(row, "claimed_by", item->claimed_by);
    reply_put_time(req, row, "claimed_at", item->claimed_at_us);
    return row;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct review_page page;
    if (err == OK)
        err = store_list_reviews_read(rows, request_arena(req), &page);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *cases = json_new_array();
    for (size_t i = 0; i < page.count; i++)
        json_append(cases, item_json(req, &page.items[i]));
    json_put(body, "cases", cases);
    request_reply_json(req, 200, body);
}

static enum err read_tab(struct request *req, const char **tab)
{
    *tab = request_query(req, "tab");
    if (*tab == NULL)
        *tab = "waiting";
    if (strcmp(*tab, "waiting") == 0 || strcmp(*tab, "mine") == 0 || strcmp(*tab, "done") == 0)
        return OK;
    fault_field(request_fault(req), "tab", "value", "应为waiting、mine或done", "Must be waiting, mine or done");
    return ERR_FIELDS_INVALID;
}

enum err api_review_list(struct request *req)
{
    const char *after = request_query(req, "after");
    struct review_query query = {.token_digest = access_staff_digest(req), .after = after == NULL ? "" : after};
    TRY(read_tab(req, &query.tab));
    TRY(reply_read_page_size(req, REVIEW_PAGE_MAX, &query.page_size));
    return store_list_reviews(api_server(req)->db, &query, api_call_ms(req), listed, req);
}

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
    return json;
}

static struct json *case_json(struct request *req, const struct review_case *it, const struct material_list *materials,
                              const struct return_list *returns, const struct identity_checks *checks)
{
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
    material_put_list(req, body, materials);
    returned_put_history(req, body, returns);
    identity_put_checks(request_arena(req), body, checks);
    json_put(body, "review", review_json(req, it));
    json_put_text(body, "content_sha256", hex_encode(request_arena(req), it->content_hash));
    return body;
}

/* The procedure has let the caller see the case; documents, returns and checks are listed by further calls. */
struct case_view {
    struct request *req;
    struct review_case it;
    struct material_list materials;
    struct return_list returns;
};

static void checks_read(void *context, enum err err, const struct row *rows)
{
    struct case_view *view = context;
    struct identity_checks checks;
    if (err == OK)
        err = store_list_checks_read(rows, request_arena(view->req), &checks);
    if (err == OK)
        request_reply_json(view->req, 200, case_json(view->req, &view->it, &view->materials, &view->returns, &checks));
    else
        request_fail(view->req, err);
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

/* -- claim ------------------------------------------------------------------------------------------------------- */

static void claimed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct claimed_case claim;
    if (err == OK)
        err = store_claim_case_read(rows, request_arena(req), &claim);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "renewal_no", request_path_part(req, "no"));
    json_put_text(body, "claimed_by", claim.claimed_by);
    reply_put_time(req, body, "claimed_until", claim.claimed_until_us);
    request_reply_json(req, 200, body);
}

enum err api_review_claim(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_claim_case(api_server(req)->db, access_staff_digest(req), request_path_part(req, "no"), CLAIM_LEASE_S,
                            api_call_ms(req), claimed, req);
}

static void released(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_release_case_read(rows, request_arena(req));
    if (err == OK)
        reply_moved(req, "released");
    else
        request_fail(req, err);
}

enum err api_review_release(struct request *req)
{
    return store_release_case(api_server(req)->db, access_staff_digest(req), request_path_part(req, "no"),
                              api_call_ms(req), released, req);
}

/* -- decisions --------------------------------------------------------------------------------------------------- */

static void approved(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct approved_case it;
    if (err == OK)
        err = store_approve_case_read(rows, request_arena(req), &it);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "renewal_no", request_path_part(req, "no"));
    json_put_text(body, "status", it.status);
    json_put_boolean(body, "complete", it.complete);
    request_reply_json(req, 200, body);
}

enum err api_review_approve(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *hash = NULL;
    const struct json_field fields[] = {{"content_sha256", FIELD_TEXT, .into = &hash, .length_max = 64}};
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    struct review_approval approval = {.token_digest = access_staff_digest(req),
                                       .renewal_no = request_path_part(req, "no")};
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
        request_fail(req, err);
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
    if (text[strspn(text, " ")] == '\0')
        fault_field(request_fault(req), "reason_text", "required", "请写明拒绝原因，申请人会看到",
                    "Say why; the applicant will read it");
    return fault_check(request_fault(req));
}

enum err api_review_reject(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *code = NULL, *text = NULL;
    const struct json_field fields[] = {
        {"reason_code", FIELD_TEXT, .into = &code, .length_max = 32},
        {"reason_text", FIELD_TEXT, .into = &text, .length_max = REASON_LENGTH_MAX},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    TRY(check_reason(req, code, text));
    struct review_rejection rejection = {.token_digest = access_staff_digest(req),
                                         .renewal_no = request_path_part(req, "no"),
                                         .reason_code = code,
                                         .reason_text = text};
    return store_reject_case(api_server(req)->db, &rejection, api_call_ms(req), rejected, req);
}
