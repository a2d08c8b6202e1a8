/* SPDX-License-Identifier: Apache-2.0 */
/* /api/v1/renewals/{no}/materials: the applicant's documents (scanned forms and the like), and completing the draft
 * that waited for them. What is uploaded is checked, pictures are written anew, and everything is sealed on a thread of
 * its own before the one database call; nothing is ever written to a disk of this process. */
#include "api/material.h"

#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "documents/upload.h"
#include "pki/digest.h"

#include <stdlib.h>
#include <string.h>

struct bytes material_aad(struct arena *arena, const char *renewal_no, const char *kind, int64_t page)
{
    return bytes_of_text(arena_format(arena, "%s/%s/%lld", renewal_no, kind, (long long)page));
}

enum err material_read_page(const char *text, struct fault *fault, int64_t *page)
{
    char *end = NULL;
    long value = text == NULL ? 1 : strtol(text, &end, 10);
    bool digits = text == NULL || (text[0] >= '1' && text[0] <= '9' && *end == '\0');
    if (digits && value >= 1 && value <= MATERIAL_PAGES_MAX) {
        *page = value;
        return OK;
    }
    fault_field(fault, "page", "range", "应为1至10的整数", "Must be a whole number from 1 to 10");
    return ERR_FIELDS_INVALID;
}

/* -- upload ------------------------------------------------------------------------------------------------------ */

/* What a thread of the pool works on: an arena of its own, since the request's belongs to the loop. */
struct upload {
    struct request *req;
    struct arena *arena;
    struct fault fault;
    const struct seal_keys *keys;
    struct bytes body, aad;
    struct material_upload out;
    enum err err;
};

static void accept_and_seal(void *context)
{
    struct upload *upload = context;
    struct bytes kept;
    upload->err = upload_accept(upload->arena, upload->out.content_type, upload->body, &upload->fault, &kept);
    if (upload->err != OK)
        return;
    upload->out.size = (int64_t)kept.size;
    upload->out.sha256 = sha256(upload->arena, kept);
    upload->out.sealed = seal(upload->keys, upload->arena, MATERIAL_PLACE, upload->aad, kept);
}

static void put(void *context, enum err err, const struct row *rows)
{
    struct upload *upload = context;
    struct request *req = upload->req;
    bool created = false;
    if (err == OK)
        err = store_put_material_read(rows, request_arena(req), &created);
    if (err == OK) {
        struct json *body = json_new_object();
        json_put_text(body, "kind", upload->out.kind);
        json_put_integer(body, "page", upload->out.page);
        json_put_text(body, "content_type", upload->out.content_type);
        json_put_integer(body, "size", upload->out.size);
        json_put_text(body, "sha256", hex_encode(request_arena(req), upload->out.sha256));
        request_reply_json(req, created ? 201 : 200, body);
    }
    arena_free(TAKE(upload->arena));
    if (err != OK)
        request_fail(req, err);
}

static void sealed(void *context)
{
    struct upload *upload = context;
    struct request *req = upload->req;
    enum err err = upload->err;
    if (err == OK)
        err = store_put_material(api_server(req)->db, &upload->out, api_call_ms(req), put, upload);
    if (err == OK)
        return;
    if (upload->fault.detail_zh != NULL)
        fault_say(request_fault(req), upload->fault.detail_zh, upload->fault.detail_en);
    arena_free(TAKE(upload->arena));
    request_fail(req, err);
}

/* Without parameters, in lower case: the edge has seen that it is one of the route's. */
static const char *media_type(struct request *req)
{
    const char *given = request_header(req, "content-type");
    char *type = arena_text_n(request_arena(req), given, strcspn(given, "; \t"));
    for (char *c = type; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return type;
}

enum err api_material_put(struct request *req)
{
    struct arena *arena = request_arena(req);
    struct upload *upload = ARENA_NEW(arena, struct upload);
    *upload = (struct upload){.req = req, .keys = api_server(req)->seal_keys, .body = request_body(req)};
    struct material_upload *out = &upload->out;
    TRY(material_read_page(request_query(req, "page"), request_fault(req), &out->page));
    ENSURE(upload->body.size > 0, ERR_DOCUMENT_UNREADABLE);
    out->renewal_no = request_path_part(req, "no");
    out->kind = request_path_part(req, "kind");
    out->content_type = media_type(req);
    upload->aad = material_aad(arena, out->renewal_no, out->kind, out->page);
    upload->arena = arena_new();
    fault_init(&upload->fault, upload->arena);
    enum err err = offload_submit(api_server(req)->offload, accept_and_seal, sealed, upload);
    if (err != OK)
        arena_free(TAKE(upload->arena));
    return err;
}

/* -- list and removal -------------------------------------------------------------------------------------------- */

static struct json *page_json(struct request *req, const struct material *material)
{
    struct json *json = json_new_object();
    json_put_text(json, "kind", material->kind);
    json_put_integer(json, "page", material->page);
    json_put_text(json, "content_type", material->content_type);
    json_put_integer(json, "size", material->size);
    json_put_text(json, "sha256", hex_encode(request_arena(req), material->sha256));
    reply_put_time(req, json, "uploaded_at", material->uploaded_at_us);
    return json;
}

void material_put_list(struct request *req, struct json *body, const struct material_list *list)
{
    struct json *pages = json_new_array(), *missing = json_new_array();
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].page == 0)
            json_append_text(missing, list->items[i].kind);
        else
            json_append(pages, page_json(req, &list->items[i]));
    }
    json_put(body, "materials", pages);
    json_put(body, "missing", missing);
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct material_list list;
    if (err == OK)
        err = store_list_materials_read(rows, request_arena(req), &list);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object();
    material_put_list(req, body, &list);
    request_reply_json(req, 200, body);
}

enum err api_material_list(struct request *req)
{
    return store_list_materials(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), listed, req);
}

static void removed(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    if (err == OK)
        err = store_remove_material_read(rows, request_arena(req));
    if (err == OK)
        reply_moved(req, "removed");
    else
        request_fail(req, err);
}

enum err api_material_remove(struct request *req)
{
    int64_t page;
    TRY(material_read_page(request_query(req, "page"), request_fault(req), &page));
    return store_remove_material(api_server(req)->db, request_path_part(req, "no"), request_path_part(req, "kind"),
                                 page, api_call_ms(req), removed, req);
}

/* -- completing the draft ---------------------------------------------------------------------------------------- */

static void name_missing(struct request *req, const char *kinds)
{
    while (*kinds != '\0') {
        size_t size = strcspn(kinds, " ");
        const char *kind = arena_text_n(request_arena(req), kinds, size);
        fault_field(request_fault(req), arena_format(request_arena(req), "materials.%s", kind), "required", "尚未上传",
                    "Has not been uploaded");
        kinds += size + strspn(kinds + size, " ");
    }
}

static void draft_submitted(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *status = "", *missing = "";
    if (err == OK)
        err = store_submit_draft_read(rows, request_arena(req), &status, &missing);
    if (err == OK) {
        reply_moved(req, status);
        return;
    }
    name_missing(req, missing);
    request_fail(req, err);
}

enum err api_draft_submit(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_submit_draft(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), draft_submitted,
                              req);
}
