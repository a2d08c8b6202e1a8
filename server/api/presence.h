/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever works at a desk is not idle, whatever they call: procedures that read cannot move a session's idle end. */
#pragma once

#include "edge/request.h"
#include "store/db.h"

struct presence;

/* A session's idle end is moved after a tenth of idle_s at the soonest. */
struct presence *presence_new(struct db *db, int64_t idle_s, int64_t call_ms);
void presence_free(struct presence *presence);
/* Somebody called with this session; nobody waits for what comes of it. */
void presence_note(struct presence *presence, struct bytes session_digest);
