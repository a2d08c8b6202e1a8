/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "jobs/jobs.h"

/* Removes what has served its time and closes what nobody paid, once a minute. */
struct housekeeping;
struct housekeeping *housekeeping_new(struct jobs *jobs);
void housekeeping_free(struct housekeeping *housekeeping);
