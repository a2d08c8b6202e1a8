/* SPDX-License-Identifier: Apache-2.0 */
/* What the desks refused is on the audit trail: who asked for what, and which rule refused it. */
#pragma once

#include "edge/request.h"
#include "store/db.h"

struct refusals;

/* per_minute bounds what a flood may write from this process; beyond, the log counts. */
struct refusals *refusals_new(int64_t per_minute);
void refusals_free(struct refusals *refusals);
/* The edge's hook for handlers' refusals: records them before they are answered, and says why a session is none.
 * false: not to be recorded, answer at once. */
bool refusals_record(struct request *req, enum err err);
/* Of what was refused at the door; the answer does not wait. */
void refusals_note(struct request *req, enum err err);
