/* SPDX-License-Identifier: Apache-2.0 */
/* When the certificates that this installation lives by end: gathered from where they are used, so that somebody is
 * told in time. */
#pragma once

#include "base/arena.h"

#include <stdint.h>

struct expiry {
    const char *setting; /* which names the file: "unionpay.pfx_file" */
    const char *file;    /* "" when it came another way */
    const char *subject; /* RFC 2253 */
    int64_t not_after_us;
};

struct expiries {
    struct arena *arena;
    struct expiry *items;
    size_t count, room;
};

/* Texts are copied. */
void expiries_add(struct expiries *list, const char *setting, const char *file, const char *subject,
                  int64_t not_after_us);
/* Every certificate of a PEM file; one with keys only adds nothing, and so does one that cannot be read: whoever uses
 * it says so. */
void expiries_add_file(struct expiries *list, const char *setting, const char *file);
/* Full days until the end, rounded down; negative: over. */
int64_t expiry_days_left(const struct expiry *expiry, int64_t now_us);
/* One line for each that ends within warn_days (a warning) or has ended (an error): which file, when, what to do. How
 * many there were. */
size_t expiries_log(const struct expiries *list, int64_t warn_days, int64_t now_us);
