/* SPDX-License-Identifier: Apache-2.0 */
/* Nonces for signed requests. The database holds only their SHA-256; each is good for one request. */
#pragma once

#include "store/db.h"

/* Caller: web. Repeating it with the same digest answers the first expiry. */
enum err store_create_challenge(struct db *db, struct bytes nonce_digest, int64_t lifetime_s, int64_t deadline_ms,
                                db_done *done, void *context) MUST_CHECK;
enum err store_create_challenge_read(const struct row *rows, int64_t *expires_at_us) MUST_CHECK;
