/* SPDX-License-Identifier: Apache-2.0 */
/* What a reviewer found good in a case, document by document and field by field: given with his approval, shown to the
 * next reviewer. */
#pragma once

#include "edge/request.h"
#include "store/review.h"
#include "store/review_queue.h"

/* The member "ticks" of an approval; NULL: none. ERR_FIELDS_INVALID. */
enum err review_read_ticks(struct request *req, const struct json *ticks, struct review_approval *approval) MUST_CHECK;
struct json *review_tick_json(struct request *req, const struct desk_row *row);
