/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdalign.h>

static void memory_is_zeroed_and_aligned(void **state)
{
    for (size_t size = 0; size < 300; size++) {
        uint8_t *memory = arena_alloc(*state, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xaa, size);
    }
}

static void memory_after_a_reset_is_zeroed_again(void **state)
{
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 50; i++) {
            uint8_t *memory = arena_alloc(*state, 100);
            for (int at = 0; at < 100; at++)
                assert_int_equal(memory[at], 0);
            memset(memory, 0x55, 100);
        }
        arena_reset(*state);
    }
}

static void pieces_do_not_overlap(void **state)
{
    uint8_t *pieces[200];
    for (size_t i = 0; i < 200; i++) {
        pieces[i] = arena_alloc(*state, i + 1);
        memset(pieces[i], (int)i, i + 1);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t at = 0; at <= i; at++)
            assert_int_equal(pieces[i][at], i);
}

static void a_piece_may_be_larger_than_a_block(void **state)
{
    uint8_t *large = arena_alloc(*state, 1 << 20), *small = arena_alloc(*state, 1);
    memset(large, 1, 1 << 20);
    *small = 2;
    assert_int_equal(large[(1 << 20) - 1], 1);
    arena_reset(*state);
    assert_int_equal(*(uint8_t *)arena_alloc(*state, 1), 0);
}

static void texts_are_copied_and_terminated(void **state)
{
    char source[] = "abcdef";
    char *whole = arena_text(*state, source), *part = arena_text_n(*state, source, 3);
    source[0] = 'x';
    assert_string_equal(whole, "abcdef");
    assert_string_equal(part, "abc");
    assert_string_equal(arena_text_n(*state, NULL, 0), "");
}

static void bytes_keep_their_nuls_and_may_be_empty(void **state)
{
    struct bytes copy = arena_bytes(*state, "a\0b", 3), empty = arena_bytes(*state, NULL, 0);
    assert_int_equal(copy.size, 3);
    assert_memory_equal(copy.data, "a\0b", 3);
    assert_int_equal(empty.size, 0);
    assert_non_null(empty.data);
}

static void formats_of_any_length_are_whole(void **state)
{
    assert_string_equal(arena_format(*state, "%s", ""), "");
    assert_string_equal(arena_format(*state, "%d-%s", 7, "续期"), "7-续期");
    assert_int_equal(strlen(arena_format(*state, "%20000d", 1)), 20000);
}

static void freeing_nothing_is_fine(void **state)
{
    (void)state;
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(memory_is_zeroed_and_aligned),    UNIT(memory_after_a_reset_is_zeroed_again),
        UNIT(pieces_do_not_overlap),           UNIT(a_piece_may_be_larger_than_a_block),
        UNIT(texts_are_copied_and_terminated), UNIT(bytes_keep_their_nuls_and_may_be_empty),
        UNIT(formats_of_any_length_are_whole), UNIT(freeing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
