/* SPDX-License-Identifier: Apache-2.0 */
/* The nodes of the tree, computed from its leaves, held against those that are stored: every fourth level above the
 * leaves. Knows nothing of the database. */
#pragma once

#include "ctl/audit_chain.h"

struct audit_levels;

struct audit_levels *audit_levels_new(void);
void audit_levels_free(struct audit_levels *levels); /* NULL is fine */

/* A node as the leaves make it; those of a level in their order. */
void audit_levels_computed(struct audit_levels *levels, unsigned level, const struct merkle_hash *hash);
/* After all of them: a stored one; those of a level in their order. */
void audit_levels_stored(struct audit_levels *levels, const struct audit_node *node, audit_fault *fault, void *context);
/* After all of both: what is not stored. */
void audit_levels_finish(const struct audit_levels *levels, audit_fault *fault, void *context);
