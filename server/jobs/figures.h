/* SPDX-License-Identifier: Apache-2.0 */
/* What jobs alone knows, for /metrics. Answer: {"rails": […], "certificates": [{"setting", "file", "subject",
 * "not_after_s"}], "calls": n, "outbox_under_way": n, "database_calls": n}, and
 * "timestamp_lag_s" and "timestamp_failures" where a time-stamping authority is asked. */
#pragma once

#include "edge/peer.h"

void figures_handle(struct peer_call *call, struct bytes body);
