/* SPDX-License-Identifier: Apache-2.0 */
/* Carries a gateway's question over the way out, within the limits that all of them share. */
#pragma once

#include "jobs/jobs.h"

/* done as of http_start. */
enum err gateway_call(struct jobs *jobs, const struct gateway_question *question, struct arena *arena, http_done *done,
                      void *context) MUST_CHECK;
