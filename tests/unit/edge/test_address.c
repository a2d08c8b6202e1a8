/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/edge/test.h"

#include "edge/address.h"

#include <stdio.h>

static void reads_and_writes_addresses(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct address address;
    assert_true(address_parse("192.0.2.7", &address));
    assert_string_equal(address_text(arena, &address), "192.0.2.7");
    assert_true(address_parse("2001:db8:0::1", &address));
    assert_string_equal(address_text(arena, &address), "2001:db8::1");
    arena_free(arena);
}

static void takes_a_mapped_address_for_what_it_is(void **state)
{
    (void)state;
    struct address mapped, plain;
    assert_true(address_parse("::ffff:192.0.2.7", &mapped));
    assert_true(address_parse("192.0.2.7", &plain));
    assert_true(address_equal(&mapped, &plain));
}

static void refuses_what_is_no_address(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "a", "1.2.3", "1.2.3.4.5", "1.2.3.4 ", "256.1.1.1", "1.2.3.4:80", "[::1]"};
    struct address address;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_false(address_parse(texts[i], &address));
}

static void counts_connections_by_address(void **state)
{
    (void)state;
    struct address_counts *counts = address_counts_new();
    struct address a, b;
    assert_true(address_parse("192.0.2.1", &a));
    assert_true(address_parse("192.0.2.2", &b));
    assert_true(address_counts_take(counts, &a, 2));
    assert_true(address_counts_take(counts, &a, 2));
    assert_false(address_counts_take(counts, &a, 2));
    assert_true(address_counts_take(counts, &b, 2));
    address_counts_give(counts, &a);
    assert_true(address_counts_take(counts, &a, 2));
    address_counts_free(counts);
}

static void forgets_addresses_without_connections(void **state)
{
    (void)state;
    struct address_counts *counts = address_counts_new();
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 20000; i++) {
            char text[32];
            snprintf(text, sizeof(text), "2001:db8::%x", (unsigned)i);
            struct address address;
            assert_true(address_parse(text, &address));
            if (round == 0)
                assert_true(address_counts_take(counts, &address, 1));
            else
                address_counts_give(counts, &address);
        }
    }
    address_counts_free(counts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_addresses),
        cmocka_unit_test(takes_a_mapped_address_for_what_it_is),
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(counts_connections_by_address),
        cmocka_unit_test(forgets_addresses_without_connections),
    };
    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
