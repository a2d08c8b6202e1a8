/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "jobs/jobs.h"

/* Topic "payment_query", one row per payment attempt: asks the gateway what became of it. Paid is booked by the same
 * procedure as every other word of a gateway; anything else is recorded and asked again at the times of
 * gateway_next_query_us, always with the same number. What cannot be cleared up is left to a person. */
void payment_query(struct job *job);
