/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include "base/text.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DUMP_SIZE_GUESS 2048 /* bytes; the longest progress reply has about 1000 */
#define TEXT_LENGTH_MAX 1000
#define NAME_SHOWN_MAX  64

/* struct json is jansson's json_t under a name that no other room needs its header for. */
static json_t *real(const struct json *value)
{
    return (json_t *)(uintptr_t)value;
}

static struct json *ours(json_t *value)
{
    assert(value != NULL); /* jansson fails here only without memory */
    return (struct json *)value;
}

/* -- reading ----------------------------------------------------------------------------------------------------- */

enum err json_parse(const char *text, size_t size, struct fault *fault, struct json **document)
{
    /* a NUL is never JSON (RFC 8259, 2 and 7); Jansson 2.14 passes over one that follows a number */
    const char *nul = size > 0 ? memchr(text, '\0', size) : NULL;
    json_error_t error = {.line = 1, .column = nul != NULL ? (int)(nul - text) : 0};
    json_t *parsed = nul == NULL ? json_loadb(text, size, JSON_REJECT_DUPLICATES, &error) : NULL;
    if (parsed != NULL) {
        *document = ours(parsed);
        return OK;
    }
    if (fault == NULL)
        return ERR_JSON_MALFORMED;
    if (size == 0)
        return fault_explain(fault, ERR_JSON_MALFORMED, "内容为空，应为JSON", "The body is empty; JSON is expected");
    return fault_explain(fault, ERR_JSON_MALFORMED,
                         arena_format(fault->arena, "第%d行第%d列处JSON有误", error.line, error.column),
                         arena_format(fault->arena, "Not JSON at line %d, column %d", error.line, error.column));
}

void json_free(struct json *document)
{
    json_decref(real(document));
}

static bool has_control_characters(const char *text, bool lines)
{
    for (; *text != '\0'; text++)
        if (((unsigned char)*text < 0x20 || *text == 0x7f) && !(lines && (*text == '\n' || *text == '\r')))
            return true;
    return false;
}

static const char *kind_zh[] = {"文本", "整数", "true或false", "对象", "数组"};
static const char *kind_en[] = {"text", "an integer", "true or false", "an object", "an array"};

static bool kind_fits(const json_t *value, enum field_kind kind)
{
    switch (kind) {
    case FIELD_TEXT:
        return json_is_string(value);
    case FIELD_INTEGER:
        return json_is_integer(value);
    case FIELD_BOOLEAN:
        return json_is_boolean(value);
    case FIELD_OBJECT:
        return json_is_object(value);
    case FIELD_ARRAY:
        return json_is_array(value);
    }
    return false;
}

static void refuse_kind(struct fault *fault, const char *path, enum field_kind kind)
{
    fault_field(fault, path, "type", arena_format(fault->arena, "应为%s", kind_zh[kind]),
                arena_format(fault->arena, "Must be %s", kind_en[kind]));
}

static void take_text(const struct json_field *field, const char *text, const char *path, struct fault *fault)
{
    size_t limit = field->length_max > 0 ? field->length_max : TEXT_LENGTH_MAX;
    if (has_control_characters(text, field->lines)) {
        fault_field(fault, path, "control_character", "不能含有控制字符", "Must not hold control characters");
    } else if (utf8_length(text) > limit) {
        fault_field(fault, path, "too_long", arena_format(fault->arena, "最多%zu个字", limit),
                    arena_format(fault->arena, "At most %zu characters", limit));
    } else {
        *(const char **)field->into = text;
    }
}

static void take(const struct json_field *field, const json_t *value, const char *path, struct fault *fault)
{
    switch (field->kind) {
    case FIELD_TEXT:
        take_text(field, json_string_value(value), path, fault);
        return;
    case FIELD_INTEGER:
        *(int64_t *)field->into = json_integer_value(value);
        return;
    case FIELD_BOOLEAN:
        *(bool *)field->into = json_is_true(value);
        return;
    case FIELD_OBJECT:
    case FIELD_ARRAY:
        *(const struct json **)field->into = (const struct json *)value;
        return;
    }
}

static const char *member_path(struct fault *fault, const char *path, const char *name)
{
    return path[0] == '\0' ? name : arena_format(fault->arena, "%s.%s", path, name);
}

static bool names_field(const struct json_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].name, name) == 0)
            return true;
    return false;
}

/* A name that nobody declared is the caller's own text: shown only when it is short and harmless. */
static const char *shown_name(const char *name)
{
    return strlen(name) > NAME_SHOWN_MAX || has_control_characters(name, false) ? "?" : name;
}

static void refuse_unknown(const json_t *object, const char *path, const struct json_field *fields, size_t count,
                           struct fault *fault)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        if (!names_field(fields, count, name))
            fault_field(fault, member_path(fault, path, shown_name(name)), "unknown_field", "没有这一项",
                        "There is no such field");
    }
}

enum err json_read(const struct json *object, const char *path, const struct json_field *fields, size_t count,
                   struct fault *fault)
{
    size_t before = fault->field_count;
    if (!json_is_object(real(object))) {
        refuse_kind(fault, path, FIELD_OBJECT);
        return ERR_FIELDS_INVALID;
    }
    for (size_t i = 0; i < count; i++) {
        const char *where = member_path(fault, path, fields[i].name);
        const json_t *value = json_object_get(real(object), fields[i].name);
        if (value == NULL || json_is_null(value)) {
            if (!fields[i].optional)
                fault_field(fault, where, "required", "必填", "Required");
        } else if (!kind_fits(value, fields[i].kind)) {
            refuse_kind(fault, where, fields[i].kind);
        } else {
            take(&fields[i], value, where, fault);
        }
    }
    refuse_unknown(real(object), path, fields, count, fault);
    return fault->field_count == before ? OK : ERR_FIELDS_INVALID;
}

const struct json *json_member(const struct json *object, const char *name)
{
    return (const struct json *)json_object_get(real(object), name);
}

const char *json_text(const struct json *value)
{
    return json_string_value(real(value));
}

const char *json_member_text(const struct json *object, const char *name)
{
    return json_text(json_member(object, name));
}

bool json_member_integer(const struct json *object, const char *name, int64_t *integer)
{
    const struct json *value = json_member(object, name);
    if (!json_is_integer(real(value)))
        return false;
    *integer = json_integer_value(real(value));
    return true;
}

size_t json_length(const struct json *array)
{
    return json_array_size(real(array));
}

const struct json *json_item(const struct json *array, size_t index)
{
    return (const struct json *)json_array_get(real(array), index);
}

const char *json_text_at(const struct json *object, const char *path)
{
    const json_t *at = real(object);
    for (size_t size; at != NULL && *path != '\0'; path += size + (path[size] == '.')) {
        size = strcspn(path, ".");
        at = json_object_getn(at, path, size);
    }
    return json_string_value(at);
}

/* -- writing ----------------------------------------------------------------------------------------------------- */

struct json *json_new_object(void)
{
    return ours(json_object());
}

struct json *json_new_array(void)
{
    return ours(json_array());
}

static json_t *text_or_null(const char *text)
{
    if (text == NULL)
        return json_null();
    json_t *value = json_string(text);
    return value != NULL ? value : json_string("?"); /* not UTF-8: never ours, and never worth a crash */
}

void json_put_text(struct json *object, const char *name, const char *text)
{
    json_object_set_new(real(object), name, text_or_null(text));
}

void json_put_integer(struct json *object, const char *name, int64_t value)
{
    json_object_set_new(real(object), name, json_integer(value));
}

void json_put_boolean(struct json *object, const char *name, bool value)
{
    json_object_set_new(real(object), name, json_boolean(value));
}

void json_put(struct json *object, const char *name, struct json *value)
{
    json_object_set_new(real(object), name, value == NULL ? json_null() : real(value));
}

void json_append(struct json *array, struct json *value)
{
    json_array_append_new(real(array), real(value));
}

void json_append_text(struct json *array, const char *text)
{
    json_array_append_new(real(array), text_or_null(text));
}

struct dump {
    struct arena *arena;
    char *text;
    size_t used, size; /* one byte more than size is there, for the NUL */
};

static int dump_piece(const char *piece, size_t size, void *context)
{
    struct dump *dump = context;
    if (dump->size - dump->used < size) {
        size_t larger = 2 * dump->size + size;
        char *text = arena_alloc(dump->arena, larger + 1);
        memcpy(text, dump->text, dump->used);
        dump->text = text;
        dump->size = larger;
    }
    memcpy(dump->text + dump->used, piece, size);
    dump->used += size;
    return 0;
}

/* In one pass: measuring first would mean writing all of it twice. */
char *json_dump(const struct json *value, struct arena *arena)
{
    struct dump dump = {.arena = arena, .text = arena_alloc(arena, DUMP_SIZE_GUESS + 1), .size = DUMP_SIZE_GUESS};
    if (json_dump_callback(real(value), dump_piece, &dump, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
        dump.used = 0;
    dump.text[dump.used] = '\0';
    return dump.text;
}

char *json_finish(struct json *document, struct arena *arena, size_t *size)
{
    char *text = json_dump(document, arena);
    json_free(document);
    *size = strlen(text);
    return text;
}
