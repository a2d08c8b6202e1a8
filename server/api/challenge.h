/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

/* What the database knows of a nonce. */
struct bytes challenge_digest(struct arena *arena, const char *nonce);
/* Could we have made it? Saves the database the obviously foreign ones. */
bool challenge_well_formed(struct arena *arena, const char *nonce);
