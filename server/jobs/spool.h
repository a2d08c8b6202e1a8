/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

/* Writes a file that appears complete or not at all, for the owner only. Writing it again replaces it. Logs why it
 * could not; ERR_INTERNAL then. */
enum err spool_write(const char *folder, const char *name, struct bytes content) MUST_CHECK;
