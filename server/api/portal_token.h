/* SPDX-License-Identifier: Apache-2.0 */
/* The token with which a portal names the account that is logged in there (platform files: portal). */
#pragma once

#include "domain/platform.h"
#include "edge/request.h"
#include "store/proof.h"

struct portal_issuers; /* the keys of every platform that asks for tokens */

/* ERR_SETTINGS_INVALID after logging which file is wrong. */
enum err portal_issuers_load(struct arena *arena, const struct settings *settings, const struct platforms *platforms,
                             struct portal_issuers **out) MUST_CHECK;
void portal_issuers_free(struct portal_issuers *issuers); /* NULL is fine */

/* Verifies it and says what is to be recorded of its use; the nonce, the evidence and the certificate are the caller's
 * to add. ERR_PORTAL_TOKEN_MISSING, _INVALID, _EXPIRED. */
enum err portal_token_check(struct request *req, const struct platform *platform, const char *token, int64_t now_us,
                            struct portal_token_use *out) MUST_CHECK;
