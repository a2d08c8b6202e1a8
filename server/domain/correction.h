/* SPDX-License-Identifier: Apache-2.0 */
/* A correction of a returned application: only what was named, checked by the rules of the application itself. */
#pragma once

#include "domain/application.h"

#include <stddef.h>

#define CORRECTION_FIELDS_MAX 32 /* rows of the form's field table */

struct correction {
    const char *nonce, *renewal_no;
    const char *given[CORRECTION_FIELDS_MAX]; /* by the field's place in the table; NULL: not given */
};

/* Reads {nonce, renewal_no, agent, recipient, …} with the members that are to be corrected. Texts are copied into
 * arena. ERR_FIELDS_INVALID names every wrong and unknown field. */
enum err correction_read(const struct json *document, struct arena *arena, struct fault *fault,
                         struct correction *out) MUST_CHECK;
/* ERR_CORRECTION_UNEXPECTED with every field that is given and not among named (separated by spaces). */
enum err correction_check_named(const struct correction *correction, const char *named, struct fault *fault) MUST_CHECK;
/* Writes what is given into the application, canonically. */
void correction_apply(const struct correction *correction, struct arena *arena, struct application *application);
/* The corrected application against the platform's rules. What was not given was accepted before and stays so, also
 * when the rules have changed since: only given fields are named. What the platform's form does not ask for is taken,
 * since the reviewer has asked for it. ERR_FIELDS_INVALID. */
enum err correction_check(const struct correction *correction, const struct application *corrected,
                          const struct application_basis *basis, struct fault *fault,
                          struct application_warnings *warnings) MUST_CHECK;
