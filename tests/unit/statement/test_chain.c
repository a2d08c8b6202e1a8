/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/statement/reading.h"

#include "base/compiler.h"
#include "statement/chain.h"

struct movement {
    int64_t fen, balance;
};

/* "opening>closing", "broken line", or "unsaid". */
static const char *led(struct arena *arena, const struct movement *movements, size_t count)
{
    struct chain chain = {0};
    int64_t opening = 0, closing = 0;
    size_t broken = 0;
    for (size_t i = 0; i < count; i++)
        chain_add(&chain, i + 1, movements[i].fen, movements[i].balance);
    bool said = chain_check(&chain, &opening, &closing, &broken);
    chain_free(&chain);
    if (!said)
        return "unsaid";
    return broken > 0 ? arena_format(arena, "broken %zu", broken)
                      : arena_format(arena, "%lld>%lld", (long long)opening, (long long)closing);
}
#define LED(...)                                                                                                       \
    led(*state, (const struct movement[]){__VA_ARGS__},                                                                \
        sizeof((const struct movement[]){__VA_ARGS__}) / sizeof(struct movement))

static void leads_in_any_order(void **state)
{
    assert_string_equal(LED({10, 110}, {-30, 80}, {5, 85}), "100>85");
    assert_string_equal(LED({5, 85}, {-30, 80}, {10, 110}), "100>85");
    assert_string_equal(LED({-30, 80}, {5, 85}, {10, 110}), "100>85");
    assert_string_equal(LED({10, 10}), "0>10");
}

static void leads_back_to_where_it_began(void **state)
{
    assert_string_equal(LED({10, 110}, {-10, 100}), "100>100");
    assert_string_equal(LED({10, 10}, {10, 20}, {-10, 10}, {10, 20}), "0>20");
}

static void names_the_line_where_it_breaks(void **state)
{
    assert_string_equal(LED({10, 110}, {-31, 80}, {5, 85}), "broken 2");
    assert_string_equal(LED({10, 110}, {-30, 80}, {5, 86}), "broken 3");
    assert_string_equal(LED({10, 110}, {5, 85}), "broken 2");
}

static void says_nothing_without_balances(void **state)
{
    assert_string_equal(LED({10, 110}, {-30, INT64_MIN}), "unsaid");
    assert_string_equal(led(*state, NULL, 0), "unsaid");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(leads_in_any_order),
        UNIT(leads_back_to_where_it_began),
        UNIT(names_the_line_where_it_breaks),
        UNIT(says_nothing_without_balances),
    };
    return cmocka_run_group_tests_name("statement chain", tests, NULL, NULL);
}
