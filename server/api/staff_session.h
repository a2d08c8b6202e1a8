/* SPDX-License-Identifier: Apache-2.0 */
/* What the ways to log in, and to show once more who one is, share. */
#pragma once

#include "edge/request.h"
#include "store/staff.h"

/* 201 with the session, its token and its cookie. */
void staff_session_reply(struct request *req, const struct staff_session *session, const char *token,
                         struct bytes token_digest);
/* Is this the one-time code of the account, now? step: which one, so that it works once. */
bool staff_code_right(struct request *req, const char *name, struct bytes totp_sealed, const char *code, int64_t *step);
