/* SPDX-License-Identifier: Apache-2.0 */
/* Prices at the desk: what is loaded, and a new fee table that a second person puts in force (admin_desk.h). Caller:
 * web. Refusals of both: unauthenticated, forbidden, platform_forbidden. */
#pragma once

#include "store/price.h"

/* Rows of loaded_fees; file_sha256 stays "". */
enum err store_list_prices(struct db *db, struct bytes token_digest, const char *platform, int64_t deadline_ms,
                           db_done *done, void *context) MUST_CHECK;
enum err store_list_prices_read(const struct row *rows, struct arena *arena, struct loaded_fees *out) MUST_CHECK;

struct price_asking {
    struct bytes token_digest;
    const char *key, *platform;
    int64_t version;          /* of the platform's prices, as they were seen */
    const char *effective_on; /* yyyy-mm-dd */
    const struct loaded_fee *fees;
    size_t count;
    const char *reason;
    int64_t life_s;
};

struct price_asked {
    const char *state; /* "asked", or what became of a request with this key */
    int64_t request_id;
    const char *was, *becomes;
};

/* Safe to call again. Refusals: request_conflict, version_conflict, fees_begun, nothing_changes. */
enum err store_ask_price(struct db *db, struct arena *arena, const struct price_asking *asking, int64_t deadline_ms,
                         db_done *done, void *context) MUST_CHECK;
enum err store_ask_price_read(const struct row *rows, struct arena *arena, struct price_asked *out) MUST_CHECK;
