/* SPDX-License-Identifier: Apache-2.0 */
/* The texts that applicants accept, each kept once by version. Caller: web, at start. */
#pragma once

#include "store/db.h"

struct published_agreement {
    const char *kind, *id, *version, *title, *sha256, *text;
};

/* Safe to call again. Refusal: agreement_text_changed. */
enum err store_publish_agreement(struct db *db, const struct published_agreement *agreement, int64_t deadline_ms,
                                 db_done *done, void *context) MUST_CHECK;
enum err store_publish_agreement_read(const struct row *rows, struct arena *arena) MUST_CHECK;
