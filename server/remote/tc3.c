/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/tc3.h"

#include "base/text.h"
#include "pki/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define SIGNED_HEADERS "content-type;host"
#define DATE_SIZE      32

/* The date of the scope is UTC, whatever the host's TZ is. */
static void utc_date(int64_t unix_s, char date[static DATE_SIZE])
{
    struct tm utc;
    time_t unix_time = (time_t)unix_s;
    gmtime_r(&unix_time, &utc);
    strftime(date, DATE_SIZE, "%Y-%m-%d", &utc);
}

static const char *hex_digest(struct arena *arena, struct bytes bytes)
{
    return hex_encode(arena, sha256(arena, bytes));
}

static struct bytes derive(struct arena *arena, struct bytes key, const char *text)
{
    return hmac_sha256(arena, key, bytes_of_text(text));
}

char *tc3_authorization(struct arena *arena, const struct tc3_key *key, const char *service, const char *host,
                        const char *content_type, struct bytes body, int64_t unix_s)
{
    char date[DATE_SIZE];
    utc_date(unix_s, date);
    const char *scope = arena_format(arena, "%s/%s/tc3_request", date, service);
    const char *request = arena_format(arena, "POST\n/\n\ncontent-type:%s\nhost:%s\n\n" SIGNED_HEADERS "\n%s",
                                       content_type, host, hex_digest(arena, body));
    const char *text = arena_format(arena, "TC3-HMAC-SHA256\n%" PRId64 "\n%s\n%s", unix_s, scope,
                                    hex_digest(arena, bytes_of_text(request)));
    struct bytes derived = derive(arena, bytes_of_text(arena_format(arena, "TC3%s", key->secret_key)), date);
    derived = derive(arena, derived, service);
    derived = derive(arena, derived, "tc3_request");
    return arena_format(arena, "TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=" SIGNED_HEADERS ", Signature=%s",
                        key->secret_id, scope, hex_encode(arena, derive(arena, derived, text)));
}
