/* SPDX-License-Identifier: Apache-2.0 */
/* What an import says of payouts of ours. Accounts are sealed, so that the key that finds them again is jobs'. */
#pragma once

#include "jobs/jobs.h"

struct statement_payouts_found {
    int64_t paid, returned, unclear;
};

typedef void statement_payouts_done(void *context, enum err err, const struct statement_payouts_found *found);

/* One line after the other; safe to begin again. Everything lives in the job's arena. */
void statement_payouts(struct job *job, int64_t import_id, statement_payouts_done *done, void *context);
