/* SPDX-License-Identifier: Apache-2.0 */
/* What is sent is written down before (payout_send), so that a process that dies in between leaves a payout that is
 * asked about and never sent again. Only where the front end certainly was not reached does the same number go once
 * more. */
#include "jobs/payout.h"

#include "base/log.h"
#include "base/text.h"
#include "domain/application.h"
#include "domain/identity.h"
#include "pki/code.h"
#include "store/payout.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define UNREACHED_S 30  /* until it is tried again */
#define NO_BANK_S   600 /* … where no bank is set up */
#define HELD_S      60  /* … where the hour's questions are used up */

struct payout {
    struct job *job;
    struct payout_hold hold;
    struct payout_facts facts;
    struct http_request request;
    struct payout_sending sending;
};

int64_t payout_look_after_s(const char *looks, int64_t asked, bool *last)
{
    int64_t after_s = 0;
    *last = true;
    for (int64_t i = 0; i <= asked; i++) {
        char *end;
        long long number = strtoll(looks, &end, 10);
        if (end == looks || number <= 0)
            return after_s;
        after_s = number;
        looks = end;
        *last = looks[strspn(looks, " ")] == '\0';
    }
    return after_s;
}

static int64_t call_ms(const struct payout *payout)
{
    return job_jobs(payout->job)->settings->database_call_ms;
}

/* -- the end of a look -----------------------------------------------------------------------------------------------
 */

static void noted(void *context, enum err err, const struct row *rows)
{
    struct payout *payout = context;
    enum payout_outcome outcome = PAYOUT_STALE;
    if (err == OK)
        err = store_payout_outcome_read(rows, job_arena(payout->job), &outcome);
    if (err != OK) /* the lease runs out, and then it is asked about */
        log_warn("payout", "%s: not recorded: %s", payout->hold.client_id, err_code(err));
    else if (outcome == PAYOUT_PERSON)
        log_error("payout",
                  "%s of %s: the bank does not say what became of it, a person must look (xuqictl payout list)",
                  payout->hold.client_id, payout->facts.renewal_no);
    else if (outcome == PAYOUT_PAID || outcome == PAYOUT_FAILED)
        log_info("payout", "%s of %s: %s", payout->hold.client_id, payout->facts.renewal_no,
                 outcome == PAYOUT_PAID ? "paid" : "failed");
    job_ended(payout->job);
}

static void note(struct payout *payout, const struct payout_word *word)
{
    enum err err = store_note_payout(job_jobs(payout->job)->db, &payout->hold, word, call_ms(payout), noted, payout);
    if (err != OK)
        noted(payout, err, NULL);
}

static void note_word(struct payout *payout, const char *word, const char *failure, const char *said, bool asked)
{
    const struct settings *settings = job_jobs(payout->job)->settings;
    struct payout_word it = {.word = word,
                             .failure = failure,
                             .said = said,
                             .asked = asked,
                             .unknown_days = settings->bank_unknown_days,
                             .code_days = settings->account_code_days,
                             .success_days = settings->account_success_days};
    it.after_s = payout_look_after_s(settings->bank_looks_s, payout->facts.asked + asked, &it.last);
    note(payout, &it);
}

static void wait(struct payout *payout, const char *why, int64_t after_s)
{
    note(payout, &(struct payout_word){.word = "pending", .failure = "", .said = why, .after_s = after_s});
}

/* -- asking ----------------------------------------------------------------------------------------------------------
 */

static void answered(void *context, enum err err, const struct http_answer *answer)
{
    struct payout *payout = context;
    const struct jobs *jobs = job_jobs(payout->job);
    if (err != OK) {
        note_word(payout, "pending", "", err_code(err), true);
        return;
    }
    struct bank_answer said = bank_read_asking(jobs->bank, job_arena(payout->job), answer);
    if (said.word == BANK_PAID)
        note_word(payout, "paid", "", said.said, true);
    else if (said.word == BANK_FAILED)
        note_word(payout, "failed", said.failure, said.said, true);
    else if (said.word == BANK_NOT_FOUND && payout->facts.refused[0] != '\0') /* as it said when it was to be paid */
        note_word(payout, "failed", payout->facts.refused, said.said, true);
    else
        note_word(payout, "pending", "", said.said, true);
}

static enum err ask(struct payout *payout)
{
    const struct jobs *jobs = job_jobs(payout->job);
    struct arena *arena = job_arena(payout->job);
    TRY(bank_ask(jobs->bank, arena, payout->hold.client_id, &payout->request));
    return http_start(jobs->http, &payout->request, arena, answered, payout);
}

/* -- sending ---------------------------------------------------------------------------------------------------------
 */

static void unsend(struct payout *payout, enum err why)
{
    log_warn("payout", "%s of %s was not sent: %s", payout->hold.client_id, payout->facts.renewal_no, err_code(why));
    enum err err = store_unsend_payout(job_jobs(payout->job)->db, &payout->hold, UNREACHED_S, call_ms(payout), noted,
                                       payout);
    if (err != OK)
        noted(payout, err, NULL);
}

static void paying_answered(void *context, enum err err, const struct http_answer *answer)
{
    struct payout *payout = context;
    if (err == ERR_REMOTE_UNREACHABLE) {
        unsend(payout, err);
        return;
    }
    if (err != OK) {
        note_word(payout, "pending", "", err_code(err), false);
        return;
    }
    struct bank_answer said = bank_read_paying(job_jobs(payout->job)->bank, job_arena(payout->job), answer);
    note_word(payout, said.word == BANK_REFUSED ? "refused" : "pending", said.failure, said.said, false);
}

static void sent(void *context, enum err err, const struct row *rows)
{
    struct payout *payout = context;
    const struct jobs *jobs = job_jobs(payout->job);
    enum payout_outcome outcome = PAYOUT_STALE;
    if (err == OK)
        err = store_payout_outcome_read(rows, job_arena(payout->job), &outcome);
    if (err == OK && outcome == PAYOUT_SEND) {
        err = http_start(jobs->http, &payout->request, job_arena(payout->job), paying_answered, payout);
        if (err != OK)
            unsend(payout, err);
        return;
    }
    if (err != OK) { /* it may be written down as sent, but nobody has called the bank */
        unsend(payout, err);
        return;
    }
    if (outcome == PAYOUT_LATER)
        log_warn("payout", "%s waits: the hour's payments or the day's budget are used up", payout->hold.client_id);
    job_ended(payout->job);
}

static enum err read_account(const struct payout *payout, struct application_account *out)
{
    const struct jobs *jobs = job_jobs(payout->job);
    const struct payout_facts *facts = &payout->facts;
    struct arena *arena = job_arena(payout->job);
    struct application read = application_empty;
    struct bytes text;
    if (facts->account_sealed.size > 0)
        TRY(unseal(jobs->seal_keys, arena, "account.correction", bytes_of_text(facts->renewal_no),
                   facts->account_sealed, &text));
    else
        TRY(unseal(jobs->seal_keys, arena, "renewal.personal", facts->evidence_sha256, facts->personal_sealed, &text));
    TRY(application_personal_read((const char *)text.data, text.size, arena, &read));
    *out = read.basic_account;
    return OK;
}

/* What stops it before the bank is asked; NULL: nothing. */
static const char *refusal_of(struct arena *arena, const struct application_account *account, const char *organisation)
{
    if (account->number[0] == '\0' || account->name[0] == '\0' ||
        (account->bank_code[0] == '\0' && account->bank_name[0] == '\0'))
        return "account_missing";
    if (!account_valid(account->number))
        return "account_invalid";
    return organisation_same(arena, account->name, organisation) ? NULL : "name_mismatch";
}

static const char *mode_of(const struct payout *payout)
{
    const struct platform *platform = platform_find(job_jobs(payout->job)->platforms, payout->facts.platform);
    return platform == NULL || strcmp(platform->account_confirmation, "payout_success") != 0 ? "code_entry"
                                                                                             : "payout_success";
}

static struct bytes payee_document(struct arena *arena, const struct application_account *account)
{
    struct application payee = application_empty;
    struct bytes text;
    payee.basic_account = *account;
    text.data = (const uint8_t *)json_finish(application_personal(&payee), arena, &text.size);
    return text;
}

static enum err prepare(struct payout *payout, const struct application_account *account)
{
    const struct jobs *jobs = job_jobs(payout->job);
    struct arena *arena = job_arena(payout->job);
    const struct settings *settings = jobs->settings;
    const char *client_id = payout->hold.client_id;
    struct bytes salt = code_salt(arena);
    const char *code = code_text(jobs->seal_keys, arena, salt);
    const struct bank_payment payment = {.client_id = client_id,
                                         .payee_account = account->number,
                                         .payee_name = account->name,
                                         .payee_bank_name = account->bank_name,
                                         .payee_bank_code = account->bank_code,
                                         .amount_fen = payout->facts.amount_fen,
                                         .code = code};
    TRY(bank_pay(jobs->bank, arena, &payment, &payout->request));
    payout->sending = (struct payout_sending){
        .bank = bank_name(jobs->bank),
        .from_account = bank_account(jobs->bank),
        .payee_sealed = seal(jobs->seal_keys, arena, "payout.payee", bytes_of_text(client_id),
                             payee_document(arena, account)),
        .payee_index = seal_index(jobs->seal_keys, arena, "payout.account", account->number),
        .payee_masked = mask_account(arena, account->number),
        .payee_bank_code = account->bank_code,
        .code_salt = salt,
        .code_digest = code_digest(jobs->seal_keys, arena, "account", payout->facts.renewal_no, code),
        .mode = mode_of(payout),
        .per_account = settings->account_payouts_of_account,
        .per_hour = settings->bank_movements_per_hour,
        .daily_budget_fen = settings->bank_daily_budget_fen};
    return OK;
}

/* Back where it came from. The number leads the remark, so that the statement's line names it. */
static enum err prepare_repayment(struct payout *payout)
{
    const struct jobs *jobs = job_jobs(payout->job);
    const struct payout_facts *facts = &payout->facts;
    struct arena *arena = job_arena(payout->job);
    const struct bank_payment payment = {.client_id = payout->hold.client_id,
                                         .payee_account = facts->payee_account,
                                         .payee_name = facts->payee_name,
                                         .payee_bank_name = facts->payee_bank,
                                         .payee_bank_code = facts->payee_bank_code,
                                         .amount_fen = facts->amount_fen,
                                         .remark = arena_format(arena, "%s退款", payout->hold.client_id)};
    ENSURE(account_valid(facts->payee_account) && facts->payee_name[0] != '\0', ERR_FIELDS_INVALID);
    ENSURE(facts->payee_bank[0] != '\0' || facts->payee_bank_code[0] != '\0', ERR_FIELDS_INVALID);
    TRY(bank_pay(jobs->bank, arena, &payment, &payout->request));
    payout->sending = (struct payout_sending){
        .bank = bank_name(jobs->bank),
        .from_account = bank_account(jobs->bank),
        .payee_index = seal_index(jobs->seal_keys, arena, "payout.account", facts->payee_account),
        .payee_masked = mask_account(arena, facts->payee_account),
        .payee_bank_code = facts->payee_bank_code,
        .mode = "",
        .per_hour = jobs->settings->bank_movements_per_hour,
        .daily_budget_fen = jobs->settings->bank_daily_repayment_fen};
    return OK;
}

/* It stays queued, and finance is told where it is paid: payout_export. */
static void leave_to_person(struct payout *payout)
{
    log_info("payout", "%s of %s is for a person: no link pays it (finance exports it)", payout->hold.client_id,
             payout->facts.renewal_no);
    job_end(payout->job, JOB_DONE, "for a person");
}

static bool repays_from(const struct jobs *jobs, const char *account)
{
    return jobs->bank != NULL && strcmp(jobs->settings->bank_repay_by, "link") == 0 &&
           strcmp(bank_account(jobs->bank), account) == 0;
}

static enum err send_repayment(struct payout *payout)
{
    const struct jobs *jobs = job_jobs(payout->job);
    if (!repays_from(jobs, payout->facts.from_account) || prepare_repayment(payout) != OK) {
        leave_to_person(payout);
        return OK;
    }
    return store_send_payout(jobs->db, &payout->hold, &payout->sending, call_ms(payout), sent, payout);
}

static enum err send(struct payout *payout)
{
    struct application_account account;
    TRY(read_account(payout, &account));
    const char *refusal = refusal_of(job_arena(payout->job), &account, payout->facts.organisation);
    if (refusal == NULL && prepare(payout, &account) != OK)
        refusal = "account_invalid"; /* a name that the bank's encoding does not have, or too long for it */
    if (refusal != NULL) {
        note_word(payout, "failed", refusal, "not sent", false);
        return OK;
    }
    return store_send_payout(job_jobs(payout->job)->db, &payout->hold, &payout->sending, call_ms(payout), sent, payout);
}

/* -- one look --------------------------------------------------------------------------------------------------------
 */

static void look(struct payout *payout)
{
    const struct payout_facts *facts = &payout->facts;
    bool queued = strcmp(facts->state, "queued") == 0;
    if (!queued && strcmp(facts->state, "sent") != 0) {
        job_end(payout->job, JOB_DONE, facts->state);
        return;
    }
    if (queued && facts->repayment) {
        enum err err = send_repayment(payout);
        if (err != OK)
            wait(payout, err_code(err), UNREACHED_S);
        return;
    }
    if (job_jobs(payout->job)->bank == NULL) {
        log_error("payout", "%s of %s waits: no bank is set up (bank.link)", payout->hold.client_id, facts->renewal_no);
        wait(payout, "no bank", NO_BANK_S);
        return;
    }
    if (facts->held) {
        wait(payout, "the hour's questions are used up", HELD_S);
        return;
    }
    enum err err = queued ? send(payout) : ask(payout);
    if (err == ERR_SEAL_BROKEN)
        job_end(payout->job, JOB_NEVER, err_code(err));
    else if (err != OK)
        wait(payout, err_code(err), UNREACHED_S);
}

static void begun(void *context, enum err err, const struct row *rows)
{
    struct payout *payout = context;
    if (err == OK)
        err = store_begin_payout_read(rows, job_arena(payout->job), &payout->facts);
    if (err == OK)
        look(payout);
    else
        job_end(payout->job, err == ERR_PAYMENT_UNKNOWN ? JOB_NEVER : JOB_RETRY, err_code(err));
}

void payout_run(struct job *job)
{
    const struct outbox_item *item = job_item(job);
    const struct jobs *jobs = job_jobs(job);
    struct payout *payout = ARENA_NEW(job_arena(job), struct payout);
    payout->job = job;
    payout->hold = (struct payout_hold){item->id, item->lease_token, item->event};
    enum err err = store_begin_payout(jobs->db, item->event, jobs->settings->bank_queries_per_hour, call_ms(payout),
                                      begun, payout);
    if (err != OK)
        job_end(job, JOB_RETRY, err_code(err));
}
