/* SPDX-License-Identifier: Apache-2.0 */
/* Settings files written by people (YAML, libcyaml underneath), read by a table of fields into a struct. Every fault of
 * a file is said in one run, each as "file:line: section.key: what is wrong; what is allowed". One document of at most
 * 256 kB, UTF-8, no aliases, anchors or tags; unknown and repeated keys are refused. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

enum yaml_kind {                  /* what is at offset: */
                 YAML_TEXT,       /* const char * */
                 YAML_INTEGER,    /* int64_t */
                 YAML_BOOLEAN,    /* bool */
                 YAML_WORD,       /* an enum (int): the index within words */
                 YAML_WORD_TEXT,  /* const char *, one of words */
                 YAML_MAPPING,    /* a struct, embedded, with fields */
                 YAML_TEXTS,      /* const char ** and a counter */
                 YAML_WORDS,      /* an array of enum (int *) and a counter */
                 YAML_WORD_TEXTS, /* const char ** and a counter, each one of words */
                 YAML_MAPPINGS,   /* an array of structs with fields, and a counter */
};

/* Says what is wrong with a text and what is allowed ("is not a date; like 2026-11-21"), or NULL when it is good. */
typedef const char *yaml_check_text(const char *text);

struct yaml_field {
    const char *key;
    enum yaml_kind kind;
    size_t offset;        /* in the struct; see YAML_AT */
    size_t count_offset;  /* of a list's counter; see YAML_LIST_AT */
    size_t count_size;    /* sizeof the counter: unsigned, size_t, … */
    bool optional;        /* absent: standard, or empty. A text that is required may not be empty either. A mapping that
                             is optional may be absent with all it requires */
    bool lines;           /* texts: line breaks are allowed */
    const char *standard; /* of an optional text, integer, boolean or word, as it would be written; NULL: "", 0, false,
                             the first word */
    int64_t min, max; /* integer: range, when min < max. Text: characters (max 0: 1000). List: entries (max 0: 64) */
    const char *const *words;        /* NULL-terminated */
    yaml_check_text *check;          /* texts, also each of a list; NULL: any */
    const struct yaml_field *fields; /* of a mapping or of each element of a list of mappings */
    size_t field_count;
    size_t element_size; /* sizeof the struct that fields describe */
};

#define YAML_AT(type, member) .offset = offsetof(type, member)
#define YAML_LIST_AT(type, member, counter)                                                                            \
    .offset = offsetof(type, member), .count_offset = offsetof(type, counter),                                         \
    .count_size = sizeof(((type *)NULL)->counter)
#define YAML_FIELDS(type, table)                                                                                       \
    .fields = (table), .field_count = sizeof(table) / sizeof((table)[0]), .element_size = sizeof(type)

typedef void yaml_report(void *context, const char *message);

/* Reads path into out by fields; members no field names are left alone, and all are when something is wrong. Faults go
 * to report, or to the log when it is NULL. Texts and lists live in arena. ERR_SETTINGS_INVALID. */
enum err yaml_load(struct arena *arena, const char *path, const struct yaml_field *fields, size_t count, void *out,
                   yaml_report *report, void *context) MUST_CHECK;

/* The same in two steps, for checks across fields that must name file and line as well. The file lives in arena. */
struct yaml_file;
enum err yaml_open(struct arena *arena, const char *path, yaml_report *report, void *context,
                   struct yaml_file **out) MUST_CHECK;
enum err yaml_bind(struct yaml_file *file, const struct yaml_field *fields, size_t count, void *out) MUST_CHECK;
struct bytes yaml_content(const struct yaml_file *file);
/* key: "fees[1].terms[2].months", list elements counted from 1; a key that is absent is placed at its mapping. format:
 * "what is wrong; what is allowed". */
void yaml_fault(struct yaml_file *file, const char *key, const char *format, ...) PRINTF(3, 4);
/* Where a key is, for what can only be judged later. */
unsigned yaml_line(const struct yaml_file *file, const char *key);
/* ERR_SETTINGS_INVALID when a fault of this file was reported, by whom ever. */
enum err yaml_check(const struct yaml_file *file) MUST_CHECK;
