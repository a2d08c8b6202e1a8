/* SPDX-License-Identifier: Apache-2.0 */
/* Aliyun's V3 signature, ACS3-HMAC-SHA256, of a POST to / whose parameters are in the query and whose body is empty, as
 * the RPC services take it. */
#pragma once

#include "remote/form.h"

struct aliyun_call {
    const char *host; /* as it will be sent, with its port when that is not the standard one */
    const char *action, *version;
    const char *date;  /* 2026-11-21T05:04:05Z */
    const char *nonce; /* unique */
    struct form_fields query;
};

/* SHA-256 of the empty body, hex: what x-acs-content-sha256 says. */
#define ALIYUN_EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* The query as signed and sent: sorted by name, RFC 3986 escapes. */
char *aliyun_query(struct arena *arena, const struct form_fields *query);
/* The value of Authorization. */
char *aliyun_authorization(struct arena *arena, const struct aliyun_call *call, const char *key_id,
                           struct bytes secret);
