/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for the results of identity checks, each when it is due, until it is decided or over; makes telecom checks. */
#pragma once

#include "jobs/jobs.h"

struct identity;

struct identity *identity_new(struct jobs *jobs);
/* Leases nothing more. */
void identity_stop(struct identity *identity);
size_t identity_pending(const struct identity *identity);
void identity_free(struct identity *identity);

/* After how many seconds a check that is asked for so long is looked at again: often while somebody stands before it.
 */
int64_t identity_next_look_s(bool telecom, int64_t waited_s, int64_t looks);
