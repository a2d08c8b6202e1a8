/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "edge/peer.h"
#include "jobs/jobs.h"

/* What seals a check's token and URL, and what its result must carry back. */
#define LIVENESS_TOKEN_PLACE "identity.token"
#define LIVENESS_URL_PLACE   "identity.url"
struct bytes liveness_aad(struct arena *arena, int64_t check_id);
const char *liveness_extra(const struct jobs *jobs, struct arena *arena, int64_t check_id);

/* {renewal_no}: the page or the phone of an applicant wants a liveness check. One call of the database, one bounded
 * call of the provider, one call of the database. Answers {state, url, expires_at}: open with the URL to be opened on
 * the phone, passed, or manual. */
void liveness_begin_handle(struct peer_call *call, struct bytes body);
