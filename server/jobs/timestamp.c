/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/timestamp.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "remote/timestamp.h"
#include "store/audit.h"

#include <inttypes.h>

#define LOOK_S         5 /* between looks whether one is due, at most */
#define AGAIN_FIRST_S  1 /* after a try that failed; doubled with each further one */
#define AGAIN_LAST_S   600
#define AGAIN_DOUBLING 9

struct timestamper {
    struct jobs *jobs;
    struct timestamp_authority *authority;
    struct loop_timer *timer;
    int64_t lag_s, failures, failed_in_row;
    bool late; /* the alarm was raised */

    /* of one look */
    struct arena *arena;
    struct audit_checkpoint checkpoint;
    struct bytes request;
};

int64_t timestamper_lag_s(const struct timestamper *timestamper)
{
    return timestamper == NULL ? -1 : timestamper->lag_s;
}

int64_t timestamper_failures(const struct timestamper *timestamper)
{
    return timestamper == NULL ? -1 : timestamper->failures;
}

/* -- the end of a look --------------------------------------------------------------------------------------------- */

static int64_t next_look_s(const struct timestamper *it)
{
    int64_t every_s = it->jobs->settings->audit_timestamp_s;
    if (it->failed_in_row == 0)
        return every_s < LOOK_S ? every_s : LOOK_S;
    int64_t doublings = it->failed_in_row - 1 < AGAIN_DOUBLING ? it->failed_in_row - 1 : AGAIN_DOUBLING;
    int64_t again_s = (int64_t)AGAIN_FIRST_S << doublings;
    return again_s < AGAIN_LAST_S ? again_s : AGAIN_LAST_S;
}

static void end(struct timestamper *it, enum err err)
{
    if (err != OK) {
        it->failures++;
        it->failed_in_row++;
        log_warn("audit", "no time stamp (%" PRId64 ". try): %s; asked again in %" PRId64 " s", it->failed_in_row,
                 err_code(err), next_look_s(it));
    } else {
        it->failed_in_row = 0;
    }
    arena_free(it->arena);
    it->arena = NULL;
    loop_timer_start(it->timer, next_look_s(it) * 1000);
}

static void watch_lag(struct timestamper *it, int64_t lag_s)
{
    bool late = lag_s > it->jobs->settings->audit_timestamp_late_s;
    it->lag_s = lag_s;
    if (late && !it->late)
        log_error("audit", "checkpoints have waited for a time stamp for %" PRId64 " s: a person must look", lag_s);
    else if (!late && it->late)
        log_info("audit", "checkpoints are stamped in time again");
    it->late = late;
}

/* -- one look ------------------------------------------------------------------------------------------------------ */

static void recorded(void *context, enum err err, const struct row *rows)
{
    struct timestamper *it = context;
    if (err == OK)
        err = store_record_timestamp_read(rows, it->arena);
    if (err == OK) {
        log_info("audit", "the checkpoint of %" PRId64 " leaves has a time stamp", it->checkpoint.size);
        watch_lag(it, 0);
    }
    end(it, err);
}

static enum err keep(struct timestamper *it, const struct http_answer *answer)
{
    const struct jobs *jobs = it->jobs;
    struct audit_checkpoint *checkpoint = &it->checkpoint;
    TRY(timestamp_read(answer, &checkpoint->token));
    TRY(timestamp_verify(it->authority, it->request, checkpoint->token, clock_now_us(), &checkpoint->stamped_at_us));
    return store_record_timestamp(jobs->db, checkpoint, jobs->settings->database_call_ms, recorded, it);
}

static void answered(void *context, enum err err, const struct http_answer *answer)
{
    struct timestamper *it = context;
    if (err == OK)
        err = keep(it, answer);
    if (err != OK)
        end(it, err);
}

static enum err ask(struct timestamper *it)
{
    const struct jobs *jobs = it->jobs;
    struct http_request call;
    it->request = timestamp_request(it->authority, it->arena, bytes_of_text(it->checkpoint.note));
    timestamp_ask(jobs->settings->audit_timestamp_url, it->request, jobs->settings->remote_call_ms, &call);
    return http_start(jobs->http, &call, it->arena, answered, it);
}

static enum err take_due(struct timestamper *it, const struct row *rows)
{
    int64_t lag_s;
    TRY(store_timestamp_due_read(rows, it->arena, &it->checkpoint, &lag_s));
    watch_lag(it, lag_s);
    if (it->checkpoint.size > 0)
        return ask(it);
    end(it, OK);
    return OK;
}

static void due(void *context, enum err err, const struct row *rows)
{
    struct timestamper *it = context;
    if (err == OK)
        err = take_due(it, rows);
    if (err != OK)
        end(it, err);
}

static void look(void *context)
{
    struct timestamper *it = context;
    const struct settings *settings = it->jobs->settings;
    it->arena = arena_new();
    enum err err = store_timestamp_due(it->jobs->db, settings->audit_timestamp_s, settings->database_call_ms, due, it);
    if (err != OK)
        end(it, err);
}

/* -- life ---------------------------------------------------------------------------------------------------------- */

enum err timestamper_new(struct jobs *jobs, struct timestamper **out)
{
    const struct settings *settings = jobs->settings;
    struct timestamp_authority *authority;
    if (settings->audit_timestamp_url[0] == '\0') {
        *out = NULL;
        return OK;
    }
    struct arena *arena = arena_new();
    enum err err = timestamp_authority_load(settings_path(arena, settings, settings->audit_timestamp_ca_file),
                                            settings->audit_timestamp_policy, &authority);
    arena_free(arena);
    TRY(err);
    struct timestamper *it = mem_alloc(sizeof(*it));
    *it = (struct timestamper){.jobs = jobs, .authority = authority, .lag_s = -1};
    it->timer = loop_timer_new(jobs->loop, look, it);
    loop_timer_start(it->timer, 1);
    *out = it;
    return OK;
}

void timestamper_free(struct timestamper *it)
{
    if (it == NULL)
        return;
    loop_timer_free(it->timer);
    timestamp_authority_free(it->authority);
    arena_free(it->arena);
    mem_free(it);
}
