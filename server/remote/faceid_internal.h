/* SPDX-License-Identifier: Apache-2.0 */
/* What faceid.c and faceid_answer.c share. */
#pragma once

#include "base/json.h"
#include "remote/faceid.h"

/* The Response of an answer, its document to be freed by the caller; NULL when it is none. *error is the provider's
 * code when it refused, or NULL. */
const struct json *faceid_response(struct arena *arena, const struct http_answer *answer, struct json **document,
                                   const char **error);
/* What a refusal means for a check. */
struct faceid_verdict faceid_refused(const char *error);
