/* SPDX-License-Identifier: Apache-2.0 */
/* The caller's own key of a request at the finance desk, so that it may be sent again. */
#pragma once

#include "base/err.h"
#include "base/fault.h"

#define FINANCE_KEY_MAX 64

/* ERR_FIELDS_INVALID, told in the fault. */
enum err finance_check_key(struct fault *fault, const char *key) MUST_CHECK;
