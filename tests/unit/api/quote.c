/* SPDX-License-Identifier: Apache-2.0 */
/* What may be promised before it is paid for: nothing that the issuer's lint would refuse. */
#include "unit/base/unit.h"

#include "api/quote.h"
#include "base/clock.h"
#include "domain/term.h"

#include <stdlib.h>

#define PROFILE_MONTHS 84 /* netca-organisation.yaml: validity_max_months */

static const struct platform platform = {.profile = "netca-organisation"};
static struct api_server server;
static int64_t now_us;

static int open_server(void **state)
{
    *state = arena_new();
    now_us = clock_now_us() / CLOCK_SECOND_US * CLOCK_SECOND_US;
    const char *folder = arena_format(*state, "%s/config/profiles", getenv("XUQI_SOURCE"));
    server = (struct api_server){.issuing_not_after_us = INT64_MAX};
    return profiles_load(*state, folder, "https://renew.example.com", &server.profiles) != OK;
}

static int close_server(void **state)
{
    arena_free(*state);
    return 0;
}

static enum err promise(void **state, int64_t not_after_us, struct fault *fault)
{
    fault_init(fault, *state);
    return quote_check_promise(&server, &platform, not_after_us, now_us, fault);
}

static void nothing_outlives_the_issuing_ca(void **state)
{
    struct fault fault;
    server.issuing_not_after_us = term_add_months(now_us, 24);
    assert_int_equal(promise(state, server.issuing_not_after_us, &fault), OK);
    assert_null(fault.detail_zh);
    assert_int_equal(promise(state, server.issuing_not_after_us + CLOCK_SECOND_US, &fault), ERR_TERM_BEYOND_CA);
    char last[CLOCK_TEXT_SIZE];
    clock_format_plain(server.issuing_not_after_us, last);
    assert_non_null(strstr(fault.detail_zh, last));
    assert_non_null(strstr(fault.detail_en, last));
}

static void nothing_lives_longer_than_its_profile_allows(void **state)
{
    struct fault fault;
    server.issuing_not_after_us = INT64_MAX;
    int64_t last_us = term_add_months(now_us, PROFILE_MONTHS);
    assert_int_equal(promise(state, last_us, &fault), OK);
    assert_int_equal(promise(state, last_us + CLOCK_SECOND_US, &fault), ERR_TERM_BEYOND_CA);
}

static void the_answer_does_not_depend_on_a_fault(void **state)
{
    (void)state;
    server.issuing_not_after_us = now_us;
    assert_int_equal(quote_check_promise(&server, &platform, now_us, now_us, NULL), OK);
    assert_int_equal(quote_check_promise(&server, &platform, now_us + 1, now_us, NULL), ERR_TERM_BEYOND_CA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_outlives_the_issuing_ca, open_server, close_server),
        cmocka_unit_test_setup_teardown(nothing_lives_longer_than_its_profile_allows, open_server, close_server),
        cmocka_unit_test_setup_teardown(the_answer_does_not_depend_on_a_fault, open_server, close_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
