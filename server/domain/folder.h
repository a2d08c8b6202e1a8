/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of YAML files whose names are identifiers: platforms/, templates/. */
#pragma once

#include "base/settings.h"

#define FOLDER_FILES_MAX 1000

struct folder_files {
    char **names; /* without .yaml, in alphabetical order */
    char **paths;
    size_t count;
};

/* Every *.yaml but hidden ones. Reports a folder that cannot be read and names that are not identifiers (lower-case
 * letters, digits and -, at most 32). */
enum err folder_list(struct arena *arena, const char *folder, settings_report *report, void *context,
                     struct folder_files *out) MUST_CHECK;
/* Reports "folder: …", or logs it when report is NULL; ERR_SETTINGS_INVALID. */
enum err folder_fault(struct arena *arena, settings_report *report, void *context, const char *folder,
                      const char *format, ...) PRINTF(5, 6);
