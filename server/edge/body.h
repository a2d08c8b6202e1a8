/* SPDX-License-Identifier: Apache-2.0 */
/* A request body as it arrives. Memory grows with what was received, not with what was promised. */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct body { /* {0} is empty */
    uint8_t *data;
    size_t size, room;
    size_t limit;
};

/* ERR_BODY_TOO_LARGE beyond limit. */
enum err body_append(struct body *body, const void *data, size_t size) MUST_CHECK;
/* Wipes: bodies hold personal data. */
void body_free(struct body *body);
