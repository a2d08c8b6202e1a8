/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/settings.h"
#include "store/renewal.h"

struct json;

/* What an applicant sees of a renewal: answered when asked for, and sent by itself to who watches. */
struct json *progress_json(const struct settings *settings, struct arena *arena,
                           const struct renewal_progress *progress);
