/* SPDX-License-Identifier: Apache-2.0 */
/* PUT /api/v1/renewals/{no}/invoice: 填写【电子发票】 on the payer's page, until it is paid. Two database calls: which
 * platform's rules count is known from the order page. */
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "domain/application.h"
#include "domain/identity.h"
#include "store/order.h"

#define KIND_LENGTH_MAX 20

struct invoicing {
    struct request *req;
    struct application application; /* its invoice alone */
};

static void changed(void *context, enum err err, const struct row *rows)
{
    const struct invoicing *it = context;
    if (err == OK)
        err = store_set_invoice_read(rows, request_arena(it->req));
    if (err != OK) {
        request_fail(it->req, err);
        return;
    }
    struct json *body = json_new_object();
    json_put_text(body, "kind", it->application.invoice_kind);
    reply_put_text(body, "title", it->application.invoice_title);
    reply_put_text(body, "tax_id", it->application.invoice_tax_id);
    request_reply_json(it->req, 200, body);
}

static enum err check(const struct invoicing *it, const struct order_page *page)
{
    struct request *req = it->req;
    const struct application_basis basis = {.platform = platform_find(api_server(req)->platforms, page->platform),
                                            .organisation = "",
                                            .subject = "",
                                            .now_us = clock_now_us()};
    ENSURE(basis.platform != NULL, ERR_PLATFORM_UNKNOWN);
    return application_check_invoice(&it->application, &basis, request_fault(req));
}

static void got(void *context, enum err err, const struct row *rows)
{
    struct invoicing *it = context;
    struct request *req = it->req;
    struct order_page page;
    const struct application *application = &it->application;
    if (err == OK)
        err = store_get_order_page_read(rows, request_arena(req), &page);
    if (err == OK)
        err = check(it, &page);
    if (err == OK)
        err = store_set_invoice(api_server(req)->db, page.renewal_no, application->invoice_kind,
                                application->invoice_title, application->invoice_tax_id, api_call_ms(req), changed, it);
    if (err != OK)
        request_fail(req, err);
}

enum err api_invoice_put(struct request *req)
{
    AUTO_JSON *document = NULL;
    struct arena *arena = request_arena(req);
    const char *kind = "", *title = "", *tax_id = "";
    const struct json_field fields[] = {
        {"kind", FIELD_TEXT, .into = &kind, .length_max = KIND_LENGTH_MAX},
        {"title", FIELD_TEXT, .optional = true, .into = &title},
        {"tax_id", FIELD_TEXT, .optional = true, .into = &tax_id},
    };
    TRY(reply_read_body(req, &document, fields, ARRAY_SIZE(fields)));
    struct invoicing *it = ARENA_NEW(arena, struct invoicing);
    *it = (struct invoicing){.req = req, .application = application_empty};
    it->application.invoice_kind = arena_text(arena, kind);
    it->application.invoice_title = arena_text(arena, title);
    it->application.invoice_tax_id = identity_canonical(arena, tax_id);
    return store_get_order_page(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), got, it);
}
