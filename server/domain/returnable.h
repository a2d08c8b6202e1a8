/* SPDX-License-Identifier: Apache-2.0 */
/* What a reviewer may give back to the applicant, and why: the correctable fields of the form (application_field.c) and
 * the kinds of materials; the same closed lists as the checks of xuqi.return_item in SQL, a test compares them. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct returnable {
    const char *name; /* "agent.mobile", "materials.agent_id": as in the fields of a problem */
    const char *zh, *en;
};

struct return_reason {
    const char *code, *zh, *en;
};

/* By place, 0 and up; false after the last. */
bool returnable_at(size_t place, struct returnable *out);
/* NULL after the last. */
const struct return_reason *return_reason_at(size_t place);
/* False when there is none; out then says the name itself. */
bool returnable_find(const char *name, struct returnable *out);
/* NULL when there is none. */
const struct return_reason *return_reason_find(const char *code);
bool returnable_is_material(const char *name);
