/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/statement_payouts.h"

#include "base/log.h"
#include "store/payout_line.h"

#include <inttypes.h>

#define BATCH 500

struct looking {
    struct job *job;
    int64_t import_id, after;
    struct payout_lines lines;
    size_t next; /* of lines */
    struct statement_payouts_found found;
    statement_payouts_done *done;
    void *context;
};

static void list(struct looking *it);
static void take_next(struct looking *it);

static void end(struct looking *it, enum err err)
{
    it->done(it->context, err, &it->found);
}

static void tell(struct looking *it, enum payout_line_outcome outcome, const char *client_id)
{
    int64_t line = it->lines.items[it->next].line_id;
    it->found.paid += outcome == PAYOUT_LINE_PAID;
    it->found.returned += outcome == PAYOUT_LINE_RETURNED;
    it->found.unclear += outcome == PAYOUT_LINE_UNCLEAR;
    if (outcome == PAYOUT_LINE_PAID || outcome == PAYOUT_LINE_RETURNED)
        log_info("payout", "%s: %s, by statement line %" PRId64, client_id,
                 outcome == PAYOUT_LINE_PAID ? "paid" : "came back", line);
    else if (outcome == PAYOUT_LINE_UNCLEAR)
        log_warn("payout", "statement line %" PRId64 " came back, but of no payout that is known: raised for finance",
                 line);
}

static void taken(void *context, enum err err, const struct row *rows)
{
    struct looking *it = context;
    enum payout_line_outcome outcome = PAYOUT_LINE_NONE;
    const char *client_id = "";
    if (err == OK)
        err = store_take_payout_line_read(rows, job_arena(it->job), &outcome, &client_id);
    if (err != OK) {
        end(it, err);
        return;
    }
    tell(it, outcome, client_id);
    it->after = it->lines.items[it->next].line_id;
    it->next++;
    take_next(it);
}

/* Banks rarely say why money came back: most often the account or the name is wrong. */
static const char *failure_of(const char *remark)
{
    const char *failure = bank_failure(remark);
    return failure[0] != '\0' ? failure : "account_invalid";
}

static enum err take(struct looking *it)
{
    const struct jobs *jobs = job_jobs(it->job);
    const struct settings *settings = jobs->settings;
    const struct payout_line *line = &it->lines.items[it->next];
    struct payout_line_facts facts = {.line_id = line->line_id,
                                      .failure = failure_of(line->remark),
                                      .code_days = settings->account_code_days,
                                      .success_days = settings->account_success_days};
    if (line->account_digits[0] != '\0')
        facts.payee_index = seal_index(jobs->seal_keys, job_arena(it->job), "payout.account", line->account_digits);
    return store_take_payout_line(jobs->db, &facts, settings->database_call_ms, taken, it);
}

static void take_next(struct looking *it)
{
    if (it->next == it->lines.count) {
        if (it->lines.count == BATCH)
            list(it);
        else
            end(it, OK);
        return;
    }
    enum err err = take(it);
    if (err != OK)
        end(it, err);
}

static void listed(void *context, enum err err, const struct row *rows)
{
    struct looking *it = context;
    if (err == OK)
        err = store_list_payout_lines_read(rows, job_arena(it->job), &it->lines);
    if (err != OK) {
        end(it, err);
        return;
    }
    it->next = 0;
    take_next(it);
}

static void list(struct looking *it)
{
    const struct jobs *jobs = job_jobs(it->job);
    enum err err = store_list_payout_lines(jobs->db, it->import_id, it->after, BATCH, jobs->settings->database_call_ms,
                                           listed, it);
    if (err != OK)
        end(it, err);
}

void statement_payouts(struct job *job, int64_t import_id, statement_payouts_done *done, void *context)
{
    struct looking *it = ARENA_NEW(job_arena(job), struct looking);
    *it = (struct looking){.job = job, .import_id = import_id, .done = done, .context = context};
    list(it);
}
