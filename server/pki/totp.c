/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/totp.h"

#include "base/clock.h"
#include "base/text.h"

#include <liboath/oath.h>
#include <pthread.h>
#include <string.h>

#define TOTP_STEP_S 30
#define TOTP_DRIFT  1 /* steps either way (RFC 6238 5.2) */
#define TOTP_DIGITS 6

static pthread_once_t started = PTHREAD_ONCE_INIT;
static bool usable;

static void start(void)
{
    usable = oath_init() == OATH_OK;
}

static bool well_formed(const char *code)
{
    return strspn(code, "0123456789") == TOTP_DIGITS && code[TOTP_DIGITS] == '\0';
}

static bool matches(struct bytes secret, const char *code, int64_t step)
{
    char expected[TOTP_DIGITS + 1];
    int result = oath_hotp_generate((const char *)secret.data, secret.size, (uint64_t)step, TOTP_DIGITS, false,
                                    OATH_HOTP_DYNAMIC_TRUNCATION, expected);
    return result == OATH_OK && bytes_equal_secret(bytes_of_text(expected), bytes_of_text(code));
}

bool totp_verify(struct bytes secret, const char *code, int64_t now_us, int64_t *step)
{
    pthread_once(&started, start);
    int64_t now = now_us / CLOCK_SECOND_US / TOTP_STEP_S;
    if (!usable || secret.size < TOTP_SECRET_SIZE || !well_formed(code) || now < TOTP_DRIFT)
        return false;
    int64_t found = 0; /* every step is tried, so that time does not tell which one matched */
    for (int64_t candidate = now - TOTP_DRIFT; candidate <= now + TOTP_DRIFT; candidate++)
        if (matches(secret, code, candidate))
            found = candidate;
    if (found == 0)
        return false;
    *step = found;
    return true;
}
