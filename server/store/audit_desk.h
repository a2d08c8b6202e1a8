/* SPDX-License-Identifier: Apache-2.0 */
/* The audit trail as auditors and administrators read it. Caller: web. Refusals of both: unauthenticated, forbidden.
 * Reads only. */
#pragma once

#include "store/db.h"

#define AUDIT_PAGE_MAX 200

struct audit_asking {
    struct bytes token_digest;
    const char *actor, *action, *object, *from, *to; /* "": all; days as yyyy-mm-dd */
    int64_t before, size;                            /* before 0: from the newest */
};

struct audit_row {
    int64_t id, at_us;
    const char *actor, *action, *object, *detail;
    int64_t leaf_index;      /* -1: waits to be sealed */
    int64_t checkpoint_size; /* of the first that covers it; 0: waits to be signed */
    int64_t signed_at_us;
    bool broken; /* it is not what was sealed */
};

struct audit_rows {
    const struct audit_row *items;
    size_t count;
    int64_t next_before; /* where to go on; 0: there is nothing more */
};

enum err store_list_events(struct db *db, const struct audit_asking *asking, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_list_events_read(const struct row *rows, struct arena *arena, struct audit_rows *out) MUST_CHECK;

struct audit_look {
    int64_t id, at_us;
    const char *actor, *action, *object, *detail, *writer;
    int64_t writer_seq;
    int64_t leaf_index; /* -1: waits to be sealed */
    struct bytes hash;
    int64_t sealed_at_us;
    int64_t size; /* of the newest checkpoint; 0: waits to be signed */
    const char *note;
    int64_t signed_at_us;
    bool broken;       /* it is not what was sealed */
    struct bytes path; /* from the leaf to its root, one hash after the other */
};

/* Refusal: event_unknown. */
enum err store_get_event(struct db *db, struct bytes token_digest, int64_t event_id, int64_t deadline_ms, db_done *done,
                         void *context) MUST_CHECK;
enum err store_get_event_read(const struct row *rows, struct arena *arena, struct audit_look *out) MUST_CHECK;
