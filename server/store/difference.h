/* SPDX-License-Identifier: Apache-2.0 */
/* What finance sees and does about reconciliation: days, differences, bills handed in, payouts, why clearing accounts
 * hold what they hold. Caller: web; xuqictl explains. Refusals of all: unauthenticated, forbidden. */
#pragma once

#include "store/db.h"
#include "store/match.h"

#define DIFFERENCE_PAGE_MAX 1000

/* -- days ---------------------------------------------------------------------------------------------------------- */

struct listed_match_day {
    const char *day;
    struct match_day it;
};

struct listed_match_days {
    const struct listed_match_day *items;
    size_t count;
};

/* At most 32 days from `from` on. */
enum err store_list_match(struct db *db, struct bytes token_digest, const char *from, const char *to,
                          int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_match_read(const struct row *rows, struct arena *arena, struct listed_match_days *out) MUST_CHECK;
/* Has a day fetched and reconciled once more. Refusal: bill_missing (it is not over). */
enum err store_match_again(struct db *db, struct bytes token_digest, const char *rail, const char *day,
                           int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_match_again_read(const struct row *rows, struct arena *arena) MUST_CHECK;
/* Keeps it for jobs to read. */
enum err store_upload_bill(struct db *db, struct bytes token_digest, const char *rail, const char *day,
                           struct bytes sha256, struct bytes file, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_upload_bill_read(const struct row *rows, struct arena *arena, int64_t *file_id) MUST_CHECK;

/* -- differences --------------------------------------------------------------------------------------------------- */

struct difference_query {
    struct bytes token_digest;
    const char *rail, *state, *day; /* "": all; state unexplained: waiting and open */
    int64_t after, page_size;
};

struct difference {
    int64_t id;
    const char *rail, *day, *class, *kind, *gateway_id, *attempt_no, *refund_no, *renewal_no, *our_day, *their_day;
    int64_t ours_fen, theirs_fen, our_fee_millifen, their_fee_millifen, booked_fen;
    const char *note, *action, *state, *owner;
    int64_t age_days, opened_at_us, closed_at_us;
    const char *resolved_by, *reason;
    const char *last_word; /* of the gateway about the attempt */
    int64_t asked_at_us;   /* because of this difference */
    const char *answer, *answer_said;
    int64_t answered_at_us;
    int64_t version;
};

struct differences {
    const struct difference *items;
    size_t count;
};

enum err store_list_differences(struct db *db, const struct difference_query *query, int64_t deadline_ms, db_done *done,
                                void *context) MUST_CHECK;
enum err store_list_differences_read(const struct row *rows, struct arena *arena, struct differences *out) MUST_CHECK;
/* version: as it was seen. Refusals: difference_unknown, difference_closed, difference_changed, staff_unknown. */
enum err store_assign_difference(struct db *db, struct bytes token_digest, int64_t id, const char *owner,
                                 int64_t version, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_assign_difference_read(const struct row *rows, struct arena *arena) MUST_CHECK;
/* suspense: what it leaves in clearing is moved out of it. version 0: not said. Refusals: difference_unknown,
 * difference_closed, difference_changed. */
enum err store_resolve_difference(struct db *db, struct bytes token_digest, int64_t id, const char *reason,
                                  bool suspense, int64_t version, int64_t deadline_ms, db_done *done,
                                  void *context) MUST_CHECK;
enum err store_resolve_difference_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* -- payouts and clearing ------------------------------------------------------------------------------------------ */

struct settlement {
    struct bytes token_digest;
    const char *rail, *day;
    int64_t amount_fen; /* negative: the gateway took it back */
    const char *reference, *arrived_on, *bank_account;
};

/* Refusals: settlement_differs, settlement_line_unknown. */
enum err store_book_settlement(struct db *db, const struct settlement *settlement, int64_t deadline_ms, db_done *done,
                               void *context) MUST_CHECK;
enum err store_book_settlement_read(const struct row *rows, struct arena *arena) MUST_CHECK;

struct clearing_day {
    const char *day; /* "": the whole balance, last */
    int64_t booked_fen, statement_fen, differences_fen, arrived_fen, remaining_fen;
    const char *why; /* awaiting_bill, awaiting_payout, differences, unexplained; balance */
    int64_t unexplained_fen;
};

struct clearing_days {
    const struct clearing_day *items;
    size_t count;
};

enum err store_explain_clearing(struct db *db, struct bytes token_digest, const char *rail, int64_t deadline_ms,
                                db_done *done, void *context) MUST_CHECK;
enum err store_explain_clearing_read(const struct row *rows, struct arena *arena, struct clearing_days *out) MUST_CHECK;
