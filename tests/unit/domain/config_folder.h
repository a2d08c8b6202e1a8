/* SPDX-License-Identifier: Apache-2.0 */
/* A copy of the project's config/ in a folder of its own, with a settings file, for tests that spoil a line of it. */
#pragma once

#include "base/settings.h"

extern struct settings config_settings;
extern char config_faults[8192]; /* what was reported, one line each */

int config_open(void **state);
int config_close(void **state);
void config_report(void *context, const char *message);
/* Replaces the first `from` of a file below the folder; "" as from writes the file anew. */
void config_spoil(const char *file, const char *from, const char *to);
void config_remove(const char *file);
struct bytes config_digest(struct arena *into, struct bytes content);
