/* SPDX-License-Identifier: Apache-2.0 */
/* A tree against a table of fields, before libcyaml binds it: says every fault with its line. */
#include "base/text.h"
#include "base/yaml_tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_LENGTH_STANDARD 1000
#define ENTRIES_STANDARD     64
#define SHOWN_MAX            40 /* characters of a wrong value that a message repeats */
#define KEY_DISTANCE_MAX     3

/* -- unknown keys ------------------------------------------------------------------------------------------------ */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein; keys are at most 64 characters. */
static size_t distance(const char *a, const char *b)
{
    size_t row[65];
    size_t width = smaller(strlen(b), 64);
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = smaller(replaced, smaller(row[j], row[j - 1]) + 1);
        }
    }
    return row[width];
}

static const char *nearest_key(const char *key, const struct yaml_field *fields, size_t count)
{
    const char *best = NULL;
    size_t best_distance = KEY_DISTANCE_MAX + 1;
    for (size_t i = 0; i < count; i++) {
        size_t found = distance(key, fields[i].key);
        if (found < best_distance && found < strlen(fields[i].key)) {
            best = fields[i].key;
            best_distance = found;
        }
    }
    return best;
}

static const char *list_keys(struct arena *arena, const struct yaml_field *fields, size_t count)
{
    const char *list = "";
    for (size_t i = 0; i < count; i++)
        list = arena_format(arena, "%s%s%s", list, i > 0 ? ", " : "", fields[i].key);
    return list;
}

static void check_known(struct yaml_file *file, const struct yaml_node *member, const char *path,
                        const struct yaml_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].key, member->key) == 0)
            return;
    const char *near = nearest_key(member->key, fields, count);
    const char *where = yaml_key_path(file->arena, path, member->key);
    if (near != NULL)
        yaml_fault_at(file, member->line, where, "there is no such key; did you mean %s?", near);
    else
        yaml_fault_at(file, member->line, where, "there is no such key; known here: %s",
                      list_keys(file->arena, fields, count));
}

/* -- scalars ----------------------------------------------------------------------------------------------------- */

/* A wrong value for a message: no line breaks, not endless. */
static const char *shown(struct arena *arena, const char *text)
{
    size_t size = utf8_head(text, SHOWN_MAX);
    char *copy = arena_format(arena, "%.*s%s", (int)size, text, text[size] != '\0' ? "…" : "");
    for (char *at = copy; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
    return copy;
}

bool yaml_integer(const char *text, int64_t *value)
{
    const char *digits = text + (text[0] == '-');
    size_t size = strspn(digits, "0123456789");
    if (size == 0 || digits[size] != '\0' || (digits[0] == '0' && (size > 1 || text[0] == '-')))
        return false;
    errno = 0;
    *value = strtoll(text, NULL, 10);
    return errno == 0;
}

int yaml_word_index(const char *const *words, const char *text)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], text) == 0)
            return i;
    return -1;
}

static const char *integer_allowed(struct arena *arena, const struct yaml_field *field)
{
    if (field->min >= field->max)
        return "a whole number";
    return arena_format(arena, "a whole number from %" PRId64 " to %" PRId64, field->min, field->max);
}

static void check_integer(struct yaml_file *file, const struct yaml_node *node, const char *path,
                          const struct yaml_field *field)
{
    int64_t value = 0;
    bool in_range = yaml_integer(node->text, &value) && node->plain &&
                    (field->min >= field->max || (value >= field->min && value <= field->max));
    if (!in_range)
        yaml_fault_at(file, node->line, path, "%s%s%s is not allowed; %s", node->plain ? "" : "\"",
                      shown(file->arena, node->text), node->plain ? "" : "\"", integer_allowed(file->arena, field));
}

static void check_word(struct yaml_file *file, const struct yaml_node *node, const char *path,
                       const struct yaml_field *field)
{
    if (yaml_word_index(field->words, node->text) >= 0)
        return;
    const char *list = "";
    for (size_t i = 0; field->words[i] != NULL; i++)
        list = arena_format(file->arena, "%s%s%s", list, i > 0 ? ", " : "", field->words[i]);
    yaml_fault_at(file, node->line, path, "%s is not allowed; one of: %s", shown(file->arena, node->text), list);
}

static bool has_control_characters(const char *text, bool lines)
{
    for (; *text != '\0'; text++)
        if (((unsigned char)*text < 0x20 && !(lines && *text == '\n')) || *text == 0x7f)
            return true;
    return false;
}

static bool is_null(const struct yaml_node *node)
{
    return node->plain && (strcmp(node->text, "~") == 0 || strcasecmp(node->text, "null") == 0);
}

/* Values of texts may be secrets (a connection string): they are repeated only where a check of their form says so. */
static void check_text(struct yaml_file *file, const struct yaml_node *node, const char *path,
                       const struct yaml_field *field, bool may_be_empty)
{
    int64_t limit = field->max > 0 ? field->max : TEXT_LENGTH_STANDARD;
    int64_t length = (int64_t)utf8_length(node->text);
    const char *wrong = NULL;
    if (is_null(node))
        yaml_fault_at(file, node->line, path, "null is not a text; leave the key out or write \"\"");
    else if (length == 0 && !may_be_empty)
        yaml_fault_at(file, node->line, path, "is empty; it is required");
    else if (has_control_characters(node->text, field->lines))
        yaml_fault_at(file, node->line, path, "holds control characters%s", field->lines ? "" : " or line breaks");
    else if (length > limit || (length > 0 && length < field->min))
        yaml_fault_at(file, node->line, path, "has %" PRId64 " characters; %" PRId64 " to %" PRId64, length, field->min,
                      limit);
    else if (length > 0 && field->check != NULL && (wrong = field->check(node->text)) != NULL)
        yaml_fault_at(file, node->line, path, "\"%s\" %s", shown(file->arena, node->text), wrong);
}

static void check_boolean(struct yaml_file *file, const struct yaml_node *node, const char *path)
{
    if (!node->plain || (strcmp(node->text, "true") != 0 && strcmp(node->text, "false") != 0))
        yaml_fault_at(file, node->line, path, "%s is not allowed; true or false", shown(file->arena, node->text));
}

/* -- shapes ------------------------------------------------------------------------------------------------------ */

static enum yaml_shape shape_of(enum yaml_kind kind)
{
    switch (kind) {
    case YAML_MAPPING:
        return YAML_MAP;
    case YAML_TEXTS:
    case YAML_WORDS:
    case YAML_WORD_TEXTS:
    case YAML_MAPPINGS:
        return YAML_SEQUENCE;
    default:
        return YAML_SCALAR;
    }
}

static bool check_shape(struct yaml_file *file, const struct yaml_node *node, const char *path, enum yaml_shape shape)
{
    static const char *const found[] = {"a single value", "keys with values", "a list"};
    static const char *const allowed[] = {"write it as key: value", "write keys with values below it, indented",
                                          "write a list: [one, two], or one - per line"};
    bool holds_nothing = node->shape == YAML_SCALAR && node->plain && node->text[0] == '\0';
    if (node->shape == shape || holds_nothing) /* a section of comments only */
        return true;
    yaml_fault_at(file, node->line, path, "%s is not allowed; %s", found[node->shape], allowed[shape]);
    return false;
}

static void check_value(struct yaml_file *file, const struct yaml_node *node, const char *path,
                        const struct yaml_field *field);

static void check_repeated(struct yaml_file *file, const struct yaml_node *list, const char *path)
{
    for (const struct yaml_node *a = list->child; a != NULL; a = a->next)
        for (const struct yaml_node *b = a->next; b != NULL; b = b->next)
            if (a->shape == YAML_SCALAR && b->shape == YAML_SCALAR && strcmp(a->text, b->text) == 0)
                yaml_fault_at(file, b->line, path, "%s is there twice; keep one", shown(file->arena, b->text));
}

static void check_list(struct yaml_file *file, const struct yaml_node *node, const char *path,
                       const struct yaml_field *field)
{
    int64_t limit = field->max > 0 ? field->max : ENTRIES_STANDARD;
    int64_t length = (int64_t)yaml_children(node);
    int64_t least = field->min > 0 ? field->min : !field->optional;
    if (length > limit || length < least)
        yaml_fault_at(file, node->line, path, "has %" PRId64 " entries; %" PRId64 " to %" PRId64, length, least, limit);
    if (field->kind == YAML_WORDS || field->kind == YAML_WORD_TEXTS)
        check_repeated(file, node, path);
    struct yaml_field entry = *field;
    entry.optional = false;
    entry.min = entry.max = 0;
    entry.kind = field->kind == YAML_TEXTS ? YAML_TEXT : field->kind == YAML_MAPPINGS ? YAML_MAPPING : YAML_WORD;
    size_t number = 1;
    for (const struct yaml_node *child = node->child; child != NULL; child = child->next, number++)
        check_value(file, child, arena_format(file->arena, "%s[%zu]", path, number), &entry);
}

static void check_value(struct yaml_file *file, const struct yaml_node *node, const char *path,
                        const struct yaml_field *field)
{
    if (!check_shape(file, node, path, shape_of(field->kind)))
        return;
    switch (field->kind) {
    case YAML_TEXT:
        check_text(file, node, path, field, field->optional);
        return;
    case YAML_INTEGER:
        check_integer(file, node, path, field);
        return;
    case YAML_BOOLEAN:
        check_boolean(file, node, path);
        return;
    case YAML_WORD:
    case YAML_WORD_TEXT:
        check_word(file, node, path, field);
        return;
    case YAML_MAPPING:
        yaml_check_tree(file, node, path, field->fields, field->field_count);
        return;
    default:
        check_list(file, node, path, field);
        return;
    }
}

static const char *allowed_for_absent(struct arena *arena, const struct yaml_field *field)
{
    switch (field->kind) {
    case YAML_INTEGER:
        return integer_allowed(arena, field);
    case YAML_BOOLEAN:
        return "true or false";
    case YAML_MAPPINGS:
    case YAML_TEXTS:
    case YAML_WORDS:
    case YAML_WORD_TEXTS:
        return "a list";
    default:
        return "it is required";
    }
}

static void check_absent(struct yaml_file *file, const struct yaml_node *map, const char *path,
                         const struct yaml_field *field)
{
    if (field->optional)
        return;
    struct yaml_node nothing = {.shape = YAML_MAP, .line = map->line};
    if (field->kind == YAML_MAPPING) /* a section may be left out when all within it may */
        yaml_check_tree(file, &nothing, path, field->fields, field->field_count);
    else
        yaml_fault_at(file, map->line, path, "is missing; %s", allowed_for_absent(file->arena, field));
}

void yaml_check_tree(struct yaml_file *file, const struct yaml_node *map, const char *path,
                     const struct yaml_field *fields, size_t count)
{
    for (const struct yaml_node *member = map->child; member != NULL; member = member->next)
        check_known(file, member, path, fields, count);
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *member = yaml_member(map, fields[i].key);
        const char *where = yaml_key_path(file->arena, path, fields[i].key);
        if (member != NULL)
            check_value(file, member, where, &fields[i]);
        else
            check_absent(file, map, where, &fields[i]);
    }
}
