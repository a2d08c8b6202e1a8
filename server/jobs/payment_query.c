/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/payment_query.h"

#include "base/clock.h"
#include "base/log.h"
#include "jobs/breakers.h"
#include "jobs/gateway_call.h"
#include "store/payment.h"

#define HTTP_SERVER_FAULT 500

struct query {
    struct job *job;
    const struct gateway *gateway;
    struct payment_query facts;
    struct gateway_payment payment;
    struct gateway_answer answer;
    const struct http_answer *http;
    bool closing; /* it was asked to close it: what it says from now on is said after that */
};

static int64_t call_ms(const struct query *query)
{
    return job_jobs(query->job)->settings->database_call_ms;
}

/* -- what it said ---------------------------------------------------------------------------------------- */

static void recorded(void *context, enum err err, const struct row *rows)
{
    struct query *query = context;
    enum query_ending ending = QUERY_STALE;
    const char *attempt_no = job_item(query->job)->event;
    if (err == OK)
        err = store_end_query_read(rows, job_arena(query->job), &ending);
    if (err != OK) /* the lease runs out, and it is asked again */
        log_warn("payment", "the answer about %s was not recorded: %s", attempt_no, err_code(err));
    else if (ending == QUERY_PERSON)
        log_error("payment", "what became of %s is not known and %s does not say: a person must look", attempt_no,
                  query->facts.gateway);
    else if (ending == QUERY_CLOSED)
        log_info("payment", "%s was never paid, says %s", attempt_no, query->facts.gateway);
    else if (ending == QUERY_DENIED)
        log_error("payment", "%s is booked as paid and %s says that it is not: a person must look", attempt_no,
                  query->facts.gateway);
    job_ended(query->job);
}

static void record_as(struct query *query, const char *word, const char *said, const char *gateway_txn,
                      int64_t next_at_us)
{
    const struct outbox_item *item = job_item(query->job);
    struct query_end end = {
        .id = item->id,
        .lease_token = item->lease_token,
        .attempt_no = item->event,
        .word = word,
        .said = said,
        .read_at_us = query->facts.read_at_us,
        .next_at_us = next_at_us,
        .final = gateway_answer_is_final(query->facts.expires_at_us, clock_now_us()),
        .gateway_txn = gateway_txn,
    };
    enum err err = store_end_query(job_jobs(query->job)->db, &end, call_ms(query), recorded, query);
    if (err != OK)
        recorded(query, err, NULL);
}

static void record(struct query *query, const char *word, const char *said, int64_t next_at_us)
{
    record_as(query, word, said, "", next_at_us);
}

static void ask_later(struct query *query, enum gateway_word word, const char *said)
{
    const struct payment_query *facts = &query->facts;
    record(query, gateway_word_text(word), said,
           gateway_next_query_us(facts->created_at_us, facts->expires_at_us, clock_now_us()));
}

/* -- paid ---------------------------------------------------------------------------------------------------------- */

static void settled(void *context, enum err err, const struct row *rows)
{
    struct query *query = context;
    struct settled_payment payment;
    if (err == OK)
        err = store_settle_payment_read(rows, job_arena(query->job), &payment);
    if (err == ERR_NOTICE_MISMATCH) { /* kept; asking again brings the same */
        record(query, "mismatch", query->answer.said, 0);
        return;
    }
    if (err == OK && payment.settlement == SETTLED_SURPLUS)
        log_warn("payment", "surplus payment for %s booked as the payer's credit", payment.renewal_no);
    if (err == OK)
        record_as(query, gateway_word_text(GATEWAY_PAID), query->answer.said, query->answer.gateway_txn, 0);
    else
        job_end(query->job, JOB_RETRY, err_code(err));
}

static void settle(struct query *query)
{
    const struct gateway_answer *answer = &query->answer;
    struct payment_notice notice = {
        .gateway = query->gateway->rail,
        .attempt_no = query->payment.attempt_no,
        .gateway_txn = answer->gateway_txn,
        .amount_fen = answer->amount_fen,
        .paid_at_us = answer->paid_us,
        .buyer_masked = answer->buyer_masked,
        .raw = query->http->body,
        .key_id = answer->key_id,
    };
    enum err err = store_settle_payment(job_jobs(query->job)->db, &notice, call_ms(query), settled, query);
    if (err != OK)
        settled(query, err, NULL);
}

/* -- the answer ---------------------------------------------------------------------------------------------------- */

static void refused(void *context, enum err err, const struct row *rows)
{
    struct query *query = context;
    bool known;
    if (err == OK)
        err = store_refuse_notice_read(rows, job_arena(query->job), &known);
    if (err != OK)
        log_warn("payment", "a refused answer about %s was not kept: %s", query->payment.attempt_no, err_code(err));
    ask_later(query, GATEWAY_NO_ANSWER, query->answer.said);
}

/* Not their answer, or not about this payment: kept for a person, and asked again, since it says nothing. */
static void refuse(struct query *query, enum err why)
{
    query->answer.said = err_code(why);
    breakers_failed(job_jobs(query->job)->breakers, query->gateway->rail, err_code(why));
    log_warn("payment", "the answer about %s is refused: %s", query->payment.attempt_no, err_code(why));
    struct refused_notice notice = {.gateway = query->gateway->rail,
                                    .reason = err_code(why),
                                    .attempt_no = query->payment.attempt_no,
                                    .raw = query->http->body};
    enum err err = store_refuse_notice(job_jobs(query->job)->db, &notice, call_ms(query), refused, query);
    if (err != OK)
        refused(query, err, NULL);
}

static void report(const struct query *query)
{
    struct breakers *breakers = job_jobs(query->job)->breakers;
    if (query->http->status >= HTTP_SERVER_FAULT)
        breakers_failed(breakers, query->gateway->rail, "http_5xx");
    else
        breakers_answered(breakers, query->gateway->rail);
}

static void close_there(struct query *query);

/* Not wanted any more, or its time is over: query, close there, query again, close here. */
static bool to_be_closed(const struct query *query)
{
    enum gateway_word word = query->answer.word;
    bool unwanted = query->facts.close || gateway_answer_is_final(query->facts.expires_at_us, clock_now_us());
    return unwanted && !query->closing && query->gateway->close != NULL &&
           (word == GATEWAY_NOT_PAID || word == GATEWAY_PENDING);
}

static void read_answer(struct query *query)
{
    struct arena *arena = job_arena(query->job);
    struct fault fault;
    fault_init(&fault, arena);
    enum err err = query->gateway->read_answer(&job_jobs(query->job)->gateways, &query->payment, query->http, arena,
                                               &fault, &query->answer);
    if (err == OK)
        report(query);
    if (err != OK)
        refuse(query, err);
    else if (query->answer.word == GATEWAY_PAID)
        settle(query);
    else if (to_be_closed(query))
        close_there(query);
    else
        ask_later(query, query->answer.word, query->answer.said);
}

static enum err ask(struct query *query);

/* Whatever it answers to that: only what it then says of the payment counts. */
static void closed_there(void *context, enum err err, const struct http_answer *answer)
{
    struct query *query = context;
    (void)answer;
    if (err == OK)
        err = ask(query);
    if (err != OK)
        ask_later(query, GATEWAY_NO_ANSWER, err_code(err));
}

static void close_there(struct query *query)
{
    struct jobs *jobs = job_jobs(query->job);
    struct arena *arena = job_arena(query->job);
    struct gateway_question question = {0};
    query->closing = true;
    enum err err = query->gateway->close(&jobs->gateways, &query->payment, arena, &question);
    if (err == OK)
        err = gateway_call(jobs, &question, arena, closed_there, query);
    if (err != OK)
        ask_later(query, GATEWAY_NO_ANSWER, err_code(err));
}

static void answered(void *context, enum err err, const struct http_answer *answer)
{
    struct query *query = context;
    if (err != OK) {
        breakers_failed(job_jobs(query->job)->breakers, query->gateway->rail, err_code(err));
        ask_later(query, GATEWAY_NO_ANSWER, err_code(err));
        return;
    }
    query->http = answer;
    read_answer(query);
}

/* -- the question -------------------------------------------------------------------------------------------------- */

static enum err ask(struct query *query)
{
    struct jobs *jobs = job_jobs(query->job);
    struct arena *arena = job_arena(query->job);
    struct gateway_question question = {0};
    TRY(query->gateway->ask(&jobs->gateways, &query->payment, arena, &question));
    return gateway_call(jobs, &question, arena, answered, query);
}

static void begin(struct query *query)
{
    const struct payment_query *facts = &query->facts;
    query->gateway = gateway_find(facts->method);
    query->payment = (struct gateway_payment){
        .method = facts->method,
        .attempt_no = job_item(query->job)->event,
        .order_no = facts->order_no,
        .renewal_no = facts->renewal_no,
        .amount_fen = facts->amount_fen,
        .opened_us = facts->created_at_us,
        .expires_us = facts->expires_at_us,
    };
    bool askable = gateway_offered(&job_jobs(query->job)->gateways, facts->method) && query->gateway->ask != NULL;
    enum err err = askable ? ask(query) : ERR_METHOD_UNAVAILABLE;
    if (err != OK)
        ask_later(query, GATEWAY_NO_ANSWER, err_code(err));
}

static void facts_read(void *context, enum err err, const struct row *rows)
{
    struct query *query = context;
    if (err == OK)
        err = store_begin_query_read(rows, job_arena(query->job), &query->facts);
    if (err == OK)
        begin(query);
    else
        job_end(query->job, err == ERR_PAYMENT_UNKNOWN ? JOB_NEVER : JOB_RETRY, err_code(err));
}

void payment_query(struct job *job)
{
    struct query *query = ARENA_NEW(job_arena(job), struct query);
    query->job = job;
    enum err err = store_begin_query(job_jobs(job)->db, job_item(job)->event, call_ms(query), facts_read, query);
    if (err != OK)
        job_end(job, JOB_RETRY, err_code(err));
}
