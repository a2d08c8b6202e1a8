/* SPDX-License-Identifier: Apache-2.0 */
/* The pages that wait for something to happen to a renewal, and how a web process learns of it: one question to the
 * database for all renewals watched, asked twice a second while there are any. What changed is read and sent to its
 * watchers; a watcher that reads slowly gets the newest state when it is ready, never a queue of old ones. */
#pragma once

#include "api/server.h"
#include "store/renewal.h"

struct events;

struct events *events_new(struct loop *loop, struct db *db, const struct settings *settings);
/* After the edge: its streams are watchers. NULL is fine. */
void events_free(struct events *events);

/* May one more watch this renewal? ERR_BUSY: the process is full; ERR_RATE_LIMITED: the renewal has enough. */
enum err events_admit(const struct events *events, const char *renewal_no, struct fault *fault) MUST_CHECK;
/* Replies to req with a stream that begins with this state, unless the reader has it already (its Last-Event-ID). */
void events_watch(struct events *events, struct request *req, const struct renewal_progress *progress);
/* Renewals watched. */
size_t events_watched(const struct events *events);
