/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the edge: the explanation of an error on its way between our processes. */
#pragma once

#include "base/fault.h"

/* Empty when the fault says nothing. */
struct bytes peer_fault_text(struct arena *arena, const struct fault *fault);
/* Adds what text says to fault, which may be NULL. Text that is not a fault's is ignored. */
void peer_fault_read(struct bytes text, struct fault *fault);
