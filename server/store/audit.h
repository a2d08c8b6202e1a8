/* SPDX-License-Identifier: Apache-2.0 */
/* The audit trail: sealing events into its tree (jobs), what the tree's signer needs (issuer), and everything that was
 * written, to be verified (xuqictl). */
#pragma once

#include "store/db.h"

/* -- jobs --------------------------------------------------------------------------------------------------------- */

struct audit_sealing {
    int64_t sealed, size;
};

/* Gives at most limit committed events their places in the tree. */
enum err store_seal_audit(struct db *db, int64_t limit, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_seal_audit_read(const struct row *rows, struct audit_sealing *out) MUST_CHECK;

/* -- issuer -------------------------------------------------------------------------------------------------------- */

struct audit_head {
    int64_t leaves;   /* in the tree */
    int64_t size;     /* of the last checkpoint; 0: none yet */
    const char *note; /* it */
};

enum err store_audit_head(struct db *db, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_audit_head_read(const struct row *rows, struct arena *arena, struct audit_head *out) MUST_CHECK;
/* The roots of the whole subtrees of a tree of this size, one after the other; empty where a leaf is missing. */
enum err store_audit_range(struct db *db, int64_t size, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
/* The hashes of leaves, one after the other. */
enum err store_audit_leaves(struct db *db, int64_t from, int64_t limit, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
/* Of both. */
enum err store_audit_hashes_read(const struct row *rows, struct arena *arena, struct bytes *out) MUST_CHECK;

struct audit_checkpoint {
    int64_t size;
    struct bytes root;
    const char *note;
    int64_t signed_at_us;
    struct bytes token; /* RFC 3161; empty: none */
    int64_t stamped_at_us;
};

/* Safe to call again with the same note. Refusals: fenced, busy (there is a later one, or another of this size). */
enum err store_record_checkpoint(struct db *db, int64_t fence, const struct audit_checkpoint *checkpoint,
                                 int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_record_checkpoint_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* -- time stamps: jobs ----------------------------------------------------------------------------------------------
 */

/* The checkpoint that is to be stamped now, of size 0 when none is, and how long the oldest one without has waited. */
enum err store_timestamp_due(struct db *db, int64_t every_s, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
enum err store_timestamp_due_read(const struct row *rows, struct arena *arena, struct audit_checkpoint *out,
                                  int64_t *lag_s) MUST_CHECK;
/* Size, token and time of checkpoint. Safe to call again. Refusal: checkpoint_unknown. */
enum err store_record_timestamp(struct db *db, const struct audit_checkpoint *checkpoint, int64_t deadline_ms,
                                db_done *done, void *context) MUST_CHECK;
enum err store_record_timestamp_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* -- xuqictl ------------------------------------------------------------------------------------------------------- */

struct audit_event {
    int64_t leaf_index; /* -1: not sealed */
    struct bytes hash;  /* of the leaf, as stored */
    int64_t id;
    bool present; /* false: the leaf has no event any more */
    const char *writer;
    int64_t writer_seq, at_us, xid;
    const char *actor, *action, *object, *detail;
    struct bytes mac;
};

struct audit_events {
    struct audit_event *items;
    size_t count;
};

enum err store_list_leaves(struct db *db, int64_t from, int64_t limit, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_list_leaves_read(const struct row *rows, struct arena *arena, struct audit_events *out) MUST_CHECK;
enum err store_list_unsealed_events(struct db *db, int64_t limit, int64_t deadline_ms, db_done *done,
                                    void *context) MUST_CHECK;
enum err store_list_unsealed_events_read(const struct row *rows, struct arena *arena,
                                         struct audit_events *out) MUST_CHECK;

struct audit_checkpoints {
    struct audit_checkpoint *items;
    size_t count;
};

enum err store_list_checkpoints(struct db *db, int64_t after, int64_t limit, int64_t deadline_ms, db_done *done,
                                void *context) MUST_CHECK;
enum err store_list_checkpoints_read(const struct row *rows, struct arena *arena,
                                     struct audit_checkpoints *out) MUST_CHECK;

/* Read by store_list_checkpoints_read. One at most: the checkpoint with a token that says most about this event. */
enum err store_get_stamped(struct db *db, int64_t event_id, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;

struct audit_node {
    int64_t level, index;
    struct bytes hash;
};

struct audit_nodes {
    struct audit_node *items;
    size_t count;
};

enum err store_list_nodes(struct db *db, int64_t level, int64_t after, int64_t limit, int64_t deadline_ms,
                          db_done *done, void *context) MUST_CHECK;
enum err store_list_nodes_read(const struct row *rows, struct arena *arena, struct audit_nodes *out) MUST_CHECK;

struct audit_proof {
    struct audit_event event;
    struct bytes path;
    int64_t size;
    const char *note;
};

/* Refusals: event_unknown, event_not_signed. */
enum err store_prove_event(struct db *db, int64_t event_id, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_prove_event_read(const struct row *rows, struct arena *arena, struct audit_proof *out) MUST_CHECK;

struct audit_consistency {
    const char *old_note, *new_note;
    struct bytes path;
};

/* Refusal: checkpoint_unknown. */
enum err store_prove_between(struct db *db, int64_t old_size, int64_t new_size, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
enum err store_prove_between_read(const struct row *rows, struct arena *arena,
                                  struct audit_consistency *out) MUST_CHECK;

/* Onto the trail: it is about to be exported. */
enum err store_note_audit_export(struct db *db, const char *actor, int64_t deadline_ms, db_done *done,
                                 void *context) MUST_CHECK;
enum err store_note_audit_export_read(const struct row *rows, struct arena *arena) MUST_CHECK;
