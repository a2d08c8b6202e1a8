/* SPDX-License-Identifier: Apache-2.0 */
/* The Merkle tree of RFC 6962 2.1 with SHA-256, grown leaf by leaf: a range holds the roots of the whole subtrees that
 * a tree consists of, the largest first, which is all that is needed to go on and to know its root. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>

#define MERKLE_HASH_SIZE 32
#define MERKLE_ROOTS_MAX 64

struct merkle_hash {
    uint8_t octets[MERKLE_HASH_SIZE];
};

struct merkle_range {
    uint64_t size; /* leaves; as many roots as it has bits */
    struct merkle_hash roots[MERKLE_ROOTS_MAX];
};

/* entry begins with the zero octet that tells a leaf from a node. */
struct merkle_hash merkle_leaf(struct bytes entry);
struct merkle_hash merkle_node(const struct merkle_hash *left, const struct merkle_hash *right);

/* A subtree of 2^level leaves that became whole, told to who appends. */
typedef void merkle_whole(void *context, unsigned level, uint64_t index, const struct merkle_hash *hash);

/* whole may be NULL. */
void merkle_append(struct merkle_range *range, struct merkle_hash leaf, merkle_whole *whole, void *context);
struct merkle_hash merkle_root(const struct merkle_range *range);
/* roots: of the whole subtrees, one after the other. False when there are not as many as a tree of this size has. */
bool merkle_load(uint64_t size, struct bytes roots, struct merkle_range *out);

/* The root that an inclusion proof (RFC 6962 2.1.1) leads to; false when its length is not that of such a proof. */
bool merkle_inclusion(struct merkle_hash leaf, uint64_t index, uint64_t size, struct bytes path,
                      struct merkle_hash *root);
/* Whether a consistency proof (RFC 6962 2.1.2) leads from the one to the other. */
bool merkle_consistent(uint64_t old_size, const struct merkle_hash *old_root, uint64_t size,
                       const struct merkle_hash *root, struct bytes path);
bool merkle_equal(const struct merkle_hash *a, const struct merkle_hash *b);
