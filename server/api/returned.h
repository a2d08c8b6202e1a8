/* SPDX-License-Identifier: Apache-2.0 */
/* Returns as the applicant and as the reviewer see them. */
#pragma once

#include "edge/request.h"
#include "store/correction.h"
#include "store/renewal.h"

/* What is to be corrected, item by item: why, what to do, and whether it is done. NULL when it is not returned. */
struct json *returned_for_applicant(struct arena *arena, const struct renewal_progress *progress);
/* Adds "returns": all of them, and "corrections": the fields given, old and new value masked. */
void returned_put_history(struct request *req, struct json *body, const struct return_list *list);
