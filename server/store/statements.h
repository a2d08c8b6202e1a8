/* SPDX-License-Identifier: Apache-2.0 */
/* THE statement tables: what each role's connections prepare at start. A role prepares only what its database role may
 * execute. */
#pragma once

#include "store/db.h"

extern const struct db_statement *const web_statements[];
extern const size_t web_statement_count;
extern const struct db_statement *const jobs_statements[];
extern const size_t jobs_statement_count;
extern const struct db_statement *const issuer_statements[];
extern const size_t issuer_statement_count;
extern const struct db_statement *const admin_statements[];
extern const size_t admin_statement_count;
