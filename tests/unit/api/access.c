/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens: what is made without a request. Who is let in is told by the flow tests. */
#include "unit/base/unit.h"

#include "api/access.h"
#include "base/text.h"
#include "pki/digest.h"

#define NUMBER "01202611210000001"

static const uint8_t key_data[32] = {1, 2, 3};
static const struct bytes key = {key_data, sizeof(key_data)};

static void gives_a_renewal_the_same_token_every_time(void **state)
{
    assert_string_equal(access_token(*state, key, NUMBER), access_token(*state, key, NUMBER));
}

/* Links that were sent out must still open after an upgrade. */
static void makes_the_token_of_the_number_and_the_key_alone(void **state)
{
    const char *message = "xuqi renewal access " NUMBER;
    char *expected = base64url_encode(*state, hmac_sha256(*state, key, bytes_of_text(message)));
    assert_string_equal(access_token(*state, key, NUMBER), expected);
}

static void gives_every_renewal_a_token_of_its_own(void **state)
{
    static const char *const others[] = {"01202611210000002", "0120261121000000", NUMBER "0", ""};
    const char *token = access_token(*state, key, NUMBER);
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        assert_string_not_equal(access_token(*state, key, others[i]), token);
}

static void gives_every_key_tokens_of_its_own(void **state)
{
    const char *token = access_token(*state, key, NUMBER);
    uint8_t other[sizeof(key_data)];
    for (size_t i = 0; i < sizeof(other); i++) {
        memcpy(other, key_data, sizeof(other));
        other[i] ^= 1;
        assert_string_not_equal(access_token(*state, (struct bytes){other, sizeof(other)}, NUMBER), token);
    }
}

static void writes_a_token_as_43_characters_that_fit_a_link(void **state)
{
    for (int i = 0; i < 100; i++) {
        const char *token = access_token(*state, key, arena_format(*state, "%017d", i));
        assert_int_equal(strlen(token), 43);
        assert_int_equal(strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 43);
    }
}

static void makes_every_session_a_fresh_token(void **state)
{
    struct bytes first, second;
    const char *token = access_session_token(*state, &first);
    assert_string_not_equal(access_session_token(*state, &second), token);
    assert_false(bytes_equal(first, second));
}

static void digests_the_bytes_of_a_session_token(void **state)
{
    struct bytes digest, raw;
    const char *token = access_session_token(*state, &digest);
    assert_true(base64url_decode(*state, token, strlen(token), &raw));
    assert_int_equal(raw.size, SESSION_TOKEN_SIZE);
    assert_true(bytes_equal(sha256(*state, raw), digest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(gives_a_renewal_the_same_token_every_time),
        UNIT(makes_the_token_of_the_number_and_the_key_alone),
        UNIT(gives_every_renewal_a_token_of_its_own),
        UNIT(gives_every_key_tokens_of_its_own),
        UNIT(writes_a_token_as_43_characters_that_fit_a_link),
        UNIT(makes_every_session_a_fresh_token),
        UNIT(digests_the_bytes_of_a_session_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
