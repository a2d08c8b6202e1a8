/* SPDX-License-Identifier: Apache-2.0 */
/* What the writes of the review desk have in common: the key that makes a repeated request the same request, and what a
 * late one is told. */
#pragma once

#include "edge/request.h"
#include "store/review.h"

/* Session, case ("" where the route names none), version and the header Idempotency-Key. ERR_FIELDS_INVALID. */
enum err review_read_write(struct request *req, int64_t version, struct review_write *out) MUST_CHECK;
/* Fails the request; of case_changed the problem says who changed what when, if the database knows. */
void review_fail(struct request *req, enum err err, const struct row *rows);
