/* SPDX-License-Identifier: Apache-2.0 */
/* A bill into the database and reconciled: kept as it came, read to its end before a row is put, loaded, matched. On
 * the loop in slices, so that nothing else waits for a long bill; memory does not grow with its rows. Used by the jobs
 * that fetch and by xuqictl. */
#pragma once

#include "base/loop.h"
#include "base/settings.h"
#include "store/db.h"
#include "store/match.h"

struct bill_loading {
    struct loop *loop;
    struct db *db;
    const struct settings *settings;
    const char *rail, *day; /* "2026-11-20" */
    struct bytes file;      /* as it came; must outlive the call */
    const char *source;     /* "fetched", "uploaded", "command" */
    const char *actor;
    const char *sha1;     /* of the unpacked text in hex, where the gateway has told it; "" otherwise */
    const char *merchant; /* whose bill it must be; "": not looked at */
};

struct bill_loaded {
    int64_t rows, added, changed;
    bool known; /* these very bytes had been loaded before */
    struct match_counts counts;
    const char *fault; /* of ERR_BILL_MALFORMED: line and rule, for a person */
};

/* ERR_BILL_MALFORMED: the file is refused and kept with its fault; other errors: nothing is decided, try again. */
typedef void bill_load_done(void *context, enum err err, const struct bill_loaded *loaded);

/* done is called once, never from within. */
enum err bill_load(const struct bill_loading *loading, struct arena *arena, bill_load_done *done,
                   void *context) MUST_CHECK;

/* What was agreed with a rail's gateway in 1/10000, negative where nothing was set. */
int64_t bill_fee_rate(const struct settings *settings, const char *rail);
/* Our number at the rail as its bills write it; "" where it is not set up. */
const char *bill_merchant(const struct settings *settings, const char *rail);
