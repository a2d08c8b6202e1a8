/* SPDX-License-Identifier: Apache-2.0 */
/* Inside store/ only. */
#pragma once

#include "store/match.h"
#include "store/reader.h"

/* From the column rail on. */
void match_day_read(struct reader *reader, struct match_day *out);
