/* SPDX-License-Identifier: Apache-2.0 */
/* THE job table, and the dispatcher that leases outbox rows and gives them to their handlers. A row is ours as long as
 * its lease; finishing needs the token that the lease gave, so that a process that slept too long changes nothing. */
#include "jobs/jobs.h"

#include "base/log.h"
#include "base/mem.h"
#include "jobs/bill_fetch.h"
#include "jobs/message.h"
#include "jobs/payment_query.h"
#include "jobs/payout.h"
#include "jobs/refund.h"
#include "jobs/sms_code.h"
#include "jobs/statement_link.h"
#include "jobs/statement_match.h"
#include "store/together.h"

#include <inttypes.h>

#define LOOKS_WHILE_BUSY 8 /* in the time between two looks of a quiet lane */

struct topic {
    const char *name;
    job_handler *handler;
    size_t concurrency; /* rows under way at once */
    int64_t lease_s;    /* 0: as the settings say */
};

static const struct topic topics[] = {
    {"message", message_send, 64, 0},
    {"sms_code", sms_code_send, 32, 0},
    {"payment_query", payment_query, 32, 0},
    {"statement_imported", statement_match_run, 1,
     900}, /* imports match one after the other; a million lines take minutes */
    {"statement_link", statement_link_run, 1, 0},
    {"payout", payout_run, 16, 0},
    {"bill_fetch", bill_fetch, 2, BILL_LEASE_S},
    {"bill_load", bill_read, 1, BILL_LEASE_S},
    {"refund", refund_job, 16, 0},
};

struct lane {
    struct dispatcher *dispatcher;
    const struct topic *topic;
    struct loop_timer *timer;
    size_t under_way;
    size_t asked; /* rows at the last look */
    bool asking;
};

struct dispatcher {
    struct jobs *jobs;
    struct lane lanes[ARRAY_SIZE(topics)];
    struct together *finishing; /* those that were done at the same moment */
    bool stopped;
};

struct job {
    struct waiting waiting; /* first: in finishing */
    struct lane *lane;
    struct arena *arena;
    struct outbox_item item;
    struct outbox_result result;
};

const struct outbox_item *job_item(const struct job *job)
{
    return &job->item;
}

struct jobs *job_jobs(const struct job *job)
{
    return job->lane->dispatcher->jobs;
}

struct arena *job_arena(struct job *job)
{
    return job->arena;
}

/* -- the end of a try -------------------------------------------------------------------------------------------- */

/* A lane that was full looks again at once: more may be waiting. */
static void job_free(struct job *job)
{
    struct lane *lane = job->lane;
    bool was_full = lane->under_way-- >= lane->topic->concurrency;
    if (was_full && !lane->asking && !lane->dispatcher->stopped)
        loop_timer_start(lane->timer, 1);
    arena_free(job->arena);
    mem_free(job);
}

static void ended(struct job *job, enum err err, enum outbox_end end)
{
    if (err != OK) /* the lease runs out and somebody does it again: effects carry the row's key */
        log_warn("jobs", "end of %s %" PRId64 " not recorded: %s", job->item.topic, job->item.id, err_code(err));
    else if (end == OUTBOX_DEAD)
        log_error("jobs", "%s %s of %s is dead after %" PRId64 " tries: a person must look", job->item.topic,
                  job->item.event, job->item.renewal_no, job->item.attempts);
    else if (end == OUTBOX_STALE)
        log_warn("jobs", "%s %" PRId64 " was taken over by another process", job->item.topic, job->item.id);
    job_free(job);
}

static void failed(void *context, enum err err, const struct row *rows)
{
    struct job *job = context;
    enum outbox_end end = OUTBOX_STALE;
    if (err == OK)
        err = store_fail_outbox_read(rows, job->arena, &end);
    ended(job, err, end);
}

static enum err send_finished(void *server, int64_t fence, struct waiting *const *items, size_t count, db_done *done,
                              void *context)
{
    const struct jobs *jobs = server;
    const struct outbox_result *results[TOGETHER_MAX];
    (void)fence;
    for (size_t i = 0; i < count; i++)
        results[i] = &((const struct job *)items[i])->result;
    return store_finish_outbox(jobs->db, results, count, jobs->settings->database_call_ms, done, context);
}

static void finished(struct waiting *item, enum err err, const struct row *rows, size_t row)
{
    struct job *job = (struct job *)item;
    enum outbox_end end = OUTBOX_STALE;
    if (err == OK)
        err = store_finish_outbox_read(rows, row, job->arena, &end);
    ended(job, err, end);
}

static const struct together_kind finishing = {send_finished, finished, NULL};

void job_ended(struct job *job)
{
    job_free(job);
}

static void job_done(struct job *job, const char *text)
{
    job->result = (struct outbox_result){job->item.id, job->item.lease_token, arena_text(job->arena, text)};
    together_add(job->lane->dispatcher->finishing, &job->waiting, 0);
}

void job_end(struct job *job, enum job_end end, const char *text)
{
    const struct jobs *jobs = job_jobs(job);
    if (end == JOB_DONE) {
        job_done(job, text);
        return;
    }
    enum err err = store_fail_outbox(jobs->db, job->item.id, job->item.lease_token, text, end == JOB_RETRY,
                                     jobs->settings->database_call_ms, failed, job);
    if (err != OK)
        ended(job, err, OUTBOX_STALE);
}

/* -- looking at the outbox --------------------------------------------------------------------------------------- */

static void start_job(struct lane *lane, const struct outbox_item *item)
{
    struct job *job = mem_alloc(sizeof(*job));
    *job = (struct job){.lane = lane, .arena = arena_new(), .item = *item};
    job->item.topic = lane->topic->name;
    job->item.dedup_key = arena_text(job->arena, item->dedup_key);
    job->item.event = arena_text(job->arena, item->event);
    job->item.renewal_no = arena_text(job->arena, item->renewal_no);
    lane->under_way++;
    lane->topic->handler(job);
}

/* A full batch means that more is waiting. While something comes, portions stay small: what comes in half a second,
 * done at once, would keep the cores from those who wait for an answer. */
static int64_t next_look_ms(const struct lane *lane, size_t found)
{
    int64_t poll_ms = lane->dispatcher->jobs->settings->jobs_poll_ms;
    if (found == 0)
        return poll_ms;
    return found == lane->asked ? 1 : poll_ms / LOOKS_WHILE_BUSY;
}

static void leased(void *context, enum err err, const struct row *rows)
{
    struct lane *lane = context;
    struct arena *arena = arena_new();
    struct outbox_batch batch = {0};
    lane->asking = false;
    if (err == OK)
        err = store_lease_outbox_read(rows, arena, &batch);
    for (size_t i = 0; err == OK && i < batch.count; i++)
        start_job(lane, &batch.items[i]);
    arena_free(arena);
    if (!lane->dispatcher->stopped)
        loop_timer_start(lane->timer, next_look_ms(lane, batch.count));
}

static void look(void *context)
{
    struct lane *lane = context;
    const struct jobs *jobs = lane->dispatcher->jobs;
    const struct settings *settings = jobs->settings;
    size_t free_places = lane->topic->concurrency - lane->under_way;
    int64_t batch = (int64_t)free_places < settings->jobs_outbox_batch ? (int64_t)free_places
                                                                       : settings->jobs_outbox_batch;
    int64_t lease_s = lane->topic->lease_s == 0 ? settings->jobs_outbox_lease_s : lane->topic->lease_s;
    lane->asked = (size_t)batch;
    lane->asking = batch > 0 && store_lease_outbox(jobs->db, lane->topic->name, batch, lease_s,
                                                   settings->database_call_ms, leased, lane) == OK;
    if (!lane->asking)
        loop_timer_start(lane->timer, settings->jobs_poll_ms);
}

struct dispatcher *dispatcher_new(struct jobs *jobs)
{
    struct dispatcher *dispatcher = mem_alloc(sizeof(*dispatcher));
    dispatcher->jobs = jobs;
    dispatcher->finishing = together_new(&finishing, jobs->loop, jobs);
    for (size_t i = 0; i < ARRAY_SIZE(topics); i++) {
        struct lane *lane = &dispatcher->lanes[i];
        *lane = (struct lane){.dispatcher = dispatcher, .topic = &topics[i]};
        lane->timer = loop_timer_new(jobs->loop, look, lane);
        loop_timer_start(lane->timer, 1);
    }
    return dispatcher;
}

void dispatcher_stop(struct dispatcher *dispatcher)
{
    dispatcher->stopped = true;
    for (size_t i = 0; i < ARRAY_SIZE(topics); i++)
        loop_timer_stop(dispatcher->lanes[i].timer);
}

size_t dispatcher_pending(const struct dispatcher *dispatcher)
{
    size_t pending = 0;
    for (size_t i = 0; i < ARRAY_SIZE(topics); i++)
        pending += dispatcher->lanes[i].under_way + (dispatcher->lanes[i].asking ? 1 : 0);
    return pending;
}

void dispatcher_free(struct dispatcher *dispatcher)
{
    if (dispatcher == NULL)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(topics); i++)
        loop_timer_free(dispatcher->lanes[i].timer);
    together_free(dispatcher->finishing);
    mem_free(dispatcher);
}
