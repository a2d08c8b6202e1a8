/* SPDX-License-Identifier: Apache-2.0 */
/* What proves a renewal. Caller: xuqictl. */
#pragma once

#include "store/db.h"

struct evidence_file {
    const char *name;     /* may have one folder in front */
    const char *place;    /* where it was sealed; "": it is not */
    struct bytes context; /* to what it was bound */
    struct bytes content;
};

struct evidence_files {
    struct evidence_file *items;
    size_t count;
};

/* On the audit trail, with its reason. ERR_RENEWAL_UNKNOWN from _read. */
enum err store_take_evidence(struct db *db, const char *renewal_no, const char *actor, const char *reason,
                             int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_take_evidence_read(const struct row *rows, struct arena *arena, struct evidence_files *out) MUST_CHECK;

struct evidence_events {
    int64_t *ids;
    size_t count;
};

enum err store_list_evidence_events(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                                    void *context) MUST_CHECK;
enum err store_list_evidence_events_read(const struct row *rows, struct arena *arena,
                                         struct evidence_events *out) MUST_CHECK;
