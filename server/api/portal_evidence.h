/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of a request that nobody has signed. */
#pragma once

#include "edge/request.h"

/* The body as it came, with the account, how its session was opened, the address and the time. To be sealed. */
struct bytes portal_evidence(struct request *req, int64_t account_id, const char *proof);
