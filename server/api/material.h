/* SPDX-License-Identifier: Apache-2.0 */
/* What the applicant's and the reviewer's side of uploaded documents have in common. */
#pragma once

#include "edge/request.h"
#include "store/material.h"

#define MATERIAL_PLACE "renewal.material"

/* Renewal, kind and page: a sealed document copied to another row does not open. */
struct bytes material_aad(struct arena *arena, const char *renewal_no, const char *kind, int64_t page);
/* 1 to MATERIAL_PAGES_MAX; NULL is 1. ERR_FIELDS_INVALID. */
enum err material_read_page(const char *text, struct fault *fault, int64_t *page) MUST_CHECK;
/* Adds "materials": the pages, and "missing": the kinds. */
void material_put_list(struct request *req, struct json *body, const struct material_list *list);
