/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/bill_fetch.h"

#include "base/log.h"
#include "base/mem.h"
#include "documents/bill.h"
#include "jobs/bill_load.h"
#include "remote/gateway_bill.h"
#include "store/bill.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FETCH_MS      (3 * 60 * 1000)
#define MATCH_MS      (10 * 60 * 1000)
#define ANSWER_MAX    ((size_t)96 << 20) /* packed; larger ones by xuqictl */
#define CLOCK_MS      60000
#define FIRST_LOOK_MS 2000
#define RAILS_MAX     8

struct fetch {
    struct job *job;
    const struct gateway_bill *gateway;
    const char *rail, *day;
    struct gateway_bill_answer answer;
    bool fetching;           /* what the answer named */
    struct bill_facts facts; /* of a bill handed in */
    uint8_t *data;
    int64_t size, pieces;
};

static int64_t call_ms(const struct fetch *fetch)
{
    return job_jobs(fetch->job)->settings->database_call_ms;
}

/* -- the end ------------------------------------------------------------------------------------------------------- */

static void later(struct fetch *fetch, const char *why)
{
    log_warn("reconcile", "no bill of %s of %s yet: %s", fetch->rail, fetch->day, why);
    job_end(fetch->job, JOB_RETRY, why);
}

static void tell(const struct fetch *fetch, const struct match_counts *counts)
{
    if (counts->opened > 0)
        log_error("reconcile",
                  "%s of %s: %" PRId64 " payments, %" PRId64 " even, %" PRId64 " differences are not explained: a "
                  "person must look",
                  fetch->rail, fetch->day, counts->payments, counts->even, counts->opened);
    else
        log_info("reconcile", "%s of %s: %" PRId64 " payments, %" PRId64 " even, %" PRId64 " wait for a later bill",
                 fetch->rail, fetch->day, counts->payments, counts->even, counts->waiting);
}

static void matched(void *context, enum err err, const struct row *rows)
{
    struct fetch *fetch = context;
    struct match_counts counts;
    if (err == OK)
        err = store_run_match_read(rows, job_arena(fetch->job), &counts);
    if (err == OK)
        tell(fetch, &counts);
    job_end(fetch->job, err == OK ? JOB_DONE : JOB_RETRY, err == OK ? "matched" : err_code(err));
}

static void match(struct fetch *fetch)
{
    const struct jobs *jobs = job_jobs(fetch->job);
    enum err err = store_run_match(jobs->db, fetch->rail, fetch->day, bill_fee_rate(jobs->settings, fetch->rail),
                                   MATCH_MS, matched, fetch);
    if (err != OK)
        job_end(fetch->job, JOB_RETRY, err_code(err));
}

/* -- a file -------------------------------------------------------------------------------------------------------- */

/* One that was fetched is fetched again, it may have been cut off; one that was handed in stays what it is. */
static void loaded(void *context, enum err err, const struct bill_loaded *bill)
{
    struct fetch *fetch = context;
    bool handed_in = fetch->gateway == NULL;
    if (err == OK)
        tell(fetch, &bill->counts);
    else if (err == ERR_BILL_MALFORMED)
        log_error("reconcile", "the bill of %s of %s is refused: %s", fetch->rail, fetch->day, bill->fault);
    if (err == OK && bill->changed > 0)
        log_error("reconcile", "%" PRId64 " rows of %s of %s are not as they were in an earlier file", bill->changed,
                  fetch->rail, fetch->day);
    bool over = err == OK || (err == ERR_BILL_MALFORMED && handed_in);
    job_end(fetch->job, over ? JOB_DONE : JOB_RETRY, err == OK ? "matched" : err_code(err));
}

static void load(struct fetch *fetch, struct bytes file, const char *source, const char *actor)
{
    struct jobs *jobs = job_jobs(fetch->job);
    const struct bill_loading loading = {.loop = jobs->loop,
                                         .db = jobs->db,
                                         .settings = jobs->settings,
                                         .rail = fetch->rail,
                                         .day = fetch->day,
                                         .file = file,
                                         .source = source,
                                         .actor = actor,
                                         .sha1 = fetch->answer.sha1 == NULL ? "" : fetch->answer.sha1,
                                         .merchant = bill_merchant(jobs->settings, fetch->rail)};
    enum err err = bill_load(&loading, job_arena(fetch->job), loaded, fetch);
    if (err != OK)
        job_end(fetch->job, err == ERR_BILL_MALFORMED ? JOB_NEVER : JOB_RETRY, err_code(err));
}

/* -- asking the gateway -------------------------------------------------------------------------------------------- */

static void absent(void *context, enum err err, const struct row *rows)
{
    struct fetch *fetch = context;
    enum bill_absence absence;
    if (err == OK)
        err = store_absent_bill_read(rows, job_arena(fetch->job), &absence);
    if (err != OK) {
        job_end(fetch->job, JOB_RETRY, err_code(err));
        return;
    }
    if (absence == BILL_DAY_MISSING) {
        log_error("reconcile", "%s has no bill of %s, a day with payments: %s", fetch->rail, fetch->day,
                  fetch->answer.said);
        job_end(fetch->job, JOB_RETRY, "missing");
        return;
    }
    match(fetch);
}

static void ask(struct fetch *fetch);

static void judge(struct fetch *fetch)
{
    const struct jobs *jobs = job_jobs(fetch->job);
    enum err err = OK;
    switch (fetch->answer.word) {
    case BILL_HERE:
        load(fetch, fetch->answer.file, "fetched", "jobs");
        return;
    case BILL_THERE:
        fetch->fetching = true;
        ask(fetch);
        return;
    case BILL_NONE:
        err = store_absent_bill(jobs->db, fetch->rail, fetch->day, call_ms(fetch), absent, fetch);
        if (err != OK)
            job_end(fetch->job, JOB_RETRY, err_code(err));
        return;
    case BILL_LATER:
        break;
    }
    later(fetch, fetch->answer.said);
}

static void answered(void *context, enum err err, const struct http_answer *answer)
{
    struct fetch *fetch = context;
    struct arena *arena = job_arena(fetch->job);
    struct fault fault;
    fault_init(&fault, arena);
    if (err == OK && fetch->fetching)
        gateway_bill_fetched(answer, arena, &fetch->answer);
    else if (err == OK)
        err = fetch->gateway->read(&job_jobs(fetch->job)->gateways, fetch->day, answer, arena, &fault, &fetch->answer);
    if (err == OK)
        judge(fetch);
    else
        later(fetch, err_code(err));
}

static enum err send(struct fetch *fetch)
{
    struct jobs *jobs = job_jobs(fetch->job);
    struct arena *arena = job_arena(fetch->job);
    struct gateway_question question = {0};
    TRY(fetch->fetching ? fetch->gateway->fetch(&jobs->gateways, fetch->answer.url, arena, &question)
                        : fetch->gateway->ask(&jobs->gateways, fetch->day, arena, &question));
    const struct http_request request = {
        .method = question.method,
        .url = question.url,
        .headers = question.headers,
        .header_count = question.header_count,
        .body = question.body,
        .timeout_ms = FETCH_MS,
        .answer_max = ANSWER_MAX,
    };
    return http_start(jobs->http, &request, arena, answered, fetch);
}

static void ask(struct fetch *fetch)
{
    enum err err = send(fetch);
    if (err != OK)
        later(fetch, err_code(err));
}

static void state_read(void *context, enum err err, const struct row *rows)
{
    struct fetch *fetch = context;
    const char *state = "";
    if (err == OK)
        err = store_bill_state_read(rows, job_arena(fetch->job), &state);
    if (err != OK)
        job_end(fetch->job, JOB_RETRY, err_code(err));
    else if (strcmp(state, "loaded") == 0)
        match(fetch);
    else if (fetch->gateway == NULL || !fetch->gateway->offered(&job_jobs(fetch->job)->gateways))
        job_end(fetch->job, JOB_NEVER, "this gateway is not set up here");
    else
        ask(fetch);
}

void bill_fetch(struct job *job)
{
    struct arena *arena = job_arena(job);
    struct fetch *fetch = ARENA_NEW(arena, struct fetch);
    const char *event = job_item(job)->event, *colon = strchr(event, ':');
    int year, month, date;
    if (colon == NULL || !bill_day_parse(colon + 1, &year, &month, &date)) {
        job_end(job, JOB_NEVER, "no rail and day");
        return;
    }
    fetch->job = job;
    fetch->rail = arena_text_n(arena, event, (size_t)(colon - event));
    fetch->day = arena_text(arena, colon + 1);
    fetch->gateway = gateway_bill_find(fetch->rail);
    enum err err = store_bill_state(job_jobs(job)->db, fetch->rail, fetch->day, call_ms(fetch), state_read, fetch);
    if (err != OK)
        job_end(job, JOB_RETRY, err_code(err));
}

/* -- a bill handed in ---------------------------------------------------------------------------------------------- */

static void read_piece(struct fetch *fetch);

static void piece_read(void *context, enum err err, const struct row *rows)
{
    struct fetch *fetch = context;
    struct bytes piece = {0};
    if (err == OK)
        err = store_get_bill_piece_read(rows, job_arena(fetch->job), &piece);
    if (err == OK && (piece.size == 0 || (int64_t)piece.size > fetch->facts.size - fetch->size))
        err = ERR_BILL_MISSING; /* not all of it is there */
    if (err != OK) {
        job_end(fetch->job, JOB_RETRY, err_code(err));
        return;
    }
    memcpy(fetch->data + fetch->size, piece.data, piece.size);
    fetch->size += (int64_t)piece.size;
    fetch->pieces++;
    read_piece(fetch);
}

static void read_piece(struct fetch *fetch)
{
    if (fetch->size == fetch->facts.size) {
        load(fetch, (struct bytes){fetch->data, (size_t)fetch->size}, fetch->facts.source, fetch->facts.actor);
        return;
    }
    enum err err = store_get_bill_piece(job_jobs(fetch->job)->db, strtoll(job_item(fetch->job)->event, NULL, 10),
                                        fetch->pieces, call_ms(fetch), piece_read, fetch);
    if (err != OK)
        job_end(fetch->job, JOB_RETRY, err_code(err));
}

static void facts_read(void *context, enum err err, const struct row *rows)
{
    struct fetch *fetch = context;
    if (err == OK)
        err = store_get_bill_read(rows, job_arena(fetch->job), &fetch->facts);
    if (err != OK) {
        job_end(fetch->job, err == ERR_BILL_MISSING ? JOB_NEVER : JOB_RETRY, err_code(err));
        return;
    }
    fetch->rail = fetch->facts.rail;
    fetch->day = fetch->facts.day;
    fetch->data = arena_alloc(job_arena(fetch->job), (size_t)fetch->facts.size);
    read_piece(fetch);
}

void bill_read(struct job *job)
{
    struct fetch *fetch = ARENA_NEW(job_arena(job), struct fetch);
    fetch->job = job;
    enum err err = store_get_bill(job_jobs(job)->db, strtoll(job_item(job)->event, NULL, 10), call_ms(fetch),
                                  facts_read, fetch);
    if (err != OK)
        job_end(job, JOB_RETRY, err_code(err));
}

/* -- when they are due --------------------------------------------------------------------------------------------- */

struct bill_clock {
    struct jobs *jobs;
    struct loop_timer *timer;
};

static void asked(void *context, enum err err, const struct row *rows)
{
    struct bill_clock *clock = context;
    int64_t count = 0;
    if (err == OK)
        err = store_due_bills_read(rows, &count);
    if (err != OK)
        log_warn("reconcile", "asking for bills: %s", err_code(err));
    else if (count > 0)
        log_info("reconcile", "%" PRId64 " bills are due", count);
    loop_timer_start(clock->timer, CLOCK_MS);
}

static void look(void *context)
{
    struct bill_clock *clock = context;
    struct jobs *jobs = clock->jobs;
    const char *rails[RAILS_MAX];
    int64_t minutes[RAILS_MAX];
    size_t count = 0;
    for (size_t i = 0; gateway_bill_at(i) != NULL && count < RAILS_MAX; i++) {
        const struct gateway_bill *gateway = gateway_bill_at(i);
        if (!gateway->offered(&jobs->gateways))
            continue;
        rails[count] = gateway->rail;
        minutes[count++] = gateway->ready_minutes;
    }
    if (store_due_bills(jobs->db, rails, minutes, count, jobs->settings->database_call_ms, asked, clock) != OK)
        loop_timer_start(clock->timer, CLOCK_MS);
}

struct bill_clock *bill_clock_new(struct jobs *jobs)
{
    struct bill_clock *clock = mem_alloc(sizeof(*clock));
    clock->jobs = jobs;
    clock->timer = loop_timer_new(jobs->loop, look, clock);
    loop_timer_start(clock->timer, FIRST_LOOK_MS);
    return clock;
}

void bill_clock_free(struct bill_clock *clock)
{
    if (clock == NULL)
        return;
    loop_timer_free(clock->timer);
    mem_free(clock);
}
