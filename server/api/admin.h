/* SPDX-License-Identifier: Apache-2.0 */
/* What the administration's handlers share. */
#pragma once

#include "edge/request.h"

#define ADMIN_KEY_LENGTH_MAX    64
#define ADMIN_REASON_LENGTH_MAX 500

/* The query's "before": the number of the last one seen; 0 without one. ERR_FIELDS_INVALID. */
enum err admin_read_before(struct request *req, int64_t *before) MUST_CHECK;
/* Adds to fault what is wrong with a request's key and reason. */
void admin_check_texts(struct fault *fault, const char *key, const char *reason);
