/* SPDX-License-Identifier: Apache-2.0 */
/* Which built page stands where, and what it may do in a browser. */
#pragma once

#include "base/settings.h"
#include "edge/files.h"

/* *out is NULL where web.pages is empty: the API is served alone. ERR_SETTINGS_INVALID after logging. */
enum err pages_open(const struct settings *settings, struct arena *arena, struct files **out) MUST_CHECK;
/* The Content-Security-Policy of the subscribers' pages. */
const char *pages_policy(const struct settings *settings, struct arena *arena);
