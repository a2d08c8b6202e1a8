/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a checked tree as one YAML flow document for libcyaml, so that it binds exactly what was checked: sections
 * that hold nothing but comments become {}, every text is quoted. */
#include "base/yaml_tree.h"

#include <stdio.h>
#include <stdlib.h>

static void write_map(FILE *out, const struct yaml_node *map, const struct yaml_field *fields, size_t count);

/* YAML 1.1 section 5.5: line breaks and quotes escaped; other control characters were refused. */
static void write_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            fputs("\\n", out);
            continue;
        }
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void write_list(FILE *out, const struct yaml_node *list, const struct yaml_field *field)
{
    fputc('[', out);
    for (const struct yaml_node *entry = list->child; entry != NULL; entry = entry->next) {
        if (field->kind == YAML_MAPPINGS)
            write_map(out, entry, field->fields, field->field_count);
        else
            write_text(out, entry->text);
        fputs(entry->next != NULL ? ", " : "", out);
    }
    fputc(']', out);
}

static void write_value(FILE *out, const struct yaml_node *node, const struct yaml_field *field)
{
    switch (field->kind) {
    case YAML_MAPPING:
        write_map(out, node, field->fields, field->field_count);
        return;
    case YAML_INTEGER:
    case YAML_BOOLEAN:
        fputs(node->text, out);
        return;
    case YAML_TEXT:
    case YAML_WORD:
    case YAML_WORD_TEXT:
        write_text(out, node->text);
        return;
    default:
        write_list(out, node, field);
        return;
    }
}

static void write_map(FILE *out, const struct yaml_node *map, const struct yaml_field *fields, size_t count)
{
    bool first = true;
    fputc('{', out);
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *member = yaml_member(map, fields[i].key);
        if (member == NULL)
            continue;
        fprintf(out, "%s\n\"%s\": ", first ? "" : ",", fields[i].key);
        write_value(out, member, &fields[i]);
        first = false;
    }
    fputc('}', out);
}

struct bytes yaml_tree_write(const struct yaml_file *file, const struct yaml_field *fields, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        abort(); /* out of memory, as in base/mem.h */
    write_map(out, file->root, fields, count);
    if (fclose(out) != 0)
        abort();
    struct bytes written = {(const uint8_t *)arena_text_n(file->arena, text, size), size};
    free(text);
    return written;
}
