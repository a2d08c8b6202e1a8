/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/admin/platforms: the rules in force as this process has loaded them, with the version of prices and of
 * the rules of review. GET /api/v1/admin/prices/{platform}/versions: what each version of the prices changed, and by
 * whom. */
#include "api/access.h"
#include "api/admin.h"
#include "api/handlers.h"
#include "api/platform_rules.h"
#include "api/rails.h"
#include "api/reply.h"
#include "store/administration.h"

#include <string.h>

/* -- rules --------------------------------------------------------------------------------------------------------- */

static struct json *agreements_json(const struct platform *platform)
{
    struct json *list = json_new_array();
    for (enum agreement_kind kind = 0; kind < AGREEMENT_KINDS; kind++) {
        const struct platform_agreement *from = platform_agreement_of(platform, kind);
        struct json *row = json_new_object();
        json_put_text(row, "kind", agreement_kinds[kind]);
        json_put_text(row, "id", from->id);
        json_put_text(row, "version", from->version);
        json_put_text(row, "title", from->title);
        json_put_text(row, "sha256", from->sha256);
        json_append(list, row);
    }
    return list;
}

static struct json *review_json(const struct platform *platform)
{
    static const char *const kinds[] = {"automatic", "one", "two"};
    static const char *const orders[] = {"sequential", "parallel"};
    struct json *review = json_new_object();
    json_put_text(review, "kind", kinds[platform->review]);
    json_put_integer(review, "working_days", platform->review_days);
    reply_put_text(review, "risk_kind", platform->review_risk == REVIEW_AUTOMATIC ? "" : kinds[platform->review_risk]);
    json_put_integer(review, "risk_fen", platform->review_risk_fen);
    json_put_text(review, "order", orders[platform->review_order]);
    json_put_integer(review, "approval_days", platform->review_approval_days);
    json_put_integer(review, "sample_percent", platform->review_sample_percent);
    return review;
}

/* Each method with whether it is offered now: set up here, and its rail not paused. */
static struct json *methods_json(const struct api_server *server, const struct platform *platform)
{
    struct json *list = json_new_array();
    for (unsigned i = 0; i < platform->payment_methods_count; i++) {
        struct json *row = json_new_object();
        json_put_text(row, "method", platform->payment_methods[i]);
        json_put_boolean(row, "offered", method_offered(server, platform->payment_methods[i]));
        json_append(list, row);
    }
    return list;
}

static struct json *bank_accounts_json(const struct platform *platform)
{
    struct json *list = json_new_array();
    for (unsigned i = 0; i < platform->bank_accounts_count; i++) {
        struct json *row = json_new_object();
        json_put_text(row, "holder", platform->bank_accounts[i].holder);
        json_put_text(row, "number", platform->bank_accounts[i].number);
        json_put_text(row, "bank", platform->bank_accounts[i].bank);
        json_append(list, row);
    }
    return list;
}

static struct json *account_json(const struct platform *platform)
{
    static const char *const kinds[] = {"never", "when_paid_online", "always"};
    struct json *account = json_new_object();
    json_put_text(account, "kind", kinds[platform->account_verification]);
    reply_put_text(account, "confirmation",
                   platform->account_verification == ACCOUNT_NEVER ? "" : platform->account_confirmation);
    return account;
}

static void put_rules(struct json *row, const struct api_server *server, const struct platform *platform)
{
    json_put_text(row, "platform", platform->id);
    json_put_text(row, "name", platform->name_zh);
    json_put_text(row, "name_en", platform->name_en);
    json_put_text(row, "version", platform->version);
    json_put(row, "contact", rules_contact(platform));
    json_put(row, "client", rules_client(platform));
    json_put(row, "window", rules_window(platform));
    json_put(row, "proofs", rules_proofs(platform));
    json_put(row, "payment_methods", methods_json(server, platform));
    json_put(row, "bank_accounts", bank_accounts_json(platform));
    json_put_boolean(row, "match_two_people", platform->match_two_people);
    json_put(row, "materials", rules_texts(platform->materials, platform->materials_count));
    json_put(row, "materials_expired", rules_texts(platform->materials_expired, platform->materials_expired_count));
    json_put(row, "identity_steps", rules_texts(platform->identity_steps, platform->identity_steps_count));
    json_put(row, "review", review_json(platform));
    json_put(row, "account_verification", account_json(platform));
    json_put(row, "invoice", rules_invoice(platform));
    json_put_boolean(row, "recipient_required", platform->recipient_required);
    reply_put_text(row, "courier", platform->courier);
    json_put_text(row, "profile", platform->profile);
    json_put_integer(row, "open_per_organisation", platform->open_per_organisation);
    json_put_integer(row, "unpaid_close_days", platform->unpaid_close_days);
    json_put_integer(row, "tax_rate_permyriad", platform->tax_rate_permyriad);
    json_put(row, "agreements", agreements_json(platform));
}

static struct json *look_json(struct request *req, const struct platform_look *look)
{
    const struct api_server *server = api_server(req);
    struct json *row = json_new_object();
    const struct platform *platform = platform_find(server->platforms, look->platform);
    if (platform == NULL) { /* the rules were loaded anew meanwhile */
        json_put_text(row, "platform", look->platform);
        return row;
    }
    put_rules(row, server, platform);
    reply_put_time(req, row, "rules_published_at", look->published_at_us);
    json_put_integer(row, "fee_version", look->fee_version);
    reply_put_text(row, "fees_loaded_by", look->loaded_by);
    reply_put_time(req, row, "fees_loaded_at", look->loaded_at_us);
    return row;
}

static void looked(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct platform_looks looks;
    if (err == OK)
        err = store_look_at_platforms_read(rows, request_arena(req), &looks);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *list = json_new_array();
    for (size_t i = 0; i < looks.count; i++)
        json_append(list, look_json(req, &looks.items[i]));
    struct json *body = json_new_object();
    json_put(body, "platforms", list);
    request_reply_json(req, 200, body);
}

enum err api_admin_platforms(struct request *req)
{
    const struct platforms *platforms = api_server(req)->platforms;
    size_t count;
    const char *const *ids = platform_ids(request_arena(req), platforms, &count);
    const char **versions = arena_alloc(request_arena(req), (count + 1) * sizeof(*versions));
    for (size_t i = 0; i < count; i++)
        versions[i] = platform_find(platforms, ids[i])->version;
    return store_look_at_platforms(api_server(req)->db, access_staff_digest(req), ids, versions, count,
                                   api_call_ms(req), looked, req);
}

/* -- versions of the prices ---------------------------------------------------------------------------------------- */

/* A side of a line; null where there was, or is, no such line. */
static void put_line(struct json *row, const char *name, const char *item, int64_t unit_fen, int64_t quantity)
{
    if (item[0] == '\0') {
        json_put_text(row, name, NULL);
        return;
    }
    struct json *line = json_new_object();
    json_put_text(line, "name", item);
    json_put_integer(line, "unit_fen", unit_fen);
    json_put_integer(line, "quantity", quantity);
    json_put(row, name, line);
}

static struct json *change_json(const struct fee_change *change)
{
    struct json *row = json_new_object();
    json_put_text(row, "effective_on", change->effective_on);
    json_put_text(row, "change", change->change);
    json_put_integer(row, "months", change->months);
    put_line(row, "was", change->name_was, change->unit_was_fen, change->quantity_was);
    put_line(row, "becomes", change->name, change->unit_fen, change->quantity);
    return row;
}

static void put_request(struct request *req, struct json *row, const struct fee_change *change)
{
    if (change->request_id == 0) {
        json_put_text(row, "request", NULL);
        return;
    }
    struct json *request = json_new_object();
    json_put_integer(request, "id", change->request_id);
    json_put_text(request, "asked_by", change->asked_by);
    reply_put_time(req, request, "asked_at", change->asked_at_us);
    reply_put_text(request, "decided_by", change->decided_by);
    reply_put_time(req, request, "decided_at", change->decided_at_us);
    json_put_text(request, "reason", change->reason);
    json_put(row, "request", request);
}

/* The version that begins at changes->items[*at]; *at moves behind it. */
static struct json *version_json(struct request *req, const struct fee_changes *changes, size_t *at)
{
    const struct fee_change *first = &changes->items[*at];
    struct json *row = json_new_object(), *lines = json_new_array();
    json_put_integer(row, "version", first->version);
    json_put_text(row, "loaded_by", first->loaded_by);
    reply_put_time(req, row, "loaded_at", first->loaded_at_us);
    put_request(req, row, first);
    for (; *at < changes->count && changes->items[*at].version == first->version; (*at)++)
        if (changes->items[*at].effective_on[0] != '\0')
            json_append(lines, change_json(&changes->items[*at]));
    json_put(row, "changes", lines);
    return row;
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct fee_changes changes;
    if (err == OK)
        err = store_list_fee_versions_read(rows, request_arena(req), &changes);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *list = json_new_array();
    for (size_t at = 0; at < changes.count;)
        json_append(list, version_json(req, &changes, &at));
    struct json *body = json_new_object();
    json_put(body, "versions", list);
    request_reply_json(req, 200, body);
}

enum err api_admin_fee_versions(struct request *req)
{
    const char *platform = request_path_part(req, "platform");
    int64_t before, size;
    ENSURE(platform_find(api_server(req)->platforms, platform) != NULL, ERR_PLATFORM_UNKNOWN);
    TRY(admin_read_before(req, &before));
    TRY(reply_read_page_size(req, FEE_VERSION_PAGE_MAX, &size));
    return store_list_fee_versions(api_server(req)->db, access_staff_digest(req), platform, before, size,
                                   api_call_ms(req), listed, req);
}
