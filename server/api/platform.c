/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/platforms: where one may renew. GET /api/v1/platforms/{platform}: what a client needs to draw the form,
 * in the guide's own words. The prices are the database's, read each time: what is shown is what a submission would be
 * priced by. */
#include "api/platform.h"
#include "api/form.h"
#include "api/handlers.h"
#include "api/methods.h"
#include "api/platform_rules.h"
#include "api/quote.h"
#include "api/rails.h"
#include "api/reply.h"

static struct json *agreement_json(const struct platform_agreement *from)
{
    struct json *agreement = json_new_object();
    json_put_text(agreement, "id", from->id);
    json_put_text(agreement, "version", from->version);
    json_put_text(agreement, "title", from->title);
    json_put_text(agreement, "sha256", from->sha256);
    json_put_text(agreement, "text", from->text);
    return agreement;
}

/* What the platform takes and this server can do. */
static struct json *methods_json(const struct api_server *server, const struct platform *platform)
{
    struct json *methods = json_new_array();
    for (size_t i = 0; i < payment_method_count; i++)
        if (method_offered(server, payment_methods[i].method) &&
            platform_takes(platform->payment_methods, platform->payment_methods_count, payment_methods[i].method))
            json_append_text(methods, payment_methods[i].method);
    return methods;
}

static struct json *review_json(const struct platform *platform)
{
    static const char *const kinds[] = {"automatic", "one", "two"};
    struct json *review = json_new_object();
    json_put_text(review, "kind", kinds[platform->review]);
    json_put_integer(review, "working_days", platform->review_days);
    return review;
}

struct look {
    struct request *req;
    const struct platform *platform;
};

static struct json *platform_json(const struct look *look, const struct quote *quote)
{
    const struct platform *platform = look->platform;
    struct json *body = json_new_object();
    json_put_text(body, "platform", platform->id);
    json_put_text(body, "name", platform->name_zh);
    json_put_text(body, "name_en", platform->name_en);
    json_put_text(body, "version", platform->version);
    json_put(body, "contact", rules_contact(platform));
    json_put(body, "client", rules_client(platform));
    json_put(body, "window", rules_window(platform));
    json_put(body, "proofs", rules_proofs(platform));
    for (enum agreement_kind kind = 0; kind < AGREEMENT_KINDS; kind++)
        json_put(body, agreement_kinds[kind], agreement_json(platform_agreement_of(platform, kind)));
    json_put(body, "terms", quote_terms_json(look->req, platform, quote, 0, NULL));
    reply_put_time(look->req, body, "prices_effective_from", quote->effective_from_us);
    json_put(body, "payment_methods", methods_json(api_server(look->req), platform));
    json_put(body, "materials", rules_texts(platform->materials, platform->materials_count));
    json_put(body, "materials_expired", rules_texts(platform->materials_expired, platform->materials_expired_count));
    json_put(body, "identity_steps", rules_texts(platform->identity_steps, platform->identity_steps_count));
    json_put(body, "review", review_json(platform));
    json_put(body, "invoice", rules_invoice(platform));
    json_put_boolean(body, "recipient_required", platform->recipient_required);
    json_put(body, "form", form_blocks_json(platform));
    json_put(body, "notices", rules_texts(platform->notices_zh, platform->notices_zh_count));
    return body;
}

static void quoted(void *context, enum err err, const struct row *rows)
{
    const struct look *look = context;
    struct quote quote;
    if (err == OK)
        err = store_get_quote_read(rows, request_arena(look->req), &quote);
    if (err == OK)
        request_reply_json(look->req, 200, platform_json(look, &quote));
    else
        request_fail(look->req, err);
}

enum err api_platform_get(struct request *req)
{
    const struct api_server *server = api_server(req);
    struct look *look = ARENA_NEW(request_arena(req), struct look);
    *look = (struct look){req, platform_find(server->platforms, request_path_part(req, "platform"))};
    ENSURE(look->platform != NULL, ERR_PLATFORM_UNKNOWN);
    return store_get_quote(server->db, look->platform->id, api_call_ms(req), quoted, look);
}

struct json *platform_names_json(const struct api_server *server)
{
    const struct platforms *platforms = server->platforms;
    struct json *list = json_new_array();
    for (size_t i = 0; i < platforms_count(platforms); i++) {
        const struct platform *platform = platform_at(platforms, i);
        struct json *row = json_new_object();
        json_put_text(row, "platform", platform->id);
        json_put_text(row, "name", platform->name_zh);
        json_put_text(row, "name_en", platform->name_en);
        json_put_text(row, "hotline", platform->contact.hotline);
        json_append(list, row);
    }
    return list;
}

enum err api_platform_list(struct request *req)
{
    struct json *body = json_new_object();
    json_put(body, "platforms", platform_names_json(api_server(req)));
    request_reply_json(req, 200, body);
    return OK;
}
