/* SPDX-License-Identifier: Apache-2.0 */
/* What the administration's handlers share. */
#pragma once

#include "edge/request.h"

#define ADMIN_KEY_LENGTH_MAX    64
#define ADMIN_REASON_LENGTH_MAX 500

/* Adds to fault what is wrong with a request's key and reason. */
void admin_check_texts(struct fault *fault, const char *key, const char *reason);
