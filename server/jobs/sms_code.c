/* SPDX-License-Identifier: Apache-2.0 */
/* The outbox row's key is the code's number. The code is made again from its salt and is nowhere else. What may have
 * been sent is not sent again (SendSms is not idempotent): its owner asks for another one after a minute. */
#include "jobs/sms_code.h"

#include "base/clock.h"
#include "base/log.h"
#include "pki/code.h"
#include "store/sms_code.h"

#include <stdlib.h>

static void end_by(struct job *job, enum sms_end end, const char *word)
{
    static const struct {
        enum job_end end;
        const char *result; /* NULL: the provider's word */
    } ends[] = {
        [SMS_SENT] = {JOB_DONE, "sent"},        [SMS_LATER] = {JOB_RETRY, NULL}, [SMS_LIMITED] = {JOB_DONE, "limited"},
        [SMS_NUMBER] = {JOB_DONE, "no number"}, [SMS_OURS] = {JOB_NEVER, NULL},  [SMS_UNKNOWN] = {JOB_DONE, "unknown"},
    };
    if (end == SMS_OURS)
        log_error("sms", "the provider refuses us: %s", word);
    else if (end != SMS_SENT)
        log_warn("sms", "code %s: %s", job_item(job)->dedup_key, word);
    job_end(job, ends[end].end, ends[end].result != NULL ? ends[end].result : word);
}

static void answered(void *context, enum err err, const struct http_answer *answer)
{
    struct job *job = context;
    const char *word = err_code(err);
    if (err == ERR_REMOTE_UNREACHABLE)
        end_by(job, SMS_LATER, word);
    else if (err != OK)
        end_by(job, SMS_UNKNOWN, word);
    else {
        enum sms_end end = aliyun_sms_read(answer, job_arena(job), &word);
        end_by(job, end, word);
    }
}

static enum err start(struct job *job, const struct sms_code_due *due)
{
    struct jobs *jobs = job_jobs(job);
    struct arena *arena = job_arena(job);
    struct bytes mobile;
    struct http_request request;
    TRY(unseal(jobs->seal_keys, arena, "portal.mobile", due->mobile_index, due->mobile_sealed, &mobile));
    const struct sms message = {.mobile = arena_text_n(arena, (const char *)mobile.data, mobile.size),
                                .purpose = due->purpose,
                                .code = code_text(jobs->seal_keys, arena, due->salt),
                                .out_id = job_item(job)->dedup_key};
    TRY(aliyun_sms_request(jobs->sms, &message, clock_now_us(), arena, &request));
    return http_start(jobs->http, &request, arena, answered, job);
}

static void due_read(void *context, enum err err, const struct row *rows)
{
    struct job *job = context;
    struct sms_code_due due = {0};
    if (err == OK)
        err = store_get_sms_code_due_read(rows, job_arena(job), &due);
    if (err == OK && !due.due) {
        job_end(job, JOB_DONE, "dropped");
        return;
    }
    if (err == OK && job_jobs(job)->sms == NULL)
        err = ERR_SMS_UNAVAILABLE;
    if (err == OK)
        err = start(job, &due);
    if (err != OK)
        job_end(job, JOB_RETRY, err_code(err));
}

void sms_code_send(struct job *job)
{
    struct jobs *jobs = job_jobs(job);
    int64_t id = strtoll(job_item(job)->dedup_key, NULL, 10);
    enum err err = store_get_sms_code_due(jobs->db, id, jobs->settings->database_call_ms, due_read, job);
    if (err != OK)
        job_end(job, JOB_RETRY, err_code(err));
}
