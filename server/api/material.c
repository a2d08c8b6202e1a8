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

bool material_is_photo(const char *kind)
{
    return strcmp(kind, "id_photo_front") == 0 || strcmp(kind, "id_photo_back") == 0;
}

/* On a thread of the pool, in an arena of its own, since the request's belongs to the loop. */
static void accept_and_seal(void *context)
{
    struct material_sealing *it = context;
    struct bytes kept;
    it->err = material_is_photo(it->out.kind)
                  ? photo_accept(it->arena, it->out.content_type, it->body, &it->fault, &kept)
                  : upload_accept(it->arena, it->out.content_type, it->body, &it->fault, &kept);
    if (it->err != OK)
        return;
    it->out.size = (int64_t)kept.size;
    it->out.sha256 = sha256(it->arena, kept);
    it->out.sealed = seal(it->keys, it->arena, MATERIAL_PLACE, it->aad, kept);
}

void material_sealed_end(struct material_sealing *it, enum err err, const struct row *rows)
{
    struct request *req = it->req;
    bool created = false;
    if (err == OK)
        err = store_put_material_read(rows, request_arena(req), &created);
    if (err == OK) {
        struct json *body = json_new_object();
        json_put_text(body, "kind", it->out.kind);
        json_put_integer(body, "page", it->out.page);
        json_put_text(body, "content_type", it->out.content_type);
        json_put_integer(body, "size", it->out.size);
        json_put_text(body, "sha256", hex_encode(request_arena(req), it->out.sha256));
        request_reply_json(req, created ? 201 : 200, body);
    }
    arena_free(TAKE(it->arena));
    if (err != OK)
        request_fail(req, err);
}

static void sealed(void *context)
{
    struct material_sealing *it = context;
    enum err err = it->err;
    if (err == OK)
        err = it->next(it);
    if (err == OK)
        return;
    if (it->fault.detail_zh != NULL)
        fault_say(request_fault(it->req), it->fault.detail_zh, it->fault.detail_en);
    arena_free(TAKE(it->arena));
    request_fail(it->req, err);
}

/* The edge has seen that it is one of the route's. */
const char *material_media_type(struct request *req)
{
    const char *given = request_header(req, "content-type");
    char *type = arena_text_n(request_arena(req), given, strcspn(given, "; \t"));
    for (char *c = type; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return type;
}

enum err material_seal(struct material_sealing *it)
{
    struct request *req = it->req;
    it->keys = api_server(req)->seal_keys;
    it->body = request_body(req);
    ENSURE(it->body.size > 0, ERR_DOCUMENT_UNREADABLE);
    it->aad = material_aad(request_arena(req), it->out.renewal_no, it->out.kind, it->out.page);
    it->arena = arena_new();
    fault_init(&it->fault, it->arena);
    enum err err = offload_submit(api_server(req)->offload, accept_and_seal, sealed, it);
    if (err != OK)
        arena_free(TAKE(it->arena));
    return err;
}

static void put(void *context, enum err err, const struct row *rows)
{
    material_sealed_end(context, err, rows);
}

static enum err keep(struct material_sealing *it)
{
    return store_put_material(api_server(it->req)->db, &it->out, api_call_ms(it->req), put, it);
}

enum err api_material_put(struct request *req)
{
    struct material_sealing *it = ARENA_NEW(request_arena(req), struct material_sealing);
    *it = (struct material_sealing){.req = req, .next = keep};
    TRY(material_read_page(request_query(req, "page"), request_fault(req), &it->out.page));
    it->out.renewal_no = request_path_part(req, "no");
    it->out.kind = request_path_part(req, "kind");
    it->out.content_type = material_media_type(req);
    return material_seal(it);
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

void material_name_missing(struct request *req, const char *kinds)
{
    while (*kinds != '\0') {
        size_t size = strcspn(kinds, " ");
        const char *kind = arena_text_n(request_arena(req), kinds, size);
        if (strncmp(kind, "identity.", strlen("identity.")) == 0)
            fault_field(request_fault(req), kind, "required", "尚未完成", "Has not been completed");
        else
            fault_field(request_fault(req), arena_format(request_arena(req), "materials.%s", kind), "required",
                        "尚未上传", "Has not been uploaded");
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
    material_name_missing(req, missing);
    request_fail(req, err);
}

enum err api_draft_submit(struct request *req)
{
    AUTO_JSON *document = NULL;
    TRY(reply_read_body(req, &document, NULL, 0));
    return store_submit_draft(api_server(req)->db, request_path_part(req, "no"), api_call_ms(req), draft_submitted,
                              req);
}
