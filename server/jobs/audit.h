/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "jobs/jobs.h"

/* Seals what was written onto the audit trail, soon after it was written; one process at a time, whoever comes first.
 */
struct audit_sealer;
struct audit_sealer *audit_sealer_new(struct jobs *jobs);
void audit_sealer_free(struct audit_sealer *sealer);
