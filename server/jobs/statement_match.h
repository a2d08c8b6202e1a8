/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "jobs/jobs.h"

/* Topic "statement_imported", one row per import, its number in event: first the declared transfers that wait are held
 * against the new lines, which needs the key of personal data, then the lines that are left are matched by the rules in
 * SQL, phase by phase and batch by batch. Safe to run again from the start. */
void statement_match_run(struct job *job);
