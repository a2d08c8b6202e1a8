/* SPDX-License-Identifier: Apache-2.0 */
/* What an evidence bundle says about itself, and the verifier that comes with it. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

/* README.md in Chinese and English, with the commands that check the bundle; stamped: a time stamp is in it. */
const char *evidence_readme(struct arena *arena, const char *renewal_no, const char *made_at, const char *by,
                            bool opened, bool stamped);
/* audit_verify.mjs: Node.js alone. */
struct bytes evidence_verifier(void);
