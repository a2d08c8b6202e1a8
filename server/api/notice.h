/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers of gateways' notices have in common. */
#pragma once

#include "edge/request.h"

/* Keeps a notice that failed its checks, then answers with why: the gateway sends it again, a person can look. */
enum err notice_refuse_kept(struct request *req, const char *gateway, enum err why) MUST_CHECK;
