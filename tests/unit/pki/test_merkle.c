/* SPDX-License-Identifier: Apache-2.0 */
/* The tree against the definitions of RFC 6962 2.1 and the vectors that every log's tests share. */
#include "base/text.h"
#include "pki/merkle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define LEAVES_MAX 40

static struct arena *arena;
static struct merkle_hash leaves[LEAVES_MAX];

static int begin(void **state)
{
    (void)state;
    arena = arena_new();
    for (unsigned i = 0; i < LEAVES_MAX; i++) {
        const uint8_t entry[] = {0, (uint8_t)i};
        leaves[i] = merkle_leaf((struct bytes){entry, sizeof(entry)});
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static uint64_t split(uint64_t n)
{
    uint64_t half = 1;
    while (half * 2 < n)
        half *= 2;
    return half;
}

/* MTH(D[from:to]) */
static struct merkle_hash mth(uint64_t from, uint64_t to)
{
    if (to - from == 1)
        return leaves[from];
    struct merkle_hash left = mth(from, from + split(to - from)), right = mth(from + split(to - from), to);
    return merkle_node(&left, &right);
}

struct proof {
    uint8_t octets[64 * MERKLE_HASH_SIZE];
    size_t size;
};

static void put(struct proof *proof, struct merkle_hash hash)
{
    memcpy(proof->octets + proof->size, hash.octets, MERKLE_HASH_SIZE);
    proof->size += MERKLE_HASH_SIZE;
}

/* PATH(leaf, D[from:to]) */
static void path(struct proof *proof, uint64_t leaf, uint64_t from, uint64_t to)
{
    if (to - from == 1)
        return;
    uint64_t middle = from + split(to - from);
    if (leaf < middle) {
        path(proof, leaf, from, middle);
        put(proof, mth(middle, to));
    } else {
        path(proof, leaf, middle, to);
        put(proof, mth(from, middle));
    }
}

/* SUBPROOF(old, D[from:to], whole) */
static void subproof(struct proof *proof, uint64_t old, uint64_t from, uint64_t to, bool whole)
{
    if (old == to - from) {
        if (!whole)
            put(proof, mth(from, to));
        return;
    }
    uint64_t middle = from + split(to - from);
    if (old <= middle - from) {
        subproof(proof, old, from, middle, whole);
        put(proof, mth(middle, to));
    } else {
        subproof(proof, old - (middle - from), middle, to, false);
        put(proof, mth(from, middle));
    }
}

static void has_the_roots_that_every_log_has(void **state)
{
    (void)state;
    static const char *const entries[] = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
    static const char *const roots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    struct merkle_range range = {0};
    for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
        struct merkle_hash root = merkle_root(&range);
        assert_string_equal(hex_encode(arena, (struct bytes){root.octets, MERKLE_HASH_SIZE}), roots[i]);
        if (i == ARRAY_SIZE(entries))
            return;
        struct bytes entry;
        assert_true(hex_decode(arena, arena_format(arena, "00%s", entries[i]), &entry));
        merkle_append(&range, merkle_leaf(entry), NULL, NULL);
    }
}

static void grows_to_the_root_of_the_definition(void **state)
{
    (void)state;
    struct merkle_range range = {0};
    for (uint64_t n = 1; n <= LEAVES_MAX; n++) {
        merkle_append(&range, leaves[n - 1], NULL, NULL);
        struct merkle_hash root = merkle_root(&range), wanted = mth(0, n);
        assert_true(merkle_equal(&root, &wanted));
    }
}

static void count_whole(void *context, unsigned level, uint64_t index, const struct merkle_hash *hash)
{
    struct merkle_hash wanted = mth(index << level, (index + 1) << level);
    assert_true(merkle_equal(hash, &wanted));
    ++*(unsigned *)context;
}

static void tells_each_subtree_that_becomes_whole(void **state)
{
    (void)state;
    struct merkle_range range = {0};
    unsigned told = 0;
    for (uint64_t n = 0; n < LEAVES_MAX; n++)
        merkle_append(&range, leaves[n], count_whole, &told);
    assert_int_equal(told, LEAVES_MAX / 2 + LEAVES_MAX / 4 + LEAVES_MAX / 8 + LEAVES_MAX / 16 + LEAVES_MAX / 32);
}

static void goes_on_from_the_roots_of_whole_subtrees(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < LEAVES_MAX; n++) {
        struct proof roots = {.size = 0};
        struct merkle_range range;
        for (uint64_t at = 0, width; at < n; at += width) {
            for (width = 1; width * 2 <= n - at;)
                width *= 2;
            put(&roots, mth(at, at + width));
        }
        assert_true(merkle_load(n, (struct bytes){roots.octets, roots.size}, &range));
        merkle_append(&range, leaves[n], NULL, NULL);
        struct merkle_hash root = merkle_root(&range), wanted = mth(0, n + 1);
        assert_true(merkle_equal(&root, &wanted));
        assert_false(merkle_load(n, (struct bytes){roots.octets, roots.size - 1}, &range));
    }
}

static void finds_the_root_of_each_inclusion_proof(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= LEAVES_MAX; n++) {
        struct merkle_hash wanted = mth(0, n), root;
        for (uint64_t i = 0; i < n; i++) {
            struct proof proof = {.size = 0};
            path(&proof, i, 0, n);
            assert_true(merkle_inclusion(leaves[i], i, n, (struct bytes){proof.octets, proof.size}, &root));
            assert_true(merkle_equal(&root, &wanted));
            assert_false(merkle_inclusion(leaves[i], i, n, (struct bytes){proof.octets, proof.size + 32}, &root));
            if (proof.size > 0)
                assert_false(merkle_inclusion(leaves[i], i, n, (struct bytes){proof.octets, proof.size - 32}, &root));
        }
        assert_false(merkle_inclusion(leaves[0], n, n, (struct bytes){NULL, 0}, &root));
    }
}

static void refuses_a_proof_for_another_place(void **state)
{
    (void)state;
    struct merkle_hash wanted = mth(0, 13), root;
    struct proof proof = {.size = 0};
    path(&proof, 5, 0, 13);
    for (uint64_t i = 0; i < 13; i++) {
        bool found = merkle_inclusion(leaves[5], i, 13, (struct bytes){proof.octets, proof.size}, &root);
        assert_int_equal(found && merkle_equal(&root, &wanted), i == 5);
    }
}

static void knows_consistent_trees_and_no_others(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= LEAVES_MAX; n++) {
        struct merkle_hash root = mth(0, n);
        for (uint64_t m = 1; m <= n; m++) {
            struct merkle_hash old_root = mth(0, m), other = leaves[0];
            struct proof proof = {.size = 0};
            subproof(&proof, m, 0, n, true);
            other.octets[0] ^= 1;
            struct bytes given = {proof.octets, proof.size};
            assert_true(merkle_consistent(m, &old_root, n, &root, given));
            assert_false(merkle_consistent(m, &other, n, &root, given));
            assert_false(merkle_consistent(m, &old_root, n, &other, given));
            assert_false(merkle_consistent(m, &old_root, n, &root, (struct bytes){proof.octets, proof.size + 32}));
            if (m < n && m > 1)
                assert_false(merkle_consistent(m - 1, &old_root, n, &root, given));
        }
        assert_false(merkle_consistent(n + 1, &root, n, &root, (struct bytes){NULL, 0}));
        assert_false(merkle_consistent(0, &root, n, &root, (struct bytes){NULL, 0}));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_roots_that_every_log_has),
        cmocka_unit_test(grows_to_the_root_of_the_definition),
        cmocka_unit_test(tells_each_subtree_that_becomes_whole),
        cmocka_unit_test(goes_on_from_the_roots_of_whole_subtrees),
        cmocka_unit_test(finds_the_root_of_each_inclusion_proof),
        cmocka_unit_test(refuses_a_proof_for_another_place),
        cmocka_unit_test(knows_consistent_trees_and_no_others),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
