/* SPDX-License-Identifier: Apache-2.0 */
/* Counts replies by route: a few additions each. */
#pragma once

#include "edge/message.h"
#include "edge/state.h"

void figures_count(struct edge *edge, const struct request *req, int status);
