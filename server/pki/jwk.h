/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of a set, for pki/ only. */
#pragma once

#include "pki/jwt.h"

#include <stdbool.h>

struct jwk;

/* NULL when the set has no key of that id. */
const struct jwk *jwks_find(const struct jwks *jwks, const char *kid);
/* "ES256" or "RS256". */
const char *jwk_algorithm(const struct jwk *key);
bool jwk_verify(const struct jwk *key, struct bytes message, struct bytes signature);
