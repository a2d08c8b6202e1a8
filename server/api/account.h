/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "base/settings.h"

struct json;

/* account_verification: where it stands, and what the applicant should do. words: those of account_progress.sql; ""
 * writes null. */
void account_put_state(const struct settings *settings, struct arena *arena, struct json *body, const char *words);
