/* SPDX-License-Identifier: Apache-2.0 */
#include "base/yaml_tree.h"

#include "base/text.h"

#include <string.h>
#include <yaml.h>

#define KEY_LENGTH_MAX 64

/* -- reading events ---------------------------------------------------------------------------------------------- */

struct reader {
    struct yaml_file *file;
    yaml_parser_t parser;
    yaml_event_t event; /* the current one; owned */
};

static bool has_tab_in_indentation(struct bytes content, unsigned line)
{
    const char *at = (const char *)content.data;
    for (; line > 1 && at != NULL; line--) {
        at = strchr(at, '\n');
        at = at != NULL ? at + 1 : NULL;
    }
    return at != NULL && at[strspn(at, " ")] == '\t';
}

static enum err refuse_syntax(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    unsigned line = (unsigned)parser->problem_mark.line + 1;
    if (has_tab_in_indentation(reader->file->content, line))
        yaml_fault_at(reader->file, line, "", "a tab in the indentation; indent with spaces");
    else
        yaml_fault_at(reader->file, line, "", "not YAML: %s%s%s, column %zu; see the commented files that come with it",
                      parser->context != NULL ? parser->context : "", parser->context != NULL ? ", " : "",
                      parser->problem != NULL ? parser->problem : "cannot be read", parser->problem_mark.column + 1);
    return ERR_SETTINGS_INVALID;
}

static enum err advance(struct reader *reader)
{
    yaml_event_delete(&reader->event);
    return yaml_parser_parse(&reader->parser, &reader->event) ? OK : refuse_syntax(reader);
}

static unsigned line_of(const struct reader *reader)
{
    return (unsigned)reader->event.start_mark.line + 1;
}

/* -- building the tree ------------------------------------------------------------------------------------------- */

static void refuse_extras(struct reader *reader, const void *anchor, const void *tag, const char *key)
{
    if (anchor != NULL)
        yaml_fault_at(reader->file, line_of(reader), key, "an anchor (&name); write the value out");
    if (tag != NULL)
        yaml_fault_at(reader->file, line_of(reader), key, "a tag (!name); write the value without it");
}

static enum err read_node(struct reader *reader, const char *key, unsigned depth, struct yaml_node *node);

static void read_scalar(struct reader *reader, const char *key, struct yaml_node *node)
{
    yaml_event_t *event = &reader->event;
    refuse_extras(reader, event->data.scalar.anchor, event->data.scalar.tag, key);
    node->shape = YAML_SCALAR;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->text = arena_text_n(reader->file->arena, (const char *)event->data.scalar.value, event->data.scalar.length);
    if (strlen(node->text) != event->data.scalar.length)
        yaml_fault_at(reader->file, line_of(reader), key, "holds a NUL character; write plain text");
}

/* A key is printed in messages, so it must be harmless: our keys are words. */
static bool key_is_a_word(const char *key)
{
    size_t size = strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");
    return size > 0 && size <= KEY_LENGTH_MAX && key[size] == '\0';
}

static enum err read_key(struct reader *reader, const char *path, const struct yaml_node *map, struct yaml_node *member)
{
    member->line = line_of(reader);
    if (reader->event.type != YAML_SCALAR_EVENT) {
        yaml_fault_at(reader->file, member->line, path, "a key that is not a word; write key: value");
        return ERR_SETTINGS_INVALID;
    }
    read_scalar(reader, path, member);
    member->key = member->text;
    if (!key_is_a_word(member->key)) {
        yaml_fault_at(reader->file, member->line, path, "a key with other characters than letters, digits and _-.");
        return ERR_SETTINGS_INVALID;
    }
    const struct yaml_node *first = yaml_member(map, member->key);
    if (first != NULL)
        yaml_fault_at(reader->file, member->line, yaml_key_path(reader->file->arena, path, member->key),
                      "is there twice, first in line %u; keep one", first->line);
    return OK;
}

static enum err refuse_crowd(struct reader *reader, size_t number, const char *path)
{
    if (number <= YAML_MEMBERS_MAX)
        return OK;
    yaml_fault_at(reader->file, line_of(reader), path, "more than %d entries; at most that many", YAML_MEMBERS_MAX);
    return ERR_SETTINGS_INVALID;
}

static enum err read_map(struct reader *reader, const char *path, unsigned depth, struct yaml_node *map)
{
    refuse_extras(reader, reader->event.data.mapping_start.anchor, reader->event.data.mapping_start.tag, path);
    map->shape = YAML_MAP;
    struct yaml_node **tail = &map->child;
    TRY(advance(reader));
    for (size_t number = 1; reader->event.type != YAML_MAPPING_END_EVENT; number++) {
        TRY(refuse_crowd(reader, number, path));
        struct yaml_node *member = ARENA_NEW(reader->file->arena, struct yaml_node);
        TRY(read_key(reader, path, map, member));
        TRY(advance(reader));
        TRY(read_node(reader, yaml_key_path(reader->file->arena, path, member->key), depth + 1, member));
        TRY(advance(reader));
        *tail = member;
        tail = &member->next;
    }
    return OK;
}

static enum err read_sequence(struct reader *reader, const char *path, unsigned depth, struct yaml_node *sequence)
{
    refuse_extras(reader, reader->event.data.sequence_start.anchor, reader->event.data.sequence_start.tag, path);
    sequence->shape = YAML_SEQUENCE;
    struct yaml_node **tail = &sequence->child;
    TRY(advance(reader));
    for (size_t number = 1; reader->event.type != YAML_SEQUENCE_END_EVENT; number++) {
        TRY(refuse_crowd(reader, number, path));
        struct yaml_node *entry = ARENA_NEW(reader->file->arena, struct yaml_node);
        TRY(read_node(reader, arena_format(reader->file->arena, "%s[%zu]", path, number), depth + 1, entry));
        TRY(advance(reader));
        *tail = entry;
        tail = &entry->next;
    }
    return OK;
}

static enum err read_node(struct reader *reader, const char *path, unsigned depth, struct yaml_node *node)
{
    node->line = node->key != NULL ? node->line : line_of(reader);
    if (depth > YAML_DEPTH_MAX) {
        yaml_fault_at(reader->file, node->line, path, "nested too deeply; at most %d levels", YAML_DEPTH_MAX);
        return ERR_SETTINGS_INVALID;
    }
    switch (reader->event.type) {
    case YAML_MAPPING_START_EVENT:
        return read_map(reader, path, depth, node);
    case YAML_SEQUENCE_START_EVENT:
        return read_sequence(reader, path, depth, node);
    case YAML_SCALAR_EVENT:
        read_scalar(reader, path, node);
        return OK;
    default: /* aliases make bombs of small files */
        yaml_fault_at(reader->file, node->line, path, "an alias (*name); write the value out");
        return ERR_SETTINGS_INVALID;
    }
}

static enum err expect(struct reader *reader, yaml_event_type_t type, const char *otherwise)
{
    TRY(advance(reader));
    if (reader->event.type == type)
        return OK;
    yaml_fault_at(reader->file, line_of(reader), "", "%s", otherwise);
    return ERR_SETTINGS_INVALID;
}

static enum err read_document(struct reader *reader)
{
    static const char shape[] = "not a list of key: value; see the commented files that come with it";
    struct yaml_node *root = ARENA_NEW(reader->file->arena, struct yaml_node);
    TRY(expect(reader, YAML_STREAM_START_EVENT, "cannot be read"));
    TRY(expect(reader, YAML_DOCUMENT_START_EVENT, "is empty; see the commented files that come with it"));
    TRY(expect(reader, YAML_MAPPING_START_EVENT, shape));
    TRY(read_node(reader, "", 0, root));
    TRY(expect(reader, YAML_DOCUMENT_END_EVENT, "cannot be read"));
    TRY(expect(reader, YAML_STREAM_END_EVENT, "a second document (---); one file holds one"));
    reader->file->root = root;
    return OK;
}

/* -- the file ---------------------------------------------------------------------------------------------------- */

static enum err refuse_encoding(struct yaml_file *file)
{
    const char *text = (const char *)file->content.data;
    size_t size = file->content.size;
    for (unsigned line = 1; size > 0; line++) {
        const char *end = memchr(text, '\n', size);
        size_t length = end != NULL ? (size_t)(end - text) + 1 : size;
        if (!utf8_valid(text, length)) {
            yaml_fault_at(file, line, "", "not UTF-8; save the file in UTF-8 (not GBK)");
            return ERR_SETTINGS_INVALID;
        }
        text += length;
        size -= length;
    }
    return OK;
}

enum err yaml_tree_parse(struct yaml_file *file)
{
    TRY(refuse_encoding(file));
    struct reader reader = {.file = file};
    if (!yaml_parser_initialize(&reader.parser))
        return ERR_INTERNAL;
    yaml_parser_set_input_string(&reader.parser, file->content.data, file->content.size);
    enum err err = read_document(&reader);
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    return err;
}

const struct yaml_node *yaml_member(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *member = map != NULL && map->shape == YAML_MAP ? map->child : NULL;
    while (member != NULL && strcmp(member->key, key) != 0)
        member = member->next;
    return member;
}

size_t yaml_children(const struct yaml_node *node)
{
    size_t count = 0;
    for (const struct yaml_node *child = node->child; child != NULL; child = child->next)
        count++;
    return count;
}

const char *yaml_key_path(struct arena *arena, const char *prefix, const char *key)
{
    return prefix[0] == '\0' ? key : arena_format(arena, "%s.%s", prefix, key);
}
