/* SPDX-License-Identifier: Apache-2.0 */
/* Which built page stands where, and what it may do in a browser. */
#pragma once

#include "base/settings.h"
#include "edge/files.h"

/* Of subscribers, and of staff. *out is NULL where web.pages is empty: the API is served alone. ERR_SETTINGS_INVALID
 * after logging. */
enum err pages_open(const struct settings *settings, struct arena *arena, struct files **out) MUST_CHECK;
enum err pages_open_staff(const struct settings *settings, struct arena *arena, struct files **out) MUST_CHECK;
