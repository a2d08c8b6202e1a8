/* SPDX-License-Identifier: Apache-2.0 */
#include "api/review_tick.h"

#include "api/reply.h"

#include <string.h>

#define TICKS_MAX   300
#define SHA256_HEX  64
#define FIELD_MAX   80
#define HEX_DIGITS  "0123456789abcdef"
#define NAME_LETTER "abcdefghijklmnopqrstuvwxyz_"

static const char materials[] = "materials/", fields[] = "fields/";

/* "materials/agent_id/1/<sha256>" */
static bool is_document(const char *text)
{
    if (strncmp(text, materials, strlen(materials)) != 0)
        return false;
    text += strlen(materials);
    size_t kind = strspn(text, NAME_LETTER);
    if (kind == 0 || kind > 40 || text[kind] != '/')
        return false;
    text += kind + 1;
    size_t page = strspn(text, "0123456789");
    if (page == 0 || page > 2 || text[page] != '/')
        return false;
    text += page + 1;
    return strspn(text, HEX_DIGITS) == SHA256_HEX && strlen(text) == SHA256_HEX;
}

/* "fields/agent.name" */
static bool is_field(const char *text)
{
    if (strncmp(text, fields, strlen(fields)) != 0)
        return false;
    text += strlen(fields);
    size_t size = strspn(text, NAME_LETTER "0123456789.");
    return size > 0 && size <= FIELD_MAX && text[size] == '\0';
}

enum err review_read_ticks(struct request *req, const struct json *ticks, struct review_approval *approval)
{
    struct fault *fault = request_fault(req);
    struct arena *arena = request_arena(req);
    size_t count = ticks == NULL ? 0 : json_length(ticks);
    if (count > TICKS_MAX) {
        fault_field(fault, "ticks", "too_many", "勾选的项目过多", "Too many of them");
        return ERR_FIELDS_INVALID;
    }
    const char **texts = arena_alloc(arena, (count + 1) * sizeof(*texts));
    for (size_t i = 0; i < count; i++) {
        const char *text = json_text(json_item(ticks, i));
        if (text == NULL || !(is_document(text) || is_field(text)))
            fault_field(fault, arena_format(arena, "ticks.%zu", i), "value",
                        "应为materials/种类/页码/内容的SHA-256，或fields/字段名",
                        "Must be materials/kind/page/sha256 of the content, or fields/name");
        else
            texts[i] = arena_text(arena, text);
    }
    TRY(fault_check(fault));
    approval->ticks = texts;
    approval->tick_count = count;
    return OK;
}

struct json *review_tick_json(struct request *req, const struct desk_row *row)
{
    struct json *json = json_new_object();
    json_put_text(json, "item", row->word);
    json_put_text(json, "by", row->name);
    reply_put_time(req, json, "at", row->at_us);
    return json;
}
