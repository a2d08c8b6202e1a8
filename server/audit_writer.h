/* SPDX-License-Identifier: Apache-2.0 */
/* What makes the database sessions of a process writers onto the audit trail, by the settings. */
#pragma once

#include "base/settings.h"
#include "store/db.h"

/* In arena, which must live as long as the database. Makes the folders that are missing. ERR_SETTINGS_INVALID, logged.
 */
enum err audit_writer(const struct settings *settings, const char *role, struct arena *arena,
                      const struct db_writer **out) MUST_CHECK;
