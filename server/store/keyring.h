/* SPDX-License-Identifier: Apache-2.0 */
/* Where sealed values and blind indexes are and which key they use; putting one sealed anew in its place. Caller:
 * xuqictl key, as xuqi_admin. */
#pragma once

#include "store/db.h"

enum sealed_kind {
    SEALED_VALUE,
    SEALED_INDEX,  /* a blind index, made anew with the keys */
    SEALED_LOOKUP, /* what somebody is known by, under the lookup key */
};

struct sealed_place {
    const char *name;  /* table.column */
    const char *place; /* for seal and seal_index */
    enum sealed_kind kind;
    const char *key_id; /* hex; "" where nothing is sealed yet */
    int64_t uses;
};

struct sealed_places {
    const struct sealed_place *items; /* at least one of each column, those of one column together */
    size_t count;
};

enum err store_list_sealed(struct db *db, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_sealed_read(const struct row *rows, struct arena *arena, struct sealed_places *out) MUST_CHECK;

struct stale_value {
    const char *row_key, *source; /* source: the place that sealed was sealed for */
    struct bytes context, sealed, held_sha256;
};

struct stale_values {
    const struct stale_value *items;
    size_t count;
};

/* Values of a column that do not use this key, after a row. */
enum err store_list_stale(struct db *db, const char *name, struct bytes key_id, const char *after, int64_t batch,
                          int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_stale_read(const struct row *rows, struct arena *arena, struct stale_values *out) MUST_CHECK;

enum err store_replace_sealed(struct db *db, const char *name, const struct stale_value *stale, struct bytes value,
                              int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
/* replaced: false when somebody else changed the row meanwhile. */
enum err store_replace_sealed_read(const struct row *rows, struct arena *arena, bool *replaced) MUST_CHECK;

/* Onto the audit trail. */
enum err store_note_key(struct db *db, const char *action, const char *key_id, const char *detail, int64_t deadline_ms,
                        db_done *done, void *context) MUST_CHECK;
enum err store_note_key_read(const struct row *rows, struct arena *arena) MUST_CHECK;
