/* SPDX-License-Identifier: Apache-2.0 */
/* How far each writer's sequence was followed: a table by name. */
#pragma once

#include "pki/audit_key.h"
#include "pki/merkle.h"

#include <stdbool.h>

struct audit_writer_state {
    const char *name;
    int64_t seq;                   /* of the last event */
    uint8_t key[AUDIT_KEY_SIZE];   /* of the next one */
    uint8_t mac[MERKLE_HASH_SIZE]; /* of the last one */
    bool after_gap;                /* the MAC before the next event is not known */
    int64_t head_seq;              /* what the writer says it wrote; 0: nothing known */
    char head_mac[2 * MERKLE_HASH_SIZE + 1];
};

struct audit_writers;

struct audit_writers *audit_writers_new(const struct audit_key *key);
void audit_writers_free(struct audit_writers *writers); /* NULL is fine */
/* The writer of this name, at the beginning of its sequence when it is new. Valid until the next call. */
struct audit_writer_state *audit_writers_get(struct audit_writers *writers, const char *name);
void audit_writers_each(const struct audit_writers *writers,
                        void (*each)(void *context, const struct audit_writer_state *writer), void *context);
int64_t audit_writers_count(const struct audit_writers *writers);
