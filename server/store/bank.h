/* SPDX-License-Identifier: Apache-2.0 */
/* Bank branches: searched by web, replaced as a whole by xuqictl. */
#pragma once

#include "store/db.h"

struct bank_query {
    const char *const *words; /* canonical, two characters or more */
    size_t word_count;
    const char *const *numbers; /* digits: how the code begins */
    size_t number_count;
    int64_t limit;
};

struct bank_branch {
    const char *code, *name, *bank, *province, *city;
};

struct bank_branches {
    const struct bank_branch *items; /* best first */
    size_t count;
};

/* Reads only. */
enum err store_search_banks(struct db *db, const struct bank_query *query, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_search_banks_read(const struct row *rows, struct arena *arena, struct bank_branches *out) MUST_CHECK;

struct bank_import {
    const char *const *codes, *const *names, *const *banks, *const *provinces, *const *cities, *const *searches;
    size_t count;
    bool apply; /* false: only count */
};

struct bank_imported {
    bool applied; /* something was changed */
    int64_t added, changed, removed, unchanged;
};

/* Safe to call again. */
enum err store_import_banks(struct db *db, const struct bank_import *import, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_import_banks_read(const struct row *rows, struct arena *arena, struct bank_imported *out) MUST_CHECK;
