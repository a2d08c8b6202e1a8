/* SPDX-License-Identifier: Apache-2.0 */
/* Outbox topic payout: sends a payout to the bank once, and asks what became of it until the bank says so or its time
 * is over. One row per payout for as long as it is open. */
#pragma once

#include "jobs/jobs.h"

void payout_run(struct job *job);

/* Seconds until the next question, when so many were asked: the nth number of the list (bank.looks_s), the last one
 * from there on. last: the list is over. 0 for a list that is none. */
int64_t payout_look_after_s(const char *looks, int64_t asked, bool *last);
