/* SPDX-License-Identifier: Apache-2.0 */
/* A YAML file as a tree that knows its lines (libyaml underneath), for yaml.c only: libcyaml binds, but it stops at the
 * first fault and knows no line of what is absent. */
#pragma once

#include "base/yaml.h"

#define YAML_SIZE_MAX    (256 * 1024)
#define YAML_DEPTH_MAX   16
#define YAML_MEMBERS_MAX 1000 /* of one mapping or list */
#define YAML_FAULTS_MAX  100  /* said per file */

enum yaml_shape { YAML_SCALAR, YAML_MAP, YAML_SEQUENCE };

struct yaml_node {
    enum yaml_shape shape;
    unsigned line;           /* of the value's first character; of the key for a member */
    const char *key;         /* of a member of a mapping, else NULL */
    const char *text;        /* of a scalar */
    bool plain;              /* a scalar without quotes */
    struct yaml_node *child; /* the first member or entry */
    struct yaml_node *next;  /* the next sibling */
};

struct yaml_file {
    struct arena *arena;
    const char *path;
    struct bytes content;
    yaml_report *report;
    void *context;
    unsigned faults;
    struct yaml_node *root; /* a mapping */
};

/* One fault; key "" is the file as a whole. */
void yaml_fault_at(struct yaml_file *file, unsigned line, const char *key, const char *format, ...) PRINTF(4, 5);
void yaml_vfault_at(struct yaml_file *file, unsigned line, const char *key, const char *format, va_list args)
    PRINTF(4, 0);
/* Parses file->content into file->root and reports what YAML or our limits refuse. */
enum err yaml_tree_parse(struct yaml_file *file) MUST_CHECK;
/* NULL when there is none. */
const struct yaml_node *yaml_member(const struct yaml_node *map, const char *key);
size_t yaml_children(const struct yaml_node *node);
/* What libcyaml would not say or say only once: every wrong type, range, word, unknown or missing key. */
void yaml_check_tree(struct yaml_file *file, const struct yaml_node *map, const char *path,
                     const struct yaml_field *fields, size_t count);
/* The checked tree in libcyaml's input, in arena. */
struct bytes yaml_tree_write(const struct yaml_file *file, const struct yaml_field *fields, size_t count);
/* An integer as people write it: no sign but -, no leading zeros (libcyaml would read 010 as octal). */
bool yaml_integer(const char *text, int64_t *value);
/* The index of text within words, or -1. */
int yaml_word_index(const char *const *words, const char *text);

/* "web" and "port": "web.port"; "" and "web": "web". */
const char *yaml_key_path(struct arena *arena, const char *prefix, const char *key);
