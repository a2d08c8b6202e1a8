/* SPDX-License-Identifier: Apache-2.0 */
/* One platform file: how its YAML is laid out, and the checks that span several keys. */
#pragma once

#include "domain/platform.h"

struct platform_source {
    struct arena *arena;
    const struct settings *settings;
    platform_digest *digest;
    settings_report *report;
    void *context;
};

enum err platform_file_load(const struct platform_source *source, const char *id, const char *path,
                            struct platform *out) MUST_CHECK;
