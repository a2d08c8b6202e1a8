/* SPDX-License-Identifier: Apache-2.0 */
/* The account verification (金融认证): where it stands, why it did not succeed and what the applicant should do, and
 * the code that he read in his account's movements. */
#pragma once

#include "base/arena.h"

#include <stdint.h>

#define ACCOUNT_CODE_DIGITS 6

struct account_verification {
    const char *state;  /* paying, confirming, failed, passed */
    const char *mode;   /* code_entry, payout_success; "" before the payout is sent */
    const char *reason; /* failed: why; else "" */
    const char *proof;  /* passed: code, payout, transfer; else "" */
    int64_t payouts;    /* made */
    int64_t tries;      /* with the last code */
    int64_t expires_us; /* 0: never */
    const char *masked; /* the account; "" where it is not known yet */
    const char *payout; /* state of the last payout; "" when there is none */
};

/* The words of account_progress.sql; "" reads as nothing, state "". */
struct account_verification account_verification_read(struct arena *arena, const char *words);

struct account_reason {
    const char *reason;
    const char *zh, *en, *fix_zh, *fix_en;
};

/* Never NULL: a general sentence for a word that this program does not know. */
const struct account_reason *account_reason(const char *reason);
/* What to do where no payout is left. */
extern const struct account_reason account_no_payout_left;

/* What a state is called, and what the applicant is to do about it. */
const char *account_state_zh(const struct account_verification *it);
const char *account_hint_zh(const struct account_verification *it);
const char *account_hint_en(const struct account_verification *it);

/* The one run of exactly six digits in what was typed or copied, full width or half, whatever stands around it; NULL
 * where there is none or more than one. */
const char *account_code_in(struct arena *arena, const char *typed);
