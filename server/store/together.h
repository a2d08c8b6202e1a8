/* SPDX-License-Identifier: Apache-2.0 */
/* Those that wait for the same procedure at the same moment go to the database in one call: one round trip and one
 * commit for all, while each gets its own answer. What arrives while a call is under way makes up the next one. When a
 * call is refused as a whole, each of it is tried once more alone, so that one bad certificate takes no other along. */
#pragma once

#include "base/loop.h"
#include "store/db.h"

#include <stdbool.h>

struct together;

#define TOGETHER_MAX 64 /* in one call: more would keep the others waiting longer than it saves */

/* Embedded in what waits; in one queue at a time. */
struct waiting {
    struct waiting *next;
    int64_t fence;
};

struct together_kind {
    /* Starts the one call for these; all of them have this fence. */
    enum err (*send)(void *server, int64_t fence, struct waiting *const *items, size_t count, db_done *done,
                     void *context);
    /* rows is NULL unless err is OK. May add again. */
    void (*answer)(struct waiting *item, enum err err, const struct row *rows, size_t row);
    /* Whether the next call is to wait, until more arrive or together_resume, when it would hold so many. NULL: never.
     */
    bool (*hold)(const void *server, size_t count);
};

struct together *together_new(const struct together_kind *kind, struct loop *loop, void *server);
/* Never answers before it returns. */
void together_add(struct together *together, struct waiting *item, int64_t fence);
/* hold has become false. */
void together_resume(struct together *together);
/* After the database is closed. NULL is fine. */
void together_free(struct together *together);
