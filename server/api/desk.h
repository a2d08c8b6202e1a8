/* SPDX-License-Identifier: Apache-2.0 */
/* The desks' doors: what a request must carry before it is a member of staff's. Which rights they have is the
 * procedures' knowledge. */
#pragma once

#include "edge/request.h"

/* For routes with ACCESS_STAFF: from the desks' own pages or from a program, with a session's token, and for writes by
 * cookie with that session's own mark. ERR_CROSS_SITE, ERR_UNAUTHENTICATED, ERR_SESSION_UNKNOWN, ERR_CSRF_MISSING,
 * ERR_CSRF_FOREIGN. */
enum err desk_admit(struct request *req) MUST_CHECK;
/* For logging in as well: nobody is logged in by a foreign page. ERR_CROSS_SITE. */
enum err desk_require_origin(struct request *req) MUST_CHECK;
/* What writes by cookie must carry in X-Xuqi-Request: of this session alone, and known to its own pages alone. 43
 * characters. */
char *desk_csrf_token(struct arena *arena, struct bytes key, struct bytes session_digest);
