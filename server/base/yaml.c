/* SPDX-License-Identifier: Apache-2.0 */
/* Opens and checks a file (yaml_tree.c, yaml_check.c), then lets libcyaml bind what was checked (yaml_write.c) to the
 * struct by a schema made from the table of fields. */
#include "base/yaml.h"

#include "base/file.h"
#include "base/log.h"
#include "base/yaml_tree.h"

#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* -- faults ------------------------------------------------------------------------------------------------------ */

static void say(struct yaml_file *file, const char *message)
{
    if (file->report != NULL)
        file->report(file->context, message);
    else
        log_error("settings", "%s", message);
}

void yaml_vfault_at(struct yaml_file *file, unsigned line, const char *key, const char *format, va_list args)
{
    file->faults++;
    if (file->faults > YAML_FAULTS_MAX)
        return;
    const char *what = arena_vformat(file->arena, format, args);
    const char *place = line > 0 ? arena_format(file->arena, "%s:%u", file->path, line)
                                 : arena_text(file->arena, file->path);
    say(file, arena_format(file->arena, "%s: %s%s%s", place, key, key[0] != '\0' ? ": " : "", what));
    if (file->faults == YAML_FAULTS_MAX)
        say(file, arena_format(file->arena, "%s: further faults are not listed", file->path));
}

void yaml_fault_at(struct yaml_file *file, unsigned line, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    yaml_vfault_at(file, line, key, format, args);
    va_end(args);
}

/* The node named by one step of a key path: "terms" or "terms[2]". */
static const struct yaml_node *step(const struct yaml_node *node, const char *name, size_t size)
{
    char word[128];
    if (size >= sizeof(word))
        return NULL;
    memcpy(word, name, size);
    word[size] = '\0';
    char *bracket = strchr(word, '[');
    size_t number = 0;
    if (bracket != NULL) {
        number = strtoul(bracket + 1, NULL, 10);
        *bracket = '\0';
    }
    node = yaml_member(node, word);
    if (number == 0 || node == NULL)
        return node;
    node = node->child;
    while (--number > 0 && node != NULL)
        node = node->next;
    return node;
}

unsigned yaml_line(const struct yaml_file *file, const char *key)
{
    const struct yaml_node *node = file->root;
    unsigned line = node->line;
    while (node != NULL && *key != '\0') {
        size_t size = strcspn(key, ".");
        node = step(node, key, size);
        line = node != NULL ? node->line : line;
        key += size + (key[size] == '.');
    }
    return line;
}

void yaml_fault(struct yaml_file *file, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    yaml_vfault_at(file, yaml_line(file, key), key, format, args);
    va_end(args);
}

enum err yaml_check(const struct yaml_file *file)
{
    return file->faults == 0 ? OK : ERR_SETTINGS_INVALID;
}

/* -- opening ----------------------------------------------------------------------------------------------------- */

struct bytes yaml_content(const struct yaml_file *file)
{
    return file->content;
}

static enum err read_content(struct yaml_file *file)
{
    struct stat info;
    if (stat(file->path, &info) != 0)
        yaml_fault_at(file, 0, "", "%s", strerror(errno));
    else if (!S_ISREG(info.st_mode))
        yaml_fault_at(file, 0, "", "not a file");
    else if (info.st_size > YAML_SIZE_MAX)
        yaml_fault_at(file, 0, "", "has %lld bytes; at most %d", (long long)info.st_size, YAML_SIZE_MAX);
    else if (file_read(file->arena, file->path, YAML_SIZE_MAX, &file->content) != OK)
        yaml_fault_at(file, 0, "", "cannot be read; check who may read it");
    return yaml_check(file);
}

enum err yaml_open(struct arena *arena, const char *path, yaml_report *report, void *context, struct yaml_file **out)
{
    struct yaml_file *file = ARENA_NEW(arena, struct yaml_file);
    *file = (struct yaml_file){.arena = arena, .path = arena_text(arena, path), .report = report, .context = context};
    TRY(read_content(file));
    TRY(yaml_tree_parse(file));
    *out = file;
    return OK;
}

/* -- the schema for libcyaml ------------------------------------------------------------------------------------- */

static const cyaml_schema_field_t *schema_of(struct arena *arena, const struct yaml_field *fields, size_t count);

static const cyaml_strval_t *words_of(struct arena *arena, const char *const *words, uint32_t *count)
{
    uint32_t length = 0;
    while (words[length] != NULL)
        length++;
    cyaml_strval_t *values = arena_alloc(arena, length * sizeof(*values));
    for (uint32_t i = 0; i < length; i++)
        values[i] = (cyaml_strval_t){words[i], i};
    *count = length;
    return values;
}

static cyaml_schema_value_t value_of(struct arena *arena, const struct yaml_field *field, enum yaml_kind kind)
{
    cyaml_schema_value_t value = {0};
    switch (kind) {
    case YAML_INTEGER:
        value = (cyaml_schema_value_t){.type = CYAML_INT, .data_size = sizeof(int64_t)};
        break;
    case YAML_BOOLEAN:
        value = (cyaml_schema_value_t){.type = CYAML_BOOL, .data_size = sizeof(bool)};
        break;
    case YAML_WORD:
        value = (cyaml_schema_value_t){.type = CYAML_ENUM, .flags = CYAML_FLAG_STRICT, .data_size = sizeof(int)};
        value.enumeration.strings = words_of(arena, field->words, &value.enumeration.count);
        break;
    case YAML_MAPPING:
        value = (cyaml_schema_value_t){.type = CYAML_MAPPING, .data_size = (uint32_t)field->element_size};
        value.mapping.fields = schema_of(arena, field->fields, field->field_count);
        break;
    default: /* texts */
        value = (cyaml_schema_value_t){.type = CYAML_STRING, .flags = CYAML_FLAG_POINTER, .data_size = 1};
        value.string.max = CYAML_UNLIMITED;
        break;
    }
    return value;
}

static bool is_list(enum yaml_kind kind)
{
    return kind == YAML_TEXTS || kind == YAML_WORDS || kind == YAML_WORD_TEXTS || kind == YAML_MAPPINGS;
}

static size_t element_size_of(const struct yaml_field *field)
{
    return field->kind == YAML_MAPPINGS ? field->element_size
           : field->kind == YAML_WORDS  ? sizeof(int)
                                        : sizeof(char *);
}

static cyaml_schema_value_t list_of(struct arena *arena, const struct yaml_field *field)
{
    enum yaml_kind kind = field->kind == YAML_MAPPINGS ? YAML_MAPPING
                          : field->kind == YAML_WORDS  ? YAML_WORD
                                                       : YAML_TEXT;
    cyaml_schema_value_t entry = value_of(arena, field, kind);
    cyaml_schema_value_t value = {
        .type = CYAML_SEQUENCE, .flags = CYAML_FLAG_POINTER, .data_size = (uint32_t)element_size_of(field)};
    value.sequence.entry = arena_copy(arena, &entry, sizeof(entry));
    value.sequence.max = CYAML_UNLIMITED;
    return value;
}

static const cyaml_schema_field_t *schema_of(struct arena *arena, const struct yaml_field *fields, size_t count)
{
    cyaml_schema_field_t *schema = arena_alloc(arena, (count + 1) * sizeof(*schema));
    for (size_t i = 0; i < count; i++) {
        schema[i] = (cyaml_schema_field_t){
            .key = fields[i].key,
            .data_offset = (uint32_t)fields[i].offset,
            .count_offset = (uint32_t)fields[i].count_offset,
            .count_size = (uint8_t)fields[i].count_size,
            .value = is_list(fields[i].kind) ? list_of(arena, &fields[i]) : value_of(arena, &fields[i], fields[i].kind),
        };
        schema[i].value.flags |= CYAML_FLAG_OPTIONAL; /* what is required was checked, with its line */
    }
    return schema;
}

/* -- what libcyaml calls ----------------------------------------------------------------------------------------- */

/* Its memory is the arena's; each piece remembers its size, for growing. */
struct piece {
    _Alignas(max_align_t) size_t size;
    uint8_t data[];
};

static void *piece_resize(void *arena, void *old, size_t size)
{
    if (size == 0)
        return NULL;
    struct piece *piece = arena_alloc(arena, sizeof(struct piece) + size);
    piece->size = size;
    if (old != NULL) {
        const struct piece *before = (const struct piece *)((uint8_t *)old - offsetof(struct piece, data));
        memcpy(piece->data, before->data, before->size < size ? before->size : size);
    }
    return piece->data;
}

static void keep_log(cyaml_log_t level, void *context, const char *format, va_list args)
{
    struct yaml_file *file = context;
    (void)level;
    const char *line = arena_vformat(file->arena, format, args);
    yaml_fault_at(file, 0, "", "libcyaml: %.*s", (int)strcspn(line, "\n"), line);
}

/* -- binding ----------------------------------------------------------------------------------------------------- */

static void apply_standards(const struct yaml_node *map, const struct yaml_field *fields, size_t count, uint8_t *data);

static void set_standard(const struct yaml_field *field, uint8_t *at)
{
    const char *standard = field->standard;
    switch (field->kind) {
    case YAML_TEXT:
        *(const char **)(void *)at = standard != NULL ? standard : "";
        return;
    case YAML_WORD_TEXT:
        *(const char **)(void *)at = standard != NULL ? standard : field->words[0];
        return;
    case YAML_INTEGER:
        *(int64_t *)(void *)at = standard != NULL ? strtoll(standard, NULL, 10) : 0;
        return;
    case YAML_BOOLEAN:
        *(bool *)at = standard != NULL && strcmp(standard, "true") == 0;
        return;
    case YAML_WORD:
        *(int *)(void *)at = standard != NULL ? yaml_word_index(field->words, standard) : 0;
        return;
    case YAML_MAPPING:
        apply_standards(NULL, field->fields, field->field_count, at);
        return;
    default: /* an absent list is empty */
        return;
    }
}

static void apply_to_present(const struct yaml_node *node, const struct yaml_field *field, uint8_t *at)
{
    if (field->kind == YAML_MAPPING)
        apply_standards(node, field->fields, field->field_count, at);
    if (field->kind != YAML_MAPPINGS)
        return;
    uint8_t *element = *(uint8_t **)(void *)at;
    for (const struct yaml_node *child = node->child; child != NULL; child = child->next) {
        apply_standards(child, field->fields, field->field_count, element);
        element += field->element_size;
    }
}

/* libcyaml leaves zeroes where a key is absent. */
static void apply_standards(const struct yaml_node *map, const struct yaml_field *fields, size_t count, uint8_t *data)
{
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *member = yaml_member(map, fields[i].key);
        if (member != NULL)
            apply_to_present(member, &fields[i], data + fields[i].offset);
        else
            set_standard(&fields[i], data + fields[i].offset);
    }
}

static size_t size_of(const struct yaml_field *field)
{
    switch (field->kind) {
    case YAML_INTEGER:
        return sizeof(int64_t);
    case YAML_BOOLEAN:
        return sizeof(bool);
    case YAML_WORD:
        return sizeof(int);
    case YAML_MAPPING:
        return field->element_size;
    default:
        return sizeof(void *);
    }
}

static size_t extent(const struct yaml_field *fields, size_t count)
{
    size_t most = 1;
    for (size_t i = 0; i < count; i++) {
        size_t end = fields[i].offset + size_of(&fields[i]);
        size_t count_end = is_list(fields[i].kind) ? fields[i].count_offset + fields[i].count_size : 0;
        most = end > most ? end : most;
        most = count_end > most ? count_end : most;
    }
    return most;
}

/* Only the members of the table: the others are the caller's. */
static void copy_members(const struct yaml_field *fields, size_t count, const uint8_t *data, uint8_t *out)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].kind == YAML_MAPPING)
            copy_members(fields[i].fields, fields[i].field_count, data + fields[i].offset, out + fields[i].offset);
        else
            memcpy(out + fields[i].offset, data + fields[i].offset, size_of(&fields[i]));
        if (is_list(fields[i].kind))
            memcpy(out + fields[i].count_offset, data + fields[i].count_offset, fields[i].count_size);
    }
}

static enum err bind_checked(struct yaml_file *file, const struct yaml_field *fields, size_t count, uint8_t **out)
{
    cyaml_config_t config = {.log_fn = keep_log,
                             .log_ctx = file,
                             .mem_fn = piece_resize,
                             .mem_ctx = file->arena,
                             .log_level = CYAML_LOG_ERROR,
                             .flags = CYAML_CFG_NO_ALIAS};
    cyaml_schema_value_t schema = {
        .type = CYAML_MAPPING, .flags = CYAML_FLAG_POINTER, .data_size = (uint32_t)extent(fields, count)};
    schema.mapping.fields = schema_of(file->arena, fields, count);
    cyaml_data_t *data = NULL;
    struct bytes checked = yaml_tree_write(file, fields, count);
    cyaml_err_t refused = cyaml_load_data(checked.data, checked.size, &config, &schema, &data, NULL);
    if (refused != CYAML_OK)
        yaml_fault_at(file, 0, "", "libcyaml: %s", cyaml_strerror(refused));
    TRY(yaml_check(file));
    /* nothing but optional keys, and none of them there, gives no data at all */
    *out = data != NULL ? data : arena_alloc(file->arena, extent(fields, count));
    return OK;
}

enum err yaml_bind(struct yaml_file *file, const struct yaml_field *fields, size_t count, void *out)
{
    yaml_check_tree(file, file->root, "", fields, count);
    TRY(yaml_check(file));
    uint8_t *data = NULL;
    TRY(bind_checked(file, fields, count, &data));
    apply_standards(file->root, fields, count, data);
    copy_members(fields, count, data, out);
    return OK;
}

enum err yaml_load(struct arena *arena, const char *path, const struct yaml_field *fields, size_t count, void *out,
                   yaml_report *report, void *context)
{
    struct yaml_file *file = NULL;
    TRY(yaml_open(arena, path, report, context, &file));
    return yaml_bind(file, fields, count, out);
}
