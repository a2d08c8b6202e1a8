/* SPDX-License-Identifier: Apache-2.0 */
/* What crl.c writes and crl_lint.c compares with. For pki/ only. */
#pragma once

#include "pki/crl.h"

/* A copy in ascending order of the serials, without their leading zeros. ERR_LINT_REFUSED as crl_build says. */
enum err crl_sort_entries(struct arena *arena, const struct crl_request *request, struct crl_entry **sorted) MUST_CHECK;
