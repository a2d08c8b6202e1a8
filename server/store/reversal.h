/* SPDX-License-Identifier: Apache-2.0 */
/* Postings that finance wants reversed: one member asks, another decides. Caller: web. Refusals of all:
 * unauthenticated, forbidden. Every one is safe to call again. */
#pragma once

#include "store/db.h"

#define REVERSAL_PAGE_MAX 200

struct reversal_query {
    struct bytes token_digest;
    const char *state;    /* asked, approved, refused, all */
    int64_t before, size; /* id of the last one seen; at most REVERSAL_PAGE_MAX */
};

/* A leg as it was posted. */
struct reversal_leg {
    const char *debit, *debit_owner, *credit, *credit_owner;
    int64_t amount_fen;
};

/* "" and 0 where there is nothing yet. */
struct reversal_item {
    int64_t id;
    const char *event_type, *event_key;
    int64_t posted_at_us;
    const char *posted_by, *reason, *state, *asked_by;
    int64_t asked_at_us;
    const char *decided_by;
    int64_t decided_at_us;
    const struct reversal_leg *legs;
    size_t leg_count;
};

struct reversal_page {
    const struct reversal_item *items;
    size_t count;
};

enum err store_list_reversals(struct db *db, const struct reversal_query *query, int64_t deadline_ms, db_done *done,
                              void *context) MUST_CHECK;
enum err store_list_reversals_read(const struct row *rows, struct arena *arena, struct reversal_page *out) MUST_CHECK;

struct reversal_request {
    struct bytes token_digest;
    const char *event_type, *event_key, *reason;
};
/* Answers the question's number, that of an open one as well. Refusals: posting_unknown, posting_reversed,
 * posting_held. */
enum err store_ask_reversal(struct db *db, const struct reversal_request *ask, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_ask_reversal_read(const struct row *rows, struct arena *arena, int64_t *id) MUST_CHECK;

/* Answers the state: approved or refused. Refusals: reversal_unknown, reversal_decided, reversal_same,
 * posting_reversed, posting_held, overdrawn. */
enum err store_decide_reversal(struct db *db, struct bytes token_digest, int64_t id, bool approve, int64_t deadline_ms,
                               db_done *done, void *context) MUST_CHECK;
enum err store_decide_reversal_read(const struct row *rows, struct arena *arena, const char **state) MUST_CHECK;
