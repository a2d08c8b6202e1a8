/* SPDX-License-Identifier: Apache-2.0 */
/* The start of every process of xuqid and what each role does. */
#pragma once

#include "base/arena.h"
#include "base/settings.h"

struct role {
    const char *name;
    /* Serves until SIGTERM or SIGINT; the exit status of the process. index tells the processes of a role apart. */
    int (*run)(const struct settings *settings, struct arena *arena, int index);
};

int role_web_run(const struct settings *settings, struct arena *arena, int index);
int role_jobs_run(const struct settings *settings, struct arena *arena, int index);
int role_issuer_run(const struct settings *settings, struct arena *arena, int index);

/* Runs one process per role (as many as settings say for web), restarts what dies, stops all on SIGTERM or SIGINT. */
int supervisor_run(const struct settings *settings, const char *config_path);

/* No core dumps, no tracing by others of our own user, files for the owner only, as many descriptors as we may have. */
void process_harden(void);

/* The exit status for how a role's start ended. */
int process_status(enum err err);

#define EXIT_SETTINGS 3 /* starting again cannot help: the supervisor gives up on this */
