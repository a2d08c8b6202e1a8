/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/domain/unit.h"

struct arena *arena;
