/* SPDX-License-Identifier: Apache-2.0 */
/* A portal's key set. */
#include "fuzz.h"

#include "pki/jwk.h"

#include <string.h>

void fuzz_start(void)
{
}

void fuzz_try(struct arena *arena, struct bytes input)
{
    struct jwks *jwks = NULL;
    (void)arena;
    if (jwks_parse(input, "fuzz", &jwks) != OK) {
        HOLDS(jwks == NULL);
        return;
    }
    const struct jwk *key = jwks_find(jwks, "a");
    if (key != NULL) {
        HOLDS(strcmp(jwk_algorithm(key), "ES256") == 0 || strcmp(jwk_algorithm(key), "RS256") == 0);
        HOLDS(!jwk_verify(key, input, input));
    }
    jwks_free(jwks);
}
