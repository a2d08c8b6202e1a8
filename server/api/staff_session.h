/* SPDX-License-Identifier: Apache-2.0 */
/* What the ways to log in share. */
#pragma once

#include "edge/request.h"
#include "store/staff.h"

/* 201 with the session, its token and its cookie. */
void staff_session_reply(struct request *req, const struct staff_session *session, const char *token,
                         struct bytes token_digest);
