/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/review/cases/{no}/materials/{kind}/{page}: a document as uploaded, for a reviewer. It came from outside:
 * the browser shows it in a sandbox without scripts, and nobody keeps a copy on the way. */
#include "api/access.h"
#include "api/handlers.h"
#include "api/material.h"
#include "api/server.h"

#include <string.h>

struct view {
    struct request *req;
    const char *renewal_no, *kind;
    int64_t page;
};

static const char *extension(const char *content_type)
{
    if (strcmp(content_type, "image/jpeg") == 0)
        return "jpg";
    return strcmp(content_type, "image/png") == 0 ? "png" : "pdf";
}

static void reply_document(const struct view *view, const char *content_type, struct bytes document)
{
    struct request *req = view->req;
    request_add_header(req, "Content-Security-Policy", "default-src 'none'; sandbox");
    request_add_header(req, "Cache-Control", "private, no-store");
    request_add_header(req, "Content-Disposition",
                       arena_format(request_arena(req), "inline; filename=\"%s-%s-%lld.%s\"", view->renewal_no,
                                    view->kind, (long long)view->page, extension(content_type)));
    request_reply(req, 200, content_type, document);
}

static enum err open_document(const struct view *view, const struct row *rows, struct material_document *out,
                              struct bytes *document)
{
    struct arena *arena = request_arena(view->req);
    TRY(store_view_material_read(rows, arena, out));
    return unseal(api_server(view->req)->seal_keys, arena, MATERIAL_PLACE,
                  material_aad(arena, view->renewal_no, view->kind, view->page), out->sealed, document);
}

static void viewed(void *context, enum err err, const struct row *rows)
{
    const struct view *view = context;
    struct material_document it;
    struct bytes document;
    if (err == OK)
        err = open_document(view, rows, &it, &document);
    if (err == OK)
        reply_document(view, it.content_type, document);
    else
        request_fail(view->req, err);
}

enum err api_review_material(struct request *req)
{
    struct view *view = ARENA_NEW(request_arena(req), struct view);
    *view = (struct view){
        .req = req, .renewal_no = request_path_part(req, "no"), .kind = request_path_part(req, "kind")};
    TRY(material_read_page(request_path_part(req, "page"), request_fault(req), &view->page));
    return store_view_material(api_server(req)->db, access_staff_digest(req), view->renewal_no, view->kind, view->page,
                               api_call_ms(req), viewed, view);
}
