/* SPDX-License-Identifier: Apache-2.0 */
/* One-time codes (RFC 6238): SHA-1, 30 s, 6 digits, one step of drift either way. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

#define TOTP_SECRET_SIZE 20

/* step receives the time step that matched: the database accepts each step once per person. */
bool totp_verify(struct bytes secret, const char *code, int64_t now_us, int64_t *step);
