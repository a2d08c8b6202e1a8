/* SPDX-License-Identifier: Apache-2.0 */
/* The settings of a process, read at start from one YAML file by the table settings.def. Relative paths in it are
 * relative to the file. Read-only afterwards: a reload makes another set (settings_with_keys). */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct settings {
    const char *file;   /* the settings file, absolute */
    const char *folder; /* of it */
#define REQUIRED                                             NULL
#define TEXT(section, key, standard, what)                   const char *section##_##key;
#define NUMBER(section, key, standard, min, max, unit, what) int64_t section##_##key;
#include "base/settings.def"
#undef TEXT
#undef NUMBER
#undef REQUIRED
};

/* Reports every fault through report (file:line: section.key: what is wrong; what is allowed), or logs it when report
 * is NULL. ERR_SETTINGS_INVALID when there was one. */
typedef void settings_report(void *context, const char *message);
enum err settings_load(struct arena *arena, const char *path, settings_report *report, void *context,
                       struct settings *out) MUST_CHECK;
/* What a running process takes of a newer file: now with what newer says about keys; all else stays. other: the first
 * setting that differs and is not taken, as "section.key"; NULL when there is none. */
void settings_with_keys(const struct settings *now, const struct settings *newer, struct arena *arena,
                        struct settings *out, const char **other);
/* The addresses of outside services: every setting that is a URL but our own. How many; no more than max are named. */
size_t settings_addresses(const struct settings *settings, const char *addresses[], size_t max);
/* A path of a setting, absolute. */
char *settings_path(struct arena *arena, const struct settings *settings, const char *path);
