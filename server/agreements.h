/* SPDX-License-Identifier: Apache-2.0 */
/* Publishes the texts of all platforms in the database before a web process shows them, so that what is accepted can be
 * produced later word for word, and a text that was changed under its version stops the start or the reload. */
#pragma once

#include "base/loop.h"
#include "domain/platform.h"
#include "store/db.h"

/* ERR_AGREEMENT_TEXT_CHANGED after logging which. */
typedef void agreements_done(void *context, enum err err);
/* Calls done once, when all are published or one was refused; platforms must live until then. */
void agreements_publish(struct db *db, const struct platforms *platforms, int64_t deadline_ms, agreements_done *done,
                        void *context);
/* The same, running the loop while it waits: before anything else does. */
enum err agreements_publish_now(struct loop *loop, struct db *db, const struct platforms *platforms,
                                int64_t deadline_ms) MUST_CHECK;
