/* SPDX-License-Identifier: Apache-2.0 */
/* The fee tables of a platform's file, as they are written (amounts in yuan) and as they are charged (in fen). */
#pragma once

#include "base/yaml.h"
#include "domain/platform.h"

struct platform_term_written;

struct platform_fees_written {
    const char *effective_from, *note;
    struct platform_term_written *terms;
    unsigned terms_count;
};

extern const struct yaml_field platform_fees_fields[3]; /* of a struct platform_fees_written */

/* The tables into platform->fees. Faults are the file's. */
void platform_fees_take(struct yaml_file *file, struct arena *arena, const struct platform_fees_written *written,
                        unsigned count, struct platform *platform);

/* A yaml_check_text: more than 0.00. */
const char *platform_check_yuan(const char *text);
