/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/merkle.h"

#include "pki/digest.h"

#include <string.h>

_Static_assert(MERKLE_HASH_SIZE == SHA256_SIZE, "the tree's hash is SHA-256");

struct merkle_hash merkle_leaf(struct bytes entry)
{
    struct merkle_hash hash;
    sha256_to(entry, hash.octets);
    return hash;
}

struct merkle_hash merkle_node(const struct merkle_hash *left, const struct merkle_hash *right)
{
    uint8_t both[1 + 2 * MERKLE_HASH_SIZE] = {1};
    memcpy(both + 1, left->octets, MERKLE_HASH_SIZE);
    memcpy(both + 1 + MERKLE_HASH_SIZE, right->octets, MERKLE_HASH_SIZE);
    return merkle_leaf((struct bytes){both, sizeof(both)});
}

bool merkle_equal(const struct merkle_hash *a, const struct merkle_hash *b)
{
    return memcmp(a->octets, b->octets, MERKLE_HASH_SIZE) == 0;
}

static unsigned root_count(uint64_t size)
{
    return (unsigned)__builtin_popcountll(size);
}

/* -- growing ------------------------------------------------------------------------------------------------------ */

void merkle_append(struct merkle_range *range, struct merkle_hash leaf, merkle_whole *whole, void *context)
{
    unsigned count = root_count(range->size), level = 0;
    uint64_t index = range->size++;
    for (; (index & 1) != 0; index >>= 1) { /* a whole neighbour to the left */
        leaf = merkle_node(&range->roots[--count], &leaf);
        if (whole != NULL)
            whole(context, ++level, index >> 1, &leaf);
    }
    range->roots[count] = leaf;
}

struct merkle_hash merkle_root(const struct merkle_range *range)
{
    if (range->size == 0)
        return merkle_leaf((struct bytes){(const uint8_t *)"", 0}); /* MTH({}) = SHA-256() */
    unsigned count = root_count(range->size);
    struct merkle_hash root = range->roots[--count];
    while (count > 0)
        root = merkle_node(&range->roots[--count], &root);
    return root;
}

bool merkle_load(uint64_t size, struct bytes roots, struct merkle_range *out)
{
    unsigned count = root_count(size);
    if (roots.size != (size_t)count * MERKLE_HASH_SIZE)
        return false;
    *out = (struct merkle_range){.size = size};
    for (unsigned i = 0; i < count; i++)
        memcpy(out->roots[i].octets, roots.data + (size_t)i * MERKLE_HASH_SIZE, MERKLE_HASH_SIZE);
    return true;
}

/* -- proofs: the algorithms of RFC 9162 2.1.3.2 and 2.1.4.2 ---------------------------------------------------------
 */

struct path {
    struct bytes rest;
};

static bool take(struct path *path, struct merkle_hash *hash)
{
    if (path->rest.size < MERKLE_HASH_SIZE)
        return false;
    memcpy(hash->octets, path->rest.data, MERKLE_HASH_SIZE);
    path->rest = (struct bytes){path->rest.data + MERKLE_HASH_SIZE, path->rest.size - MERKLE_HASH_SIZE};
    return true;
}

static void pass_left_ends(uint64_t *node, uint64_t *last)
{
    while ((*node & 1) == 0 && *node != 0) {
        *node >>= 1;
        *last >>= 1;
    }
}

bool merkle_inclusion(struct merkle_hash leaf, uint64_t index, uint64_t size, struct bytes path,
                      struct merkle_hash *root)
{
    struct path left = {path};
    struct merkle_hash next;
    uint64_t node = index, last = size - 1;
    if (index >= size)
        return false;
    for (; last > 0; node >>= 1, last >>= 1) {
        bool right = (node & 1) != 0;
        if (!right && node == last)
            continue; /* no neighbour on this level */
        if (!take(&left, &next))
            return false;
        leaf = right ? merkle_node(&next, &leaf) : merkle_node(&leaf, &next);
    }
    *root = leaf;
    return left.rest.size == 0;
}

bool merkle_consistent(uint64_t old_size, const struct merkle_hash *old_root, uint64_t size,
                       const struct merkle_hash *root, struct bytes path)
{
    struct path left = {path};
    struct merkle_hash old_made, made, next;
    if (old_size == size)
        return path.size == 0 && merkle_equal(old_root, root);
    if (old_size == 0 || old_size > size)
        return false;
    uint64_t node = old_size - 1, last = size - 1;
    while ((node & 1) != 0) {
        node >>= 1;
        last >>= 1;
    }
    if (node == 0)
        made = *old_root; /* the old tree is whole: its root is where the proof begins */
    else if (!take(&left, &made))
        return false;
    old_made = made;
    for (; last > 0; node >>= 1, last >>= 1) {
        if ((node & 1) == 0 && node == last)
            pass_left_ends(&node, &last);
        if (last == 0)
            break;
        if (!take(&left, &next))
            return false;
        bool right = (node & 1) != 0 || node == last;
        if (right)
            old_made = merkle_node(&next, &old_made);
        made = right ? merkle_node(&next, &made) : merkle_node(&made, &next);
    }
    return left.rest.size == 0 && merkle_equal(&old_made, old_root) && merkle_equal(&made, root);
}
