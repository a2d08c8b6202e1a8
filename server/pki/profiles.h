/* SPDX-License-Identifier: Apache-2.0 */
/* All certificate profiles of a folder, by id. */
#pragma once

#include "pki/profile.h"

struct profiles;

/* Every *.yaml of the folder; at least one. Everything in arena. */
enum err profiles_load(struct arena *arena, const char *folder, const char *public_url,
                       struct profiles **out) MUST_CHECK;
/* NULL when there is none. */
const struct profile *profile_find(const struct profiles *profiles, const char *id);
