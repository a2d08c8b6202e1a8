/* SPDX-License-Identifier: Apache-2.0 */
/* JSON (Jansson underneath). Reading is strict (RFC 8259, UTF-8, no duplicate keys, no trailing bytes) and by a table
 * of fields, so that every wrong, missing and unknown field is named at once. Writing builds a tree in calls that
 * cannot fail. */
#pragma once

#include "base/arena.h"
#include "base/fault.h"

#include <stdbool.h>

struct json; /* a value; belongs to its document */

/* Parses text; the document is freed with json_free. ERR_JSON_MALFORMED with line and column in fault. */
enum err json_parse(const char *text, size_t size, struct fault *fault, struct json **document) MUST_CHECK;
void json_free(struct json *document);
/* AUTO_JSON *document = NULL; frees it where its scope ends. */
#define AUTO_JSON __attribute__((cleanup(json_cleanup))) struct json
static inline void json_cleanup(struct json **document)
{
    json_free(*document);
}

enum field_kind { FIELD_TEXT, FIELD_INTEGER, FIELD_BOOLEAN, FIELD_OBJECT, FIELD_ARRAY };

/* One member of an object. `into` is const char **, int64_t *, bool * or const struct json ** by kind; untouched when
 * an optional member is absent. Texts live as long as the document. */
struct json_field {
    const char *name;
    enum field_kind kind;
    bool optional;
    void *into;
    size_t length_max; /* text: code points; 0 = 1000 */
    bool lines;        /* text: line breaks are allowed; other control characters never are */
};

/* Reads object by fields; members that no field names are refused ("unknown_field"). Adds to fault under path ("" or
 * "agent"); returns ERR_FIELDS_INVALID when it added something. */
enum err json_read(const struct json *object, const char *path, const struct json_field *fields, size_t count,
                   struct fault *fault) MUST_CHECK;
/* Of what others write and may add to: a member, or NULL when there is none; a text; whether it is an integer. */
const struct json *json_member(const struct json *object, const char *name);
/* NULL when it is none; lives as long as the document. */
const char *json_text(const struct json *value);
const char *json_member_text(const struct json *object, const char *name);
bool json_member_integer(const struct json *object, const char *name, int64_t *integer);
size_t json_length(const struct json *array);
const struct json *json_item(const struct json *array, size_t index);
/* The text at a path of members, "agent.mobile"; NULL when there is none. For what we wrote ourselves. */
const char *json_text_at(const struct json *object, const char *path);

struct json *json_new_object(void);
struct json *json_new_array(void);
/* NULL text or value writes null. object and array values are taken over by the parent. */
void json_put_text(struct json *object, const char *name, const char *text);
void json_put_integer(struct json *object, const char *name, int64_t value);
void json_put_boolean(struct json *object, const char *name, bool value);
void json_put(struct json *object, const char *name, struct json *value);
void json_append(struct json *array, struct json *value);
void json_append_text(struct json *array, const char *text);
/* Compact, UTF-8, in arena; frees the document. */
char *json_finish(struct json *document, struct arena *arena, size_t *size);
/* Compact copy of a value, keys in the order written. */
char *json_dump(const struct json *value, struct arena *arena);
