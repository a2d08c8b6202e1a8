/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Web Tokens of other portals (RFC 7519), in the compact form (RFC 7515 3.1), signed ES256 or RS256. Each key has
 * one algorithm, by its type: what a token's header says chooses nothing (RFC 8725 3.1). */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/fault.h"

#define JWT_SIZE_MAX 4096

struct jwks; /* a portal's public keys (RFC 7517 5) */

/* A JSON Web Key Set: EC on P-256 or RSA of 2048 to 4096 bits, each with its own kid; private or symmetric members are
 * refused. ERR_SETTINGS_INVALID after logging what is wrong. */
enum err jwks_load(const char *path, struct jwks **out) MUST_CHECK;
enum err jwks_parse(struct bytes text, const char *name, struct jwks **out) MUST_CHECK;
void jwks_free(struct jwks *jwks); /* NULL is fine */

struct jwt_expected {
    const char *issuer, *audience; /* iss; among aud */
    int64_t now_us;
};

struct jwt_claims {
    const char *subject; /* sub */
    const char *id;      /* jti */
    int64_t expires_us;  /* exp, at most JWT_LIFE_S away */
};

#define JWT_SKEW_S 60   /* between two clocks */
#define JWT_LIFE_S 3600 /* so long at most are tokens remembered */

/* iss, aud, sub, jti, iat and exp are required, nbf is heeded. ERR_PORTAL_TOKEN_INVALID with what is wrong,
 * ERR_PORTAL_TOKEN_EXPIRED. */
enum err jwt_verify(const struct jwks *jwks, const struct jwt_expected *expected, struct arena *arena,
                    const char *token, struct fault *fault, struct jwt_claims *out) MUST_CHECK;
