/* SPDX-License-Identifier: Apache-2.0 */
/* Our account's movements, read through the bank's link (outbox topic statement_link, a row for each run). */
#pragma once

#include "jobs/jobs.h"

job_handler statement_link_run;

/* Begins a run whenever the interval is over; does nothing where no link is set up. */
struct statement_clock;
struct statement_clock *statement_clock_new(struct jobs *jobs);
/* NULL is fine. */
void statement_clock_free(struct statement_clock *clock);
