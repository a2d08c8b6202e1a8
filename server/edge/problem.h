/* SPDX-License-Identifier: Apache-2.0 */
/* application/problem+json (RFC 9457) for the rows of error.def. */
#pragma once

#include "base/err.h"
#include "base/fault.h"

struct request;

/* The document; fault may be NULL. */
char *problem_text(struct arena *arena, enum err err, const struct fault *fault, const char *request_id, size_t *size);
/* Logs and sends, whatever the handler has done or will do. */
void problem_send(struct request *req, enum err err, const struct fault *fault);
