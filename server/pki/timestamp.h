/* SPDX-License-Identifier: Apache-2.0 */
/* Time stamps (RFC 3161): what a time-stamping authority is sent, and whether what came back is a token of that
 * authority over exactly that. OpenSSL reads and verifies; nothing here parses. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>

#define TIMESTAMP_SIZE_MAX 65536 /* of a response */

struct timestamp_authority;

/* ca_path: PEM, the CA certificates that its certificate must lead to; policy: the OID its tokens must be under, or "".
 * ERR_SETTINGS_INVALID, logged. */
enum err timestamp_authority_load(const char *ca_path, const char *policy, struct timestamp_authority **out) MUST_CHECK;
void timestamp_authority_free(struct timestamp_authority *authority); /* NULL is fine */

/* A TimeStampReq over content: its SHA-256, a nonce, certReq (RFC 3161 2.4.1). */
struct bytes timestamp_request(const struct timestamp_authority *authority, struct arena *arena, struct bytes content);

/* The answer to request: granted, over the same imprint with the same nonce under the same policy, signed by a
 * certificate for time stamping alone that leads to the authority's CA today, and of this minute. at_us: when the token
 * says. ERR_TIMESTAMP_REFUSED: the authority says so; ERR_TIMESTAMP_INVALID: it is not all of that. Both are logged. */
enum err timestamp_verify(const struct timestamp_authority *authority, struct bytes request, struct bytes response,
                          int64_t now_us, int64_t *at_us) MUST_CHECK;

/* A response that was kept, over content: the same but for the nonce, and its certificate is judged by the time the
 * token says, since it may have ended meanwhile. */
enum err timestamp_check(const struct timestamp_authority *authority, struct bytes content, struct bytes response,
                         int64_t *at_us) MUST_CHECK;
