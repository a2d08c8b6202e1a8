/* SPDX-License-Identifier: Apache-2.0 */
/* application/x-www-form-urlencoded (WHATWG URL, 5.1), as gateways post their notices, and forms that a payer's browser
 * posts for us. Decoded values are raw bytes: what a signature was made over. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

#define FORM_BYTES_MAX 65536 /* of a body */
#define FORM_COUNT_MAX 128   /* fields */

struct form_field {
    const char *name;
    const char *value; /* holds no NUL */
};

struct form_fields {
    struct form_field *items;
    size_t count;
};

/* A form for the payer's browser: POST the fields to action, in this order. */
struct form {
    const char *action;
    struct form_fields fields;
};

/* Splits at & and the first =, decodes + and %XX. ERR_FORM_MALFORMED: over a limit, a broken or NUL escape, a space or
 * control byte that is not escaped, an empty or repeated name. */
enum err form_parse(struct bytes raw, struct arena *arena, struct form_fields *out) MUST_CHECK;
/* NULL when absent. */
const char *form_value(const struct form_fields *fields, const char *name);
/* In byte order of the names, as all gateways sign. */
void form_sort(struct form_fields *fields);
/* "name=value&name=value" of the values as they are, in the order of the fields. */
struct bytes form_join(const struct form_fields *fields, struct arena *arena);
/* The fields as a body of application/x-www-form-urlencoded: everything but letters, digits and -._* is escaped. */
struct bytes form_post_body(const struct form_fields *fields, struct arena *arena);
