/* SPDX-License-Identifier: Apache-2.0 */
/* How identity steps and checks are shown, and asking for a liveness check on behalf of the page or the phone. */
#pragma once

#include "edge/request.h"
#include "store/identity.h"

/* Adds "identity_steps": where each stands, with a sentence for what went wrong. */
void identity_put_steps(struct arena *arena, struct json *body, const char *lines);
/* Adds "identity_checks", for the reviewer. */
void identity_put_checks(struct arena *arena, struct json *body, const struct identity_checks *checks);
/* Asks jobs, which holds the provider's key, and replies with what it says. */
enum err identity_ask_liveness(struct request *req, const char *renewal_no) MUST_CHECK;
