/* SPDX-License-Identifier: Apache-2.0 */
/* A throw-away PostgreSQL 15 cluster for tests: in a folder of its own under /tmp, on a Unix socket only, as user
 * postgres when the test runs as root. It ends with the test, even when that crashes. Anything that does not work
 * ends the test with a message. */
#pragma once

struct pg;

/* initdb and start; no fsync. */
struct pg *pg_start(void);
/* Stops it and removes its folder. */
void pg_free(struct pg *pg);

/* Connection string of the superuser and the database "postgres"; lives as long as pg. */
const char *pg_conninfo(const struct pg *pg);
/* As if the power had gone (pg_ctl stop -m immediate), and the start after it. */
void pg_crash(struct pg *pg);
void pg_restart(struct pg *pg);

/* Runs statements over a connection of its own. */
void pg_run(struct pg *pg, const char *sql);
/* Runs a file of statements, as psql -v ON_ERROR_STOP=1 -f does. */
void pg_run_file(struct pg *pg, const char *path);
/* The first column of the first row as text, to be freed; "" when there is none or it is null. */
char *pg_value(struct pg *pg, const char *sql);
