/* SPDX-License-Identifier: Apache-2.0 */
/* Money that we send through a bank, and the account verification that waits for it. Callers: jobs, which sends and
 * asks; web, where the account is corrected and the code entered; xuqictl, where a person decides what the bank does
 * not explain. */
#pragma once

#include "store/db.h"

/* -- jobs ------------------------------------------------------------------------------------------------------------
 */

struct payout_facts {
    const char *state;      /* queued, sent; anything else: nothing is to be done */
    bool held;              /* with the bank, and no question is left in this hour */
    const char *renewal_no; /* or the refund's number, or payout_request:… */
    const char *platform, *organisation;
    int64_t amount_fen;
    int64_t asked;               /* how often */
    const char *refused;         /* class of a refusal that is to be confirmed; "" */
    struct bytes account_sealed; /* as corrected; empty: in the application */
    struct bytes personal_sealed, evidence_sha256;
    bool repayment;           /* back where it came from, whose account follows; else the applicant's, sealed */
    const char *from_account; /* of ours, that it must leave; "": any */
    const char *payee_account, *payee_name, *payee_bank, *payee_bank_code;
};

/* Takes a question of the hour for a payout that is with the bank. */
enum err store_begin_payout(struct db *db, const char *client_id, int64_t queries_per_hour, int64_t deadline_ms,
                            db_done *done, void *context) MUST_CHECK;
/* payment_unknown: there is none. */
enum err store_begin_payout_read(const struct row *rows, struct arena *arena, struct payout_facts *out) MUST_CHECK;

/* The outbox row that the caller holds. */
struct payout_hold {
    int64_t id, lease_token;
    const char *client_id;
};

struct payout_sending {
    const char *bank, *from_account;
    struct bytes payee_sealed, payee_index;
    const char *payee_masked, *payee_bank_code;
    struct bytes code_salt, code_digest;
    const char *mode;
    int64_t per_account, per_hour, daily_budget_fen;
};

/* To be called, and to be answered PAYOUT_SEND, before the bank is. */
enum err store_send_payout(struct db *db, const struct payout_hold *hold, const struct payout_sending *sending,
                           int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;

enum payout_outcome {
    PAYOUT_SEND,
    PAYOUT_LATER,
    PAYOUT_REFUSED,
    PAYOUT_PAID,
    PAYOUT_FAILED,
    PAYOUT_PERSON,
    PAYOUT_STALE
};

/* For all three calls. */
enum err store_payout_outcome_read(const struct row *rows, struct arena *arena, enum payout_outcome *out) MUST_CHECK;

/* The bank's front end was certainly not reached. */
enum err store_unsend_payout(struct db *db, const struct payout_hold *hold, int64_t after_s, int64_t deadline_ms,
                             db_done *done, void *context) MUST_CHECK;

struct payout_word {
    const char *word;    /* pending, refused, paid, failed */
    const char *failure; /* class, of refused and failed */
    const char *said;    /* the bank's words */
    bool asked;          /* it is the answer to a question */
    int64_t after_s;     /* until the next one */
    bool last;           /* the quick looks are over */
    int64_t unknown_days, code_days, success_days;
};

enum err store_note_payout(struct db *db, const struct payout_hold *hold, const struct payout_word *word,
                           int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;

/* -- web -------------------------------------------------------------------------------------------------------------
 */

struct account_facts {
    const char *platform, *organisation;
};

/* renewal_unknown. */
enum err store_get_account_facts(struct db *db, const char *renewal_no, int64_t deadline_ms, db_done *done,
                                 void *context) MUST_CHECK;
enum err store_get_account_facts_read(const struct row *rows, struct arena *arena,
                                      struct account_facts *out) MUST_CHECK;

struct account_correction {
    const char *renewal_no;
    struct bytes sealed, whole_index, payee_index;
    const char *masked;
    int64_t payouts, per_account;
};

/* Refusals: renewal_unknown, renewal_state, payout_pending, account_payouts_used, account_limit. */
enum err store_put_account(struct db *db, const struct account_correction *correction, int64_t deadline_ms,
                           db_done *done, void *context) MUST_CHECK;
enum err store_put_account_read(const struct row *rows, struct arena *arena) MUST_CHECK;

/* Refusals: renewal_unknown, renewal_state, account_code_wrong (tries_left is set), account_tries_used,
 * account_code_expired, account_not_paid, account_unexpected. */
enum err store_confirm_account(struct db *db, const char *renewal_no, struct bytes code_digest, int64_t tries,
                               int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_confirm_account_read(const struct row *rows, struct arena *arena, int64_t *tries_left) MUST_CHECK;

/* -- xuqictl ---------------------------------------------------------------------------------------------------------
 */

struct open_payout {
    const char *client_id, *state, *renewal_no, *payee_masked, *bank_code, *word;
    int64_t amount_fen, created_at_us, sent_at_us, asked, next_at_us;
    bool person; /* nobody asks the bank any more */
};

struct open_payouts {
    const struct open_payout *items;
    size_t count;
};

enum err store_list_payouts(struct db *db, int64_t deadline_ms, db_done *done, void *context) MUST_CHECK;
enum err store_list_payouts_read(const struct row *rows, struct arena *arena, struct open_payouts *out) MUST_CHECK;

struct payout_decision {
    const char *client_id, *state, *failure, *evidence, *by;
    int64_t code_days, success_days;
};

/* Refusals: payout_unknown, payout_state. */
enum err store_decide_payout(struct db *db, const struct payout_decision *decision, int64_t deadline_ms, db_done *done,
                             void *context) MUST_CHECK; /* read by store_admin_read */
