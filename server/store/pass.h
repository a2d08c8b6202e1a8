/* SPDX-License-Identifier: Apache-2.0 */
/* How the platforms whose clean cases pass without a person do, and letting them pass again after they were stopped. */
#pragma once

#include "store/db.h"

struct pass {
    const char *platform;
    int64_t sample_permyriad;             /* drawn for a later look */
    int64_t sample_last, wrong_permyriad; /* of so many samples no more than this share may be wrong */
    int64_t looked, wrong;                /* of the last samples, since it was last resumed */
    int64_t samples_open, mistakes_open;
    int64_t stop; /* 0: cases pass */
    int64_t stopped_at_us, stop_wrong, stop_looked;
    const char *resumed_by, *resumed_why; /* "": never */
    int64_t resumed_at_us;
    const char *resume; /* "", or the code of why the caller may not */
};

struct passes {
    struct pass *items;
    size_t count;
};

enum err store_list_passes(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_list_passes_read(const struct row *rows, struct arena *arena, struct passes *out) MUST_CHECK;
/* stop: which one was seen. Safe to call again. Refusals: platform_forbidden, pass_running, mistakes_open. */
enum err store_resume_pass(struct db *db, struct bytes token_digest, const char *platform, int64_t stop,
                           const char *reason, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_resume_pass_read(const struct row *rows, struct arena *arena) MUST_CHECK;
