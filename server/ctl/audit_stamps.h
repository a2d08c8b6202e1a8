/* SPDX-License-Identifier: Apache-2.0 */
/* Time stamps that were kept, as events say, held against those that are there: one that was taken away or exchanged is
 * missed. Of stamps from before there were such events nothing is said. Knows nothing of the database. */
#pragma once

#include "ctl/audit_chain.h"

struct audit_stamps;

struct audit_stamps *audit_stamps_new(void);
void audit_stamps_free(struct audit_stamps *stamps); /* NULL is fine */

/* Any event: most are none of it. */
void audit_stamps_event(struct audit_stamps *stamps, const struct audit_event *event);
/* The token of the checkpoint of this size. */
void audit_stamps_token(struct audit_stamps *stamps, int64_t size, struct bytes token);
/* After all of both. */
void audit_stamps_finish(struct audit_stamps *stamps, audit_fault *fault, void *context);
