/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with an input, said so that a person can mend it: a sentence in both languages and, for forms, one row
 * per field. Checks fill it; the edge turns it into problem+json. Lives in an arena. Never put personal data here. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#define FAULT_FIELDS_MAX 32

struct fault_field {
    const char *path; /* "agent.mobile" */
    const char *code; /* stable: "check_digit" */
    const char *zh, *en;
};

struct fault {
    struct arena *arena;
    const char *detail_zh, *detail_en; /* NULL: the error's own sentence is enough */
    struct fault_field fields[FAULT_FIELDS_MAX];
    size_t field_count;                     /* further ones are dropped */
    const char *extension_name, *extension; /* a further member of the problem document, as JSON; NULL: none */
    const char *about; /* the object a write is about where its body names it; NULL: its route does */
};

void fault_init(struct fault *fault, struct arena *arena);
void fault_say(struct fault *fault, const char *zh, const char *en);
/* Says more about the error and returns it: return fault_explain(fault, ERR_X, "…", "…"). fault may be NULL. Inline, so
 * that compilers see that the error comes back. */
MUST_CHECK static inline enum err fault_explain(struct fault *fault, enum err err, const char *zh, const char *en)
{
    fault_say(fault, zh, en);
    return err;
}
/* Adds a field; path and texts are copied. fault may be NULL. */
void fault_field(struct fault *fault, const char *path, const char *code, const char *zh, const char *en);
/* Adds a member to the problem document (RFC 9457 3.2): json is the text of its value. One at most. */
void fault_extend(struct fault *fault, const char *name, const char *json);
/* OK, or ERR_FIELDS_INVALID when a field was added. */
enum err fault_check(const struct fault *fault) MUST_CHECK;
