/* SPDX-License-Identifier: Apache-2.0 */
/* The audit trail's outside witness: from time to time the newest checkpoint is sent to a time-stamping authority, and
 * its token is kept beside it. Off while audit.timestamp_url is empty. */
#pragma once

#include "jobs/jobs.h"

struct timestamper;

/* *out is NULL when it is off. ERR_SETTINGS_INVALID, logged. */
enum err timestamper_new(struct jobs *jobs, struct timestamper **out) MUST_CHECK;
void timestamper_free(struct timestamper *timestamper); /* NULL is fine */
/* How long the oldest checkpoint that no token covers has waited, in seconds; -1: off, or not known yet. */
int64_t timestamper_lag_s(const struct timestamper *timestamper);
/* Tries that failed since its start. */
int64_t timestamper_failures(const struct timestamper *timestamper);
