/* SPDX-License-Identifier: Apache-2.0 */
/* TC3-HMAC-SHA256: how Tencent Cloud's API 3.0 wants requests signed. Pure. */
#pragma once

#include "base/arena.h"

struct tc3_key {
    const char *secret_id, *secret_key;
};

/* The Authorization header of a POST to / with this body, for https://host. content_type is sent exactly so. */
char *tc3_authorization(struct arena *arena, const struct tc3_key *key, const char *service, const char *host,
                        const char *content_type, struct bytes body, int64_t unix_s);
