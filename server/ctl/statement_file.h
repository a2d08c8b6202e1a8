/* SPDX-License-Identifier: Apache-2.0 */
/* A statement file on its way into the database: read, told how far it is, sent chunk by chunk. */
#pragma once

#include "ctl/database.h"
#include "statement/statement.h"
#include "store/statement.h"

/* Chunks are made ready by so many at the same time. */
#define STATEMENT_CONNECTIONS 2

struct statement_file {
    const struct ctl *ctl;
    struct ctl_database *database;
    const struct bank_formats *formats;
    const char *path, *account_no;
    const char *by;
    /* What became of it. */
    int64_t upload_id;
    struct statement_summary summary;
    struct bytes sha256;
};

/* Every fault is printed, the first ones in full; then nothing is left in the database. */
enum err statement_file_send(struct statement_file *file) MUST_CHECK;
