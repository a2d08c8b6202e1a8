/* SPDX-License-Identifier: Apache-2.0 */
/* A refund has one number for ever. That it was sent is committed before the gateway is called; from then on the
 * gateway is asked first, and only a refund that it has never heard of is sent again, under the same number. */
#include "jobs/refund.h"

#include "base/clock.h"
#include "base/log.h"
#include "jobs/breakers.h"
#include "jobs/gateway_call.h"
#include "store/payment.h"
#include "store/refund.h"

#define HTTP_SERVER_FAULT 500
#define QUIET_US          (10 * CLOCK_SECOND_US) /* Alipay: so long a refund that went through may not be found */

struct giving_back {
    struct job *job;
    const struct gateway *gateway;
    struct begun_refund facts;
    struct gateway_refund refund;
    struct gateway_refund_answer answer;
    struct bytes raw;
    bool sending;
};

static const char *refund_no(const struct giving_back *it)
{
    return job_item(it->job)->event;
}

static int64_t call_ms(const struct giving_back *it)
{
    return job_jobs(it->job)->settings->database_call_ms;
}

/* -- the end of a try ---------------------------------------------------------------------------------------------- */

static void recorded(void *context, enum err err, const struct row *rows)
{
    struct giving_back *it = context;
    enum refund_ending ending = REFUND_END_STALE;
    if (err == OK)
        err = store_end_refund_read(rows, job_arena(it->job), &ending);
    if (err != OK) /* the lease runs out, and it is asked again */
        log_warn("refund", "the answer about %s was not recorded: %s", refund_no(it), err_code(err));
    else if (ending == REFUND_END_PERSON)
        log_error("refund", "what became of %s is not known and %s does not say: a person must look", refund_no(it),
                  it->facts.gateway);
    else if (ending == REFUND_END_FAILED)
        log_error("refund", "%s failed at %s: a person must look", refund_no(it), it->facts.gateway);
    job_ended(it->job);
}

static int64_t next_at(const struct giving_back *it, enum gateway_refund_word word)
{
    int64_t now = clock_now_us(), next = gateway_next_refund_us(it->facts.sent_at_us, now);
    return word == REFUND_REFUSED ? now + QUIET_US : next;
}

static void record(struct giving_back *it, const char *word, const char *said, int64_t next_at_us)
{
    const struct outbox_item *item = job_item(it->job);
    struct refund_end end = {
        .id = item->id,
        .lease_token = item->lease_token,
        .refund_no = item->event,
        .word = word,
        .said = said,
        .gateway_refund_no = it->answer.gateway_refund_no,
        .next_at_us = next_at_us,
    };
    enum err err = store_end_refund(job_jobs(it->job)->db, &end, call_ms(it), recorded, it);
    if (err != OK)
        recorded(it, err, NULL);
}

static void conclude(struct giving_back *it, enum gateway_refund_word word, const char *said)
{
    record(it, gateway_refund_word_text(word), said, next_at(it, word));
}

/* -- an answer that is not believed -------------------------------------------------------------------------------- */

static void kept(void *context, enum err err, const struct row *rows)
{
    struct giving_back *it = context;
    bool known;
    if (err == OK)
        err = store_refuse_notice_read(rows, job_arena(it->job), &known);
    if (err != OK)
        log_warn("refund", "a refused answer about %s was not kept: %s", refund_no(it), err_code(err));
    if (it->answer.word == REFUND_NO_ANSWER)
        conclude(it, REFUND_NO_ANSWER, it->answer.said);
    else
        record(it, "mismatch", it->answer.said, 0);
}

/* Kept for a person. What is not theirs says nothing; what is theirs and about something else is not asked for again.
 */
static void refuse(struct giving_back *it, enum err why)
{
    it->answer = (struct gateway_refund_answer){.word = why == ERR_NOTICE_MISMATCH ? REFUND_PENDING : REFUND_NO_ANSWER,
                                                .said = err_code(why)};
    log_warn("refund", "the answer about %s is refused: %s", refund_no(it), err_code(why));
    struct refused_notice notice = {
        .gateway = it->gateway->rail, .reason = err_code(why), .attempt_no = refund_no(it), .raw = it->raw};
    enum err err = store_refuse_notice(job_jobs(it->job)->db, &notice, call_ms(it), kept, it);
    if (err != OK)
        kept(it, err, NULL);
}

/* -- the gateway --------------------------------------------------------------------------------------------------- */

static void call(struct giving_back *it, bool sending);

static void report(const struct giving_back *it, enum err err, const struct http_answer *http)
{
    struct breakers *breakers = job_jobs(it->job)->breakers;
    if (err != OK)
        breakers_failed(breakers, it->gateway->rail, err_code(err));
    else if (http->status >= HTTP_SERVER_FAULT)
        breakers_failed(breakers, it->gateway->rail, "http_5xx");
    else
        breakers_answered(breakers, it->gateway->rail);
}

static void read_answer(struct giving_back *it)
{
    enum gateway_refund_word word = it->answer.word;
    if (it->sending && word == REFUND_NOT_FOUND) /* the payment is not, says the gateway */
        word = REFUND_REFUSED;
    else if (!it->sending && word == REFUND_REFUSED) /* the question was */
        word = REFUND_NO_ANSWER;
    bool again = !it->sending && word == REFUND_NOT_FOUND && !it->facts.refused_there &&
                 clock_now_us() >= it->facts.sent_at_us + QUIET_US;
    if (again)
        call(it, true);
    else
        conclude(it, word, it->answer.said);
}

static void answered(void *context, enum err err, const struct http_answer *http)
{
    struct giving_back *it = context;
    const struct gateways *gateways = &job_jobs(it->job)->gateways;
    struct arena *arena = job_arena(it->job);
    report(it, err, http);
    if (err != OK) {
        conclude(it, REFUND_NO_ANSWER, err_code(err));
        return;
    }
    struct fault fault;
    fault_init(&fault, arena);
    it->raw = http->body;
    err = it->sending ? it->gateway->read_refund(gateways, &it->refund, http, arena, &fault, &it->answer)
                      : it->gateway->read_refund_state(gateways, &it->refund, http, arena, &fault, &it->answer);
    if (err == OK)
        read_answer(it);
    else
        refuse(it, err);
}

static void call(struct giving_back *it, bool sending)
{
    struct jobs *jobs = job_jobs(it->job);
    struct arena *arena = job_arena(it->job);
    struct gateway_question question = {0};
    it->sending = sending;
    enum err err = sending ? it->gateway->refund(&jobs->gateways, &it->refund, arena, &question)
                           : it->gateway->ask_refund(&jobs->gateways, &it->refund, arena, &question);
    if (err == OK)
        err = gateway_call(jobs, &question, arena, answered, it);
    if (err != OK)
        conclude(it, REFUND_NO_ANSWER, err_code(err));
}

/* -- what there is to do ------------------------------------------------------------------------------------------- */

static void begin(struct giving_back *it)
{
    const struct begun_refund *facts = &it->facts;
    it->gateway = gateway_find(facts->method);
    it->refund = (struct gateway_refund){
        .method = facts->method,
        .refund_no = refund_no(it),
        .attempt_no = facts->attempt_no,
        .gateway_txn = facts->gateway_txn,
        .paid_fen = facts->paid_fen,
        .amount_fen = facts->amount_fen,
        .sent_us = facts->sent_at_us,
    };
    if (gateway_offered(&job_jobs(it->job)->gateways, facts->method))
        call(it, facts->step == REFUND_SEND);
    else
        conclude(it, REFUND_NO_ANSWER, err_code(ERR_METHOD_UNAVAILABLE));
}

static void begun(void *context, enum err err, const struct row *rows)
{
    static const char *const words[] = {
        [REFUND_WAITING] = "waiting", [REFUND_PAYOUT] = "payout", [REFUND_ENDED] = "ended"};
    struct giving_back *it = context;
    if (err == OK)
        err = store_begin_refund_read(rows, job_arena(it->job), &it->facts);
    if (err != OK)
        job_end(it->job, err == ERR_REFUND_UNKNOWN ? JOB_NEVER : JOB_RETRY, err_code(err));
    else if (it->facts.step == REFUND_SEND || it->facts.step == REFUND_ASK)
        begin(it);
    else
        record(it, words[it->facts.step], "", 0);
}

void refund_job(struct job *job)
{
    struct jobs *jobs = job_jobs(job);
    struct giving_back *it = ARENA_NEW(job_arena(job), struct giving_back);
    it->job = job;
    it->answer.gateway_refund_no = "";
    enum err err = store_begin_refund(jobs->db, job_item(job)->event, jobs->settings->refund_limit_fen, call_ms(it),
                                      begun, it);
    if (err != OK)
        job_end(job, JOB_RETRY, err_code(err));
}
