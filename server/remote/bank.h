/* SPDX-License-Identifier: Apache-2.0 */
/* The bank link: pay, ask what became of a payment, read an account's movements and balance. One table of functions per
 * bank, so that another bank is another table (bank.c). Builds and reads messages and calls nobody. */
#pragma once

#include "base/settings.h"
#include "remote/http.h"

#include <stdbool.h>

struct bank;

/* The bank that bank.link names, with its settings and credentials; NULL when that is empty. ERR_SETTINGS_INVALID. */
enum err bank_load(const struct settings *settings, struct arena *arena, struct bank **out) MUST_CHECK;
const char *bank_name(const struct bank *bank);
/* Ours, that pays and whose movements are read; digits. */
const char *bank_account(const struct bank *bank);

/* -- paying -------------------------------------------------------------------------------------------------------- */

struct bank_payment {
    const char *client_id; /* fixed and committed before: the bank knows the payment by it */
    const char *payee_account, *payee_name, *payee_bank_name, *payee_bank_code;
    int64_t amount_fen;
    const char *code;   /* leads the bank's own remark (bank.remark) … */
    const char *remark; /* … or, not NULL: this is the whole of it */
};

enum bank_word {
    BANK_PENDING,   /* accepted, under way, unknown, unreadable: asked again, never sent again */
    BANK_REFUSED,   /* the bank will not do it, its answer to the payment itself: to be confirmed by asking once */
    BANK_NOT_FOUND, /* its answer to a question: of no use by itself, the confirmation of a refusal */
    BANK_PAID,
    BANK_FAILED,
};

struct bank_answer {
    enum bank_word word;
    const char *failure; /* refused and failed: a class of payout.failure in SQL; else "" */
    const char *said;    /* the bank's code and words, UTF-8; in arena */
};

/* ERR_FIELDS_INVALID: a text that the bank's encoding does not have, or one too long for its field. */
enum err bank_pay(const struct bank *bank, struct arena *arena, const struct bank_payment *payment,
                  struct http_request *out) MUST_CHECK;
struct bank_answer bank_read_paying(const struct bank *bank, struct arena *arena, const struct http_answer *answer);
enum err bank_ask(const struct bank *bank, struct arena *arena, const char *client_id,
                  struct http_request *out) MUST_CHECK;
/* The class of why money did not stay, by the bank's or a statement's words with it; "" when they say nothing of it. */
const char *bank_failure(const char *words);
struct bank_answer bank_read_asking(const struct bank *bank, struct arena *arena, const struct http_answer *answer);

/* -- looking at the account ------------------------------------------------------------------------------------------
 */

#define BANK_DAY_SIZE 9 /* "20261121" */

struct bank_movement {
    char day[BANK_DAY_SIZE];
    const char *time;      /* "hhmmss" or "" */
    const char *number;    /* the bank's own, the same whenever the movement is read again */
    const char *reference; /* what other movements name it by */
    bool credit;           /* money came in */
    bool returned;         /* 退汇: a payment of ours that came back */
    const char *reverses;  /* 冲正: reference of the movement that it takes back; "" */
    int64_t amount_fen;
    bool has_balance;
    int64_t balance_fen;
    const char *other_account, *other_name, *other_bank, *remark;
};

struct bank_movements {
    struct bank_movement *items;
    size_t count;
};

struct bank_page {
    const char *from, *to; /* days, both included */
    int64_t first;         /* from 1 */
};

size_t bank_page_size(const struct bank *bank);
enum err bank_list(const struct bank *bank, struct arena *arena, const struct bank_page *page,
                   struct http_request *out) MUST_CHECK;
/* A page shorter than bank_page_size is the last one. ERR_REMOTE_UNKNOWN: not such an answer, or the bank's refusal;
 * said tells why. */
enum err bank_read_list(const struct bank *bank, struct arena *arena, const struct http_answer *answer,
                        struct bank_movements *out, const char **said) MUST_CHECK;
enum err bank_balance(const struct bank *bank, struct arena *arena, struct http_request *out) MUST_CHECK;
enum err bank_read_balance(const struct bank *bank, struct arena *arena, const struct http_answer *answer,
                           int64_t *balance_fen, const char **said) MUST_CHECK;

/* -- for the banks ---------------------------------------------------------------------------------------------------
 */

struct bank_provider {
    const char *name;
    size_t page_size;
    enum err (*load)(const struct settings *settings, struct arena *arena, void **link, const char **account);
    enum err (*pay)(const void *link, struct arena *arena, const struct bank_payment *payment,
                    struct http_request *out);
    struct bank_answer (*read_paying)(struct arena *arena, const struct http_answer *answer);
    enum err (*ask)(const void *link, struct arena *arena, const char *client_id, struct http_request *out);
    struct bank_answer (*read_asking)(struct arena *arena, const struct http_answer *answer);
    enum err (*list)(const void *link, struct arena *arena, const struct bank_page *page, struct http_request *out);
    enum err (*read_list)(struct arena *arena, const struct http_answer *answer, struct bank_movements *out,
                          const char **said);
    enum err (*balance)(const void *link, struct arena *arena, struct http_request *out);
    enum err (*read_balance)(const void *link, struct arena *arena, const struct http_answer *answer,
                             int64_t *balance_fen, const char **said);
};
