/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "jobs/jobs.h"

struct messages *messages_new(struct jobs *jobs, const char *spool_folder);
/* After the database is closed. NULL is fine. */
void messages_free(struct messages *messages);

/* Topic "message": tells the applicant what happened, by SMS and mail. The filled texts and the addressee go as one
 * file (mode 0600) to the spool folder, from where a sender takes them; its name is the row's key, so that doing it
 * again makes no second message. */
void message_send(struct job *job);
