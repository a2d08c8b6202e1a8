/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with the audit trail, event by event: content against leaf, leaves against the tree, sequences and MACs
 * against each writer's keys and against what the writer said it wrote. Knows nothing of the database. */
#pragma once

#include "pki/audit_key.h"
#include "pki/merkle.h"
#include "store/audit.h"

/* What is broken; the word is for programs. */
typedef void audit_fault(void *context, const char *word, const char *place, const char *what);

struct audit_chain;

/* key: of the writers; whole: see merkle_append. Both contexts are the same. */
struct audit_chain *audit_chain_new(const struct audit_key *key, audit_fault *fault, merkle_whole *whole,
                                    void *context);
void audit_chain_free(struct audit_chain *chain); /* NULL is fine */

/* Before the events: a writer wrote so many, and the last one has this MAC (hex). */
void audit_chain_head(struct audit_chain *chain, const char *writer, int64_t seq, const char *mac);
/* The next leaf of the tree, and its event if it is there. */
void audit_chain_leaf(struct audit_chain *chain, const struct audit_event *event);
/* An event that has no leaf yet; after the leaves, each writer's in their order. */
void audit_chain_unsealed(struct audit_chain *chain, const struct audit_event *event);
/* After all events: what writers wrote and is not there. */
void audit_chain_finish(struct audit_chain *chain);

const struct merkle_range *audit_chain_range(const struct audit_chain *chain);
int64_t audit_chain_events(const struct audit_chain *chain);
int64_t audit_chain_writers(const struct audit_chain *chain);

/* The octets whose SHA-256 is the event's leaf: a zero octet, then what audit_canonical answers in SQL. */
struct bytes audit_entry(struct arena *arena, const struct audit_event *event);
