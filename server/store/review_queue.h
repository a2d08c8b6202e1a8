/* SPDX-License-Identifier: Apache-2.0 */
/* The review desk's lists and who works on what: tabs, counts, claims, holds, figures. Caller: web. Every call checks
 * the session and the role in the database itself: all may be refused with unauthenticated and forbidden. */
#pragma once

#include "store/review.h"

#define REVIEW_PAGE_MAX   200
#define REVIEW_COUNT_MOST 1000 /* a tab is counted as far as this */

struct review_query {
    struct bytes token_digest;
    const char *tab;                                           /* waiting, mine, second, returned, held, done, sample */
    const char *after;                                         /* place of the last row seen; "" = from the start */
    int64_t page_size;                                         /* 1 to REVIEW_PAGE_MAX */
    const char *platform, *kind, *age, *risk, *payment, *text; /* "": any */
    const struct bytes *mobiles;                               /* the text as a mobile: marked indexes */
    size_t mobile_count;
};

struct review_item {
    const char *renewal_no, *platform, *subject, *organisation;
    int64_t submitted_at_us, paid_at_us;
    int64_t term_months, amount_fen;
    const char *status;
    const char *claimed_by; /* display name; "" when nobody holds it */
    int64_t claimed_at_us, claimed_until_us;
    bool expired;
    const char *risk, *finding; /* finding: the first check that found something */
    int64_t review_since_us, review_due_us;
    const char *gateway, *agent_name_masked;
    int64_t reviews_done, reviews_required;
    int64_t held_until_us;
    const char *held_reason, *decision; /* decision: of tab done */
    int64_t decided_at_us, version;
    const char *place;
};

struct review_page {
    const struct review_item *items;
    size_t count;
};

/* Refusal: place_unknown. */
enum err store_list_reviews(struct db *db, const struct review_query *query, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_list_reviews_read(const struct row *rows, struct arena *arena, struct review_page *out) MUST_CHECK;

struct review_count {
    const char *tab;
    int64_t cases; /* REVIEW_COUNT_MOST: as many or more */
};

struct review_counts {
    const struct review_count *items;
    size_t count;
};

enum err store_count_reviews(struct db *db, struct bytes token_digest, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK;
enum err store_count_reviews_read(const struct row *rows, struct arena *arena, struct review_counts *out) MUST_CHECK;

/* What the desk itself knows of a case, row by row. */
struct desk_row {
    const char *kind; /* check, action, step */
    const char *name, *word, *source, *detail;
    int64_t at_us, round;
};

struct desk_rows {
    const struct desk_row *items;
    size_t count;
};

/* Refusal: renewal_unknown. */
enum err store_get_desk(struct db *db, struct bytes token_digest, const char *renewal_no, int64_t deadline_ms,
                        db_done *done, void *context) MUST_CHECK;
enum err store_get_desk_read(const struct row *rows, struct arena *arena, struct desk_rows *out) MUST_CHECK;

struct claimed_case {
    const char *renewal_no; /* "": there is nothing to claim */
    const char *claimed_by; /* display name */
    int64_t claimed_until_us, version;
};

/* Claims or, for the holder, extends. Refusals: renewal_unknown, renewal_state, case_claimed, reviewer_same (has
 * approved this case already), reviewer_own, key_reused. */
enum err store_claim_case(struct db *db, const struct review_write *write, int64_t lease_s, int64_t deadline_ms,
                          db_done *done, void *context) MUST_CHECK;
enum err store_claim_case_read(const struct row *rows, struct arena *arena, struct claimed_case *out) MUST_CHECK;
/* Of case_claimed: by whom and until when. */
void store_claim_case_holder(const struct row *rows, struct arena *arena, struct claimed_case *out);
/* The one with the oldest promise, of a platform or any (""). Refusals: key_reused, case_not_claimed. */
enum err store_claim_next(struct db *db, const struct review_write *write, const char *platform, int64_t lease_s,
                          int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_claim_next_read(const struct row *rows, struct arena *arena, struct claimed_case *out) MUST_CHECK;

/* Refusals: renewal_unknown, case_claimed (somebody else's), key_reused. Releasing what nobody holds is fine. */
enum err store_release_case(struct db *db, const struct review_write *write, int64_t deadline_ms, db_done *done,
                            void *context) MUST_CHECK;
enum err store_release_case_read(const struct row *rows, struct arena *arena, int64_t *version) MUST_CHECK;

/* To a reviewer by name, or back to the queue (""). Refusals: forbidden, renewal_unknown, renewal_state, staff_unknown,
 * reviewer_same, reviewer_own, case_changed, key_reused. */
enum err store_reassign_case(struct db *db, const struct review_write *write, const char *to, int64_t lease_s,
                             int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_reassign_case_read(const struct row *rows, struct arena *arena, struct claimed_case *out) MUST_CHECK;

/* Refusals: as for approval, and hold_until. */
enum err store_hold_case(struct db *db, const struct review_write *write, int64_t until_us, const char *reason,
                         int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_hold_case_read(const struct row *rows, struct arena *arena, int64_t *version) MUST_CHECK;
/* Refusals: renewal_unknown, key_reused. */
enum err store_resume_case(struct db *db, const struct review_write *write, int64_t deadline_ms, db_done *done,
                           void *context) MUST_CHECK;
enum err store_resume_case_read(const struct row *rows, struct arena *arena, int64_t *version) MUST_CHECK;

/* verdict: right, wrong. Refusals: sample_unknown, sample_looked, reviewer_own, key_reused. */
enum err store_look_at_sample(struct db *db, const struct review_write *write, const char *verdict, const char *note,
                              int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_look_at_sample_read(const struct row *rows, struct arena *arena) MUST_CHECK;

struct review_figure {
    const char *name, *display_name; /* "": the whole desk */
    int64_t approved, returned, rejected;
    int64_t claim_median_s, claim_p90_s, decide_median_s, decide_p90_s;
    int64_t promised, kept, passed, sampled, sampled_wrong;
};

struct review_figures {
    const struct review_figure *items;
    size_t count;
};

/* Days as yyyy-mm-dd, both included. */
enum err store_get_review_figures(struct db *db, struct bytes token_digest, const char *from, const char *to,
                                  int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_get_review_figures_read(const struct row *rows, struct arena *arena,
                                       struct review_figures *out) MUST_CHECK;

/* How a platform's file wants its renewals reviewed. */
struct review_rules {
    const char *const *platforms, *const *versions;
    const int64_t *promised_days, *parallel, *risk_reviews, *risk_fen, *approval_days, *sample_permyriad, *sample_last,
        *wrong_permyriad;
    size_t count;
};

/* Before anything is applied for under them; safe to call again. Caller: web, at start and on reload. */
enum err store_publish_review_rules(struct db *db, const struct review_rules *rules, int64_t deadline_ms, db_done *done,
                                    void *context) MUST_CHECK;
enum err store_publish_review_rules_read(const struct row *rows, struct arena *arena) MUST_CHECK;
