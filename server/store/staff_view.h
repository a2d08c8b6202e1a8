/* SPDX-License-Identifier: Apache-2.0 */
/* Views of the desks' lists that somebody keeps for himself: a name for an address. Caller: web. All may be refused
 * with unauthenticated; all are safe to call again. */
#pragma once

#include "store/db.h"

#define STAFF_VIEW_MOST 50 /* of one person */

struct staff_view {
    int64_t id;
    const char *name, *address;
};

struct staff_views {
    const struct staff_view *items;
    size_t count;
};

enum err store_list_views(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                          void *context) MUST_CHECK;
enum err store_list_views_read(const struct row *rows, struct arena *arena, struct staff_views *out) MUST_CHECK;

/* Answers its number. Refusals: view_name_taken, view_limit. */
enum err store_add_view(struct db *db, struct bytes token_digest, const char *name, const char *address,
                        int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_add_view_read(const struct row *rows, struct arena *arena, int64_t *id) MUST_CHECK;

/* Refusals: view_unknown, view_name_taken. */
enum err store_rename_view(struct db *db, struct bytes token_digest, int64_t id, const char *name, int64_t deadline_ms,
                           db_done *done, void *context) MUST_CHECK;
enum err store_rename_view_read(const struct row *rows, struct arena *arena) MUST_CHECK;

enum err store_remove_view(struct db *db, struct bytes token_digest, int64_t id, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_remove_view_read(const struct row *rows, struct arena *arena) MUST_CHECK;
