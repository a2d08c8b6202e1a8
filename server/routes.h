/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "edge/route.h"

extern const struct route routes[];
extern const size_t route_count;
