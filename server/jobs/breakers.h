/* SPDX-License-Identifier: Apache-2.0 */
/* One circuit breaker for each rail: every call to a gateway reports how it ended, and no payment is begun at a rail
 * that does not answer. What goes on there (questions, closing) does. Each change is logged once and told to the
 * database, so that web offers the other rails. */
#pragma once

#include "base/json.h"
#include "jobs/jobs.h"

struct breakers;

struct breakers *breakers_new(struct jobs *jobs);
void breakers_free(struct breakers *breakers); /* NULL is fine */

/* May a payment be begun? ERR_RAIL_PAUSED. */
enum err breakers_admit(struct breakers *breakers, const char *rail) MUST_CHECK;
/* A call ended with an answer of the gateway's, whatever it says; or with none, a fault of its own, or one that is not
 * its. why: a code. */
void breakers_answered(struct breakers *breakers, const char *rail);
void breakers_failed(struct breakers *breakers, const char *rail, const char *why);
/* [{"rail", "state", "failures", "success_s"}]; success_s 0: it has not answered since our start. */
struct json *breakers_json(const struct breakers *breakers);
