/* SPDX-License-Identifier: Apache-2.0 */
/* One database call at a time, waited for, as xuqi_admin: all a command needs. */
#pragma once

#include "base/loop.h"
#include "ctl/ctl.h"
#include "store/db.h"

struct ctl_database;

/* Opens database.admin of the settings; says on stderr what is wrong. */
enum err ctl_database_open(const struct ctl *ctl, const struct settings *settings,
                           struct ctl_database **out) MUST_CHECK;
/* The same, with so many connections for writes at the same time. */
enum err ctl_database_open_several(const struct ctl *ctl, const struct settings *settings, unsigned writes,
                                   struct ctl_database **out) MUST_CHECK;
void ctl_database_close(struct ctl_database *database);
struct db *ctl_database_db(struct ctl_database *database);
struct loop *ctl_database_loop(struct ctl_database *database);
/* The done and context of a store call; ctl_database_wait runs the loop until it was called and returns its error.
 * read, when not NULL, sees the rows. */
typedef enum err ctl_rows(const struct row *rows, struct arena *arena, void *into);
void ctl_database_done(void *context, enum err err, const struct row *rows);
enum err ctl_database_wait(struct ctl_database *database, enum err started, ctl_rows *read, void *into) MUST_CHECK;
/* For store_admin_read: waits and prints the outcome word, or what went wrong. */
enum ctl_exit ctl_database_finish(struct ctl_database *database, enum err started);

#define CTL_CALL_MS 60000
