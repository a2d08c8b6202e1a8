/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/review/cases/{no}/return: the reviewer who holds a case gives it back with what is to be corrected. */
#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/review_write.h"
#include "api/server.h"
#include "base/text.h"
#include "domain/returnable.h"
#include "store/review.h"

#include <string.h>

#define ITEMS_MAX       27 /* fields and materials together */
#define REASON_TEXT_MAX 200

struct named_items {
    const char *names[ITEMS_MAX], *reason_codes[ITEMS_MAX], *reason_texts[ITEMS_MAX];
    size_t count;
};

static bool decides_money_or_certificate(const char *name)
{
    static const char *const fixed[] = {"platform",   "term_months", "certificate", "subject",
                                        "amount_fen", "not_after",   "agreement",   "invoice.kind"};
    for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
        if (strcmp(fixed[i], name) == 0)
            return true;
    return false;
}

static void check_name(struct fault *fault, const char *path, const char *name, bool material)
{
    struct returnable it;
    if (returnable_find(name, &it) && returnable_is_material(name) == material)
        return;
    if (decides_money_or_certificate(name))
        fault_field(
            fault, path, "not_returnable", "该项决定费用或证书内容，不能退回更正；如有误，请拒绝并由申请人重新申请",
            "It decides the price or the certificate and cannot be corrected: reject, and let them apply again");
    else
        fault_field(fault, path, "unknown", material ? "没有这种材料" : "没有这一项或不能退回更正",
                    material ? "There is no such kind of material" : "There is no such field to correct");
}

static void check_reason(struct fault *fault, const char *path, const char *code, const char *text)
{
    if (return_reason_find(code) == NULL)
        fault_field(fault, arena_format(fault->arena, "%s.reason_code", path), "value",
                    "应为wrong、mismatch、missing、unreadable、expired、not_signed或other",
                    "Must be wrong, mismatch, missing, unreadable, expired, not_signed or other");
    if (text_blank(text))
        fault_field(fault, arena_format(fault->arena, "%s.reason_text", path), "required", "请写明原因，申请人会看到",
                    "Say why; the applicant will read it");
}

/* fields name themselves ("agent.mobile"), materials their kind ("agent_id"). */
static enum err read_item(struct request *req, const struct json *object, const char *path, bool material,
                          struct named_items *items)
{
    struct fault *fault = request_fault(req);
    struct arena *arena = request_arena(req);
    const char *member = material ? "kind" : "name", *name = "", *code = "", *text = "";
    const struct json_field fields[] = {
        {member, FIELD_TEXT, .into = &name, .length_max = 40},
        {"reason_code", FIELD_TEXT, .into = &code, .length_max = 32},
        {"reason_text", FIELD_TEXT, .into = &text, .length_max = REASON_TEXT_MAX},
    };
    TRY(json_read(object, path, fields, ARRAY_SIZE(fields), fault));
    name = material ? arena_format(arena, "materials.%s", name) : arena_text(arena, name);
    check_name(fault, arena_format(arena, "%s.%s", path, member), name, material);
    check_reason(fault, path, code, text);
    for (size_t i = 0; i < items->count; i++)
        if (strcmp(items->names[i], name) == 0)
            fault_field(fault, arena_format(arena, "%s.%s", path, member), "repeated", "同一项只能列出一次",
                        "Is named twice");
    items->names[items->count] = name;
    items->reason_codes[items->count] = arena_text(arena, code);
    items->reason_texts[items->count++] = arena_text(arena, text);
    return OK;
}

static enum err read_list(struct request *req, const struct json *list, const char *path, bool material,
                          struct named_items *items)
{
    enum err err = OK;
    for (size_t i = 0; list != NULL && i < json_length(list); i++) {
        enum err item = read_item(req, json_item(list, i), arena_format(request_arena(req), "%s.%zu", path, i),
                                  material, items);
        err = err != OK ? err : item;
    }
    return err;
}

static enum err read_items(struct request *req, const struct json *fields, const struct json *materials,
                           struct named_items *items)
{
    struct fault *fault = request_fault(req);
    size_t count = (fields == NULL ? 0 : json_length(fields)) + (materials == NULL ? 0 : json_length(materials));
    if (count > ITEMS_MAX) {
        fault_field(fault, "fields", "too_many", "项目过多，同一项只能列出一次", "Too many items; each is named once");
        return ERR_FIELDS_INVALID;
    }
    TRY(read_list(req, fields, "fields", false, items));
    TRY(read_list(req, materials, "materials", true, items));
    if (items->count == 0)
        fault_field(fault, "fields", "required", "请至少列出一项需要更正的内容或材料",
                    "Name at least one field or material to correct");
    return fault_check(fault);
}

static void returned(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *status = NULL;
    if (err == OK)
        err = store_return_case_read(rows, request_arena(req), &status);
    if (err == OK)
        reply_moved(req, status);
    else
        review_fail(req, err, rows);
}

enum err api_review_return(struct request *req)
{
    AUTO_JSON *document = NULL;
    const char *hash = NULL;
    const struct json *fields = NULL, *materials = NULL;
    int64_t version = 0;
    const struct json_field members[] = {
        {"content_sha256", FIELD_TEXT, .into = &hash, .length_max = 64},
        {"fields", FIELD_ARRAY, .optional = true, .into = &fields},
        {"materials", FIELD_ARRAY, .optional = true, .into = &materials},
        REPLY_VERSION_FIELD(&version, true),
    };
    TRY(reply_read_body(req, &document, members, ARRAY_SIZE(members)));
    struct named_items items = {.count = 0};
    TRY(read_items(req, fields, materials, &items));
    struct review_return it = {.names = items.names,
                               .reason_codes = items.reason_codes,
                               .reason_texts = items.reason_texts,
                               .count = items.count};
    TRY(review_read_write(req, version, &it.write));
    it.write.renewal_no = request_path_part(req, "no");
    ENSURE(hex_decode(request_arena(req), hash, &it.content_hash) && it.content_hash.size == 32, ERR_CASE_CHANGED);
    return store_return_case(api_server(req)->db, &it, api_call_ms(req), returned, req);
}
