/* SPDX-License-Identifier: Apache-2.0 */
/* What the administration's pages read: rules and versions of prices, halts, the calendar, agreements. Caller: web.
 * Refusals of all: unauthenticated, forbidden. Reads only. */
#pragma once

#include "store/db.h"

#define FEE_VERSION_PAGE_MAX 50

/* -- platforms --------------------------------------------------------------------------------------------------- */

struct platform_look {
    const char *platform;
    int64_t fee_version; /* 0: none is loaded */
    const char *loaded_by;
    int64_t loaded_at_us, published_at_us; /* 0: not yet */
};

struct platform_looks {
    const struct platform_look *items; /* those that the caller's rights reach */
    size_t count;
};

/* versions: of the files in force, one for each. */
enum err store_look_at_platforms(struct db *db, struct bytes token_digest, const char *const *platforms,
                                 const char *const *versions, size_t count, int64_t deadline_ms, db_done *done,
                                 void *context) MUST_CHECK;
enum err store_look_at_platforms_read(const struct row *rows, struct arena *arena,
                                      struct platform_looks *out) MUST_CHECK;

struct fee_change {
    int64_t version;
    const char *loaded_by;
    int64_t loaded_at_us;
    int64_t request_id; /* 0: loaded from a file */
    const char *asked_by;
    int64_t asked_at_us;
    const char *decided_by;
    int64_t decided_at_us;
    const char *reason;
    const char *effective_on; /* "": this version changed nothing, and what follows is empty */
    const char *change;       /* "added", "removed", "changed", "same" */
    int64_t months;
    const char *name_was;
    int64_t unit_was_fen, quantity_was;
    const char *name;
    int64_t unit_fen, quantity;
};

struct fee_changes {
    const struct fee_change *items; /* by version, newest first */
    size_t count;
};

/* before 0: from the newest; size versions. Refusal: platform_forbidden. */
enum err store_list_fee_versions(struct db *db, struct bytes token_digest, const char *platform, int64_t before,
                                 int64_t size, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_fee_versions_read(const struct row *rows, struct arena *arena, struct fee_changes *out) MUST_CHECK;

/* -- issuance ---------------------------------------------------------------------------------------------------- */

/* "" and 0 where there is nothing. */
struct halt {
    int64_t id;
    const char *reason;
    int64_t halted_at_us;
    const char *halted_by, *halt_agreed_by; /* "admin": the console, which acts alone */
    int64_t released_at_us;
    const char *released_by, *release_agreed_by, *release_reason;
};

struct halts {
    const struct halt *items;
    size_t count;
};

enum err store_list_halts(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                          void *context) MUST_CHECK;
enum err store_list_halts_read(const struct row *rows, struct arena *arena, struct halts *out) MUST_CHECK;

/* -- calendar and agreements ------------------------------------------------------------------------------------- */

struct calendar_row {
    int64_t year;
    const char *source, *sha256;
    int64_t imported_at_us;
    const char *day; /* "": of a year whose days were not asked for */
    bool working;
    const char *name;
};

struct calendar_rows {
    const struct calendar_row *items;
    size_t count;
};

/* year 0: the newest. */
enum err store_list_calendar(struct db *db, struct bytes token_digest, int64_t year, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
enum err store_list_calendar_read(const struct row *rows, struct arena *arena, struct calendar_rows *out) MUST_CHECK;

struct agreement_version {
    const char *kind, *id, *version, *sha256, *title;
    int64_t published_at_us;
};

struct agreement_versions {
    const struct agreement_version *items;
    size_t count;
};

enum err store_list_agreements(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                               void *context) MUST_CHECK;
enum err store_list_agreements_read(const struct row *rows, struct arena *arena,
                                    struct agreement_versions *out) MUST_CHECK;
