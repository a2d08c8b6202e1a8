/* SPDX-License-Identifier: Apache-2.0 */
/* Topics bill_fetch ("alipay:2026-11-20": fetches a day's bill unless it is there, and reconciles the day) and
 * bill_load
 * ("17": reads a bill that finance has handed in), and what asks for bills when they are due. */
#pragma once

#include "jobs/jobs.h"

/* A bill is fetched, read and matched within this; a row of another process that fell silent is taken over after it. */
#define BILL_LEASE_S 900

job_handler bill_fetch, bill_read;

struct bill_clock;
struct bill_clock *bill_clock_new(struct jobs *jobs);
void bill_clock_free(struct bill_clock *clock); /* NULL is fine */
