/* SPDX-License-Identifier: Apache-2.0 */
/* Publishes the texts of all platforms in the database before a web process listens, so that what is accepted can be
 * produced later word for word, and a text that was changed under its version stops the start. */
#pragma once

#include "base/loop.h"
#include "domain/platform.h"
#include "store/db.h"

/* Runs the loop while it waits: before anything else does. ERR_AGREEMENT_TEXT_CHANGED after logging which. */
enum err agreements_publish(struct loop *loop, struct arena *arena, struct db *db, const struct platforms *platforms,
                            int64_t deadline_ms) MUST_CHECK;
