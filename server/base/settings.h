/* SPDX-License-Identifier: Apache-2.0 */
/* The settings of a process, read once at start from one YAML file by the table settings.def. Relative paths in it are
 * relative to the file. Read-only afterwards. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct settings {
    const char *folder; /* of the settings file */
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
/* A path of a setting, absolute. */
char *settings_path(struct arena *arena, const struct settings *settings, const char *path);
