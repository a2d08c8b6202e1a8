/* SPDX-License-Identifier: Apache-2.0 */
#include "api/returned.h"

#include "api/reply.h"
#include "domain/returnable.h"

#include <string.h>

static struct json *item_json(const struct return_item *item)
{
    struct returnable what;
    (void)returnable_find(item->name, &what);
    const struct return_reason *why = return_reason_find(item->reason_code);
    struct json *json = json_new_object();
    json_put_text(json, "name", item->name);
    json_put_text(json, "label", what.zh);
    json_put_text(json, "label_en", what.en);
    json_put_text(json, "reason_code", item->reason_code);
    json_put_text(json, "reason", why == NULL ? "" : why->zh);
    json_put_text(json, "reason_en", why == NULL ? "" : why->en);
    json_put_text(json, "reason_text", item->reason_text);
    json_put_boolean(json, "corrected", item->corrected);
    return json;
}

/* -- for the applicant ------------------------------------------------------------------------------------------- */

static void put_what_to_do(struct arena *arena, struct json *json, const struct return_item *item)
{
    struct returnable what;
    (void)returnable_find(item->name, &what);
    const char *zh = what.zh, *en = what.en;
    bool upload = returnable_is_material(item->name);
    json_put_text(json, "fix",
                  item->corrected ? "已更正"
                  : upload        ? arena_format(arena, "请重新上传“%s”", zh)
                                  : arena_format(arena, "请更正“%s”后重新提交", zh));
    json_put_text(json, "fix_en",
                  item->corrected ? "Corrected"
                  : upload        ? arena_format(arena, "Upload it again: %s", en)
                                  : arena_format(arena, "Correct it and submit again: %s", en));
}

/* The word at *at, which then stands behind the space after it. */
static const char *take_word(struct arena *arena, const char **at, const char *end)
{
    size_t size = strcspn(*at, " \n");
    const char *word = arena_text_n(arena, *at, size);
    *at += *at + size < end ? size + 1 : size;
    return word;
}

static struct return_item read_line(struct arena *arena, const char *line, const char *end)
{
    struct return_item item = {.name = take_word(arena, &line, end), .reason_code = take_word(arena, &line, end)};
    item.corrected = strcmp(take_word(arena, &line, end), "1") == 0;
    item.reason_text = arena_text_n(arena, line, (size_t)(end - line));
    return item;
}

struct json *returned_for_applicant(struct arena *arena, const struct renewal_progress *progress)
{
    if (progress->returned[0] == '\0')
        return NULL;
    struct json *json = json_new_object(), *items = json_new_array();
    json_put_integer(json, "round", progress->returns);
    reply_put_instant(arena, json, "returned_at", progress->returned_at_us);
    for (const char *line = progress->returned; *line != '\0';) {
        const char *end = line + strcspn(line, "\n");
        const struct return_item read = read_line(arena, line, end);
        struct json *item = item_json(&read);
        put_what_to_do(arena, item, &read);
        json_append(items, item);
        line = *end == '\0' ? end : end + 1;
    }
    json_put(json, "items", items);
    return json;
}

/* -- for the desk ------------------------------------------------------------------------------------------------ */

static struct json *return_json(struct request *req, const struct return_item *first, struct json *items)
{
    struct json *json = json_new_object();
    json_put_integer(json, "round", first->round);
    reply_put_time(req, json, "returned_at", first->returned_at_us);
    json_put_text(json, "returned_by", first->returned_by);
    json_put(json, "items", items);
    return json;
}

static struct json *correction_json(struct request *req, const struct return_item *item)
{
    struct returnable what;
    (void)returnable_find(item->name, &what);
    struct json *json = json_new_object();
    json_put_integer(json, "round", item->round);
    json_put_text(json, "name", item->name);
    json_put_text(json, "label", what.zh);
    json_put_text(json, "label_en", what.en);
    json_put_text(json, "old", item->old_masked);
    json_put_text(json, "new", item->new_masked);
    json_put_boolean(json, "changed", item->changed);
    reply_put_time(req, json, "corrected_at", item->corrected_at_us);
    return json;
}

void returned_put_history(struct request *req, struct json *body, const struct return_list *list)
{
    struct json *returns = json_new_array(), *corrections = json_new_array(), *items = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct return_item *item = &list->items[i];
        if (i == 0 || item->round != list->items[i - 1].round) {
            items = json_new_array();
            json_append(returns, return_json(req, item, items));
        }
        json_append(items, item_json(item));
        if (item->corrected && !returnable_is_material(item->name))
            json_append(corrections, correction_json(req, item));
    }
    json_put(body, "returns", returns);
    json_put(body, "corrections", corrections);
}
