/* SPDX-License-Identifier: Apache-2.0 */
/* Holidays and shifted working days, by which promises are counted. Caller: xuqictl. */
#pragma once

#include "store/db.h"

struct calendar_import {
    int64_t year;
    const char *source, *sha256; /* of the file, hex */
    const char *const *days, *const *names;
    const int64_t *working;
    size_t count;
};

struct calendar_imported {
    bool applied; /* false: all of it was there */
    int64_t added, changed, removed;
};

/* The year becomes what is given, whole. Safe to call again. */
enum err store_import_calendar(struct db *db, const struct calendar_import *import, int64_t deadline_ms, db_done *done,
                               void *context) MUST_CHECK;
enum err store_import_calendar_read(const struct row *rows, struct arena *arena,
                                    struct calendar_imported *out) MUST_CHECK;
