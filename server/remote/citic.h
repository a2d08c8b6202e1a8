/* SPDX-License-Identifier: Apache-2.0 */
/* 中信银行 银企直联: XML in GBK, posted to the bank's front-end program in the company's own network, which signs and
 * passes it on. Whoever reaches that program can move money: docs/operations.md. Cited as CITIC-1 (接口使用规范). */
#pragma once

#include "remote/bank.h"

extern const struct bank_provider citic_provider;

#define CITIC_CODE_SIZE 7 /* of a status; what the front end makes up itself is shorter or longer */

/* A row of an answer, or the fields outside of all rows. Unknown tags are passed by (the bank may add some); a tag that
 * comes twice counts once. */
struct citic_row {
    const char *status, *status_text;                         /* all */
    const char *stt;                                          /* DLCIDSTT */
    const char *account_no, *balance;                         /* DLBALQRY */
    const char *day, *time, *tran_no, *sum_tran_no, *ori_num; /* DLTRNALL … */
    const char *amount, *credit_debit, *opp_account, *opp_name, *opp_bank, *abstract, *returned, *rf_day, *rf_tran_no;
};

#define CITIC_ROWS_MAX 64 /* the longest list asked for has 20 */

struct citic_answer {
    struct citic_row head;
    struct citic_row rows[CITIC_ROWS_MAX];
    size_t row_count;
};

/* ERR_XML_REFUSED: not an answer in the bank's form. No member is NULL afterwards. */
enum err citic_read(struct arena *arena, struct bytes body, struct citic_answer *out) MUST_CHECK;

enum citic_meaning {
    CITIC_DONE,    /* AAAAAAA: of a payment it is accepted only; of a question, answered */
    CITIC_UNKNOWN, /* nothing can be said: asked again */
    CITIC_REFUSAL, /* the bank's own definite refusal */
};

/* CITIC-1 §2.2: what a status means. Codes of the front end itself say nothing about what the bank has. */
enum citic_meaning citic_meaning(const char *status);
/* The class of a refusal, by the words with it (UTF-8). */
const char *citic_failure(const char *status_text);
/* The same; "" when the words say nothing of it. */
const char *citic_failure_word(const char *text);
/* A refusal that says there is nothing of what was asked for: no movements behind the last. */
bool citic_says_none(const char *status_text);
/* Reading of answers, for the table. */
struct bank_answer citic_read_paying(struct arena *arena, const struct http_answer *answer);
struct bank_answer citic_read_asking(struct arena *arena, const struct http_answer *answer);
enum err citic_read_list(struct arena *arena, const struct http_answer *answer, struct bank_movements *out,
                         const char **said) MUST_CHECK;
/* Of this account. */
enum err citic_find_balance(struct arena *arena, const struct http_answer *answer, const char *account,
                            int64_t *balance_fen, const char **said) MUST_CHECK;
