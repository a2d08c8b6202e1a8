/* SPDX-License-Identifier: Apache-2.0 */
#include "edge/peer_fault.h"

#include "base/cleanup.h"
#include "base/json.h"

typedef struct json json_document;
DEFINE_CLEANUP(json_document, json_free)

#define DETAIL_LENGTH_MAX 2000

struct bytes peer_fault_text(struct arena *arena, const struct fault *fault)
{
    if (fault->detail_zh == NULL && fault->field_count == 0)
        return (struct bytes){0};
    struct json *text = json_new_object();
    json_put_text(text, "detail", fault->detail_zh);
    json_put_text(text, "detail_en", fault->detail_en);
    struct json *fields = json_new_array();
    for (size_t i = 0; i < fault->field_count; i++) {
        struct json *field = json_new_object();
        json_put_text(field, "path", fault->fields[i].path);
        json_put_text(field, "code", fault->fields[i].code);
        json_put_text(field, "message", fault->fields[i].zh);
        json_put_text(field, "message_en", fault->fields[i].en);
        json_append(fields, field);
    }
    json_put(text, "fields", fields);
    size_t size;
    char *written = json_finish(text, arena, &size);
    return (struct bytes){(const uint8_t *)written, size};
}

static void read_field(const struct json *item, struct fault *scratch, struct fault *fault)
{
    const char *path = NULL, *code = NULL, *zh = NULL, *en = NULL;
    const struct json_field members[] = {
        {.name = "path", .kind = FIELD_TEXT, .into = &path},
        {.name = "code", .kind = FIELD_TEXT, .into = &code},
        {.name = "message", .kind = FIELD_TEXT, .into = &zh},
        {.name = "message_en", .kind = FIELD_TEXT, .into = &en},
    };
    if (json_read(item, "", members, ARRAY_SIZE(members), scratch) == OK)
        fault_field(fault, path, arena_text(fault->arena, code), zh, en);
}

void peer_fault_read(struct bytes text, struct fault *fault)
{
    json_document *document;
    struct fault scratch;
    if (fault == NULL || text.size == 0)
        return;
    fault_init(&scratch, fault->arena);
    if (json_parse((const char *)text.data, text.size, &scratch, &document) != OK)
        return;
    AUTO(json_document) *owned = document;
    const char *zh = NULL, *en = NULL;
    const struct json *fields = NULL;
    const struct json_field members[] = {
        {.name = "detail", .kind = FIELD_TEXT, .optional = true, .into = &zh, .length_max = DETAIL_LENGTH_MAX},
        {.name = "detail_en", .kind = FIELD_TEXT, .optional = true, .into = &en, .length_max = DETAIL_LENGTH_MAX},
        {.name = "fields", .kind = FIELD_ARRAY, .into = &fields},
    };
    if (json_read(owned, "", members, ARRAY_SIZE(members), &scratch) != OK)
        return;
    if (zh != NULL && en != NULL) {
        fault->detail_zh = arena_text(fault->arena, zh);
        fault->detail_en = arena_text(fault->arena, en);
    }
    for (size_t i = 0; i < json_length(fields); i++)
        read_field(json_item(fields, i), &scratch, fault);
}
