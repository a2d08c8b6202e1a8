/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/statement_match.h"

#include "base/json.h"
#include "base/log.h"
#include "jobs/statement_payouts.h"
#include "store/transfer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WAITING_BATCH 100
#define LINE_BATCH    5000 /* a second of one transaction, at most */
#define MATCHERS_MOST 16
#define BATCH_MS      60000 /* jobs' own statement time-out */

static const char *const phases[] = {"numbers", "misspelt", "sums"};

struct matching;

/* One of several at the same time, on a connection and lines of its own. */
struct matcher {
    struct matching *it;
};

struct matching {
    struct job *job;
    int64_t import_id;
    struct waiting_transfers waiting;
    size_t next;   /* of waiting, then of portions */
    int64_t after; /* the last declared transfer */
    struct statement_portions_list portions;
    struct matcher matchers[MATCHERS_MOST];
    size_t phase, under_way;
    enum err err; /* of the first that failed: the others end what they have begun */
    int64_t verified, matched, paid;
};

static int64_t call_ms(const struct matching *it)
{
    return job_jobs(it->job)->settings->database_call_ms;
}

static void fail(struct matching *it, enum err err)
{
    job_end(it->job, JOB_RETRY, err_code(err));
}

/* -- lines -------------------------------------------------------------------------------------------------------- */

static void match_next(struct matching *it, struct matcher *matcher);
static void match_phase(struct matching *it);

static void payouts_found(void *context, enum err err, const struct statement_payouts_found *found)
{
    struct matching *it = context;
    if (err != OK) {
        fail(it, err);
        return;
    }
    log_info("jobs",
             "import %" PRId64 ": %" PRId64 " declared transfers found, %" PRId64 " matches, %" PRId64
             " orders paid; of our payouts %" PRId64 " paid, %" PRId64 " came back",
             it->import_id, it->verified, it->matched, it->paid, found->paid, found->returned);
    job_end(it->job, JOB_DONE,
            arena_format(job_arena(it->job), "%" PRId64 " declared, %" PRId64 " matched", it->verified, it->matched));
}

static void portion_matched(void *context, enum err err, const struct row *rows)
{
    struct matching *it = ((struct matcher *)context)->it;
    struct statement_matching done = {0};
    if (err == OK)
        err = store_match_statement_read(rows, &done);
    if (it->err == OK)
        it->err = err;
    it->under_way--;
    it->matched += done.matched;
    it->paid += done.paid;
    match_next(it, context);
}

static enum err match_portion(struct matching *it, struct matcher *matcher)
{
    int64_t after = it->next == 0 ? 0 : it->portions.until[it->next - 1];
    TRY(store_match_statement(job_jobs(it->job)->db, it->import_id, phases[it->phase], after,
                              it->portions.until[it->next], LINE_BATCH, BATCH_MS, portion_matched, matcher));
    it->next++;
    it->under_way++;
    return OK;
}

/* The last to end says what comes after: a phase begins when the one before is over for all lines. */
static void portions_over(struct matching *it)
{
    if (it->err != OK) {
        fail(it, it->err);
        return;
    }
    it->phase++;
    it->next = 0;
    match_phase(it);
}

static void match_next(struct matching *it, struct matcher *matcher)
{
    if (it->err == OK && it->next < it->portions.count)
        it->err = match_portion(it, matcher);
    if (it->under_way == 0)
        portions_over(it);
}

static void match_phase(struct matching *it)
{
    size_t matchers = (size_t)job_jobs(it->job)->settings->bank_matchers;
    if (it->phase == ARRAY_SIZE(phases) || it->portions.count == 0) {
        statement_payouts(it->job, it->import_id, payouts_found, it);
        return;
    }
    for (size_t i = 0; i < matchers && it->err == OK && it->next < it->portions.count; i++) {
        it->matchers[i].it = it;
        it->err = match_portion(it, &it->matchers[i]);
    }
    if (it->under_way == 0)
        portions_over(it);
}

static void portions_listed(void *context, enum err err, const struct row *rows)
{
    struct matching *it = context;
    if (err == OK)
        err = store_list_statement_portions_read(rows, job_arena(it->job), &it->portions);
    if (err != OK) {
        fail(it, err);
        return;
    }
    it->next = 0;
    match_phase(it);
}

static void list_portions(struct matching *it)
{
    enum err err = store_list_statement_portions(job_jobs(it->job)->db, it->import_id, LINE_BATCH, BATCH_MS,
                                                 portions_listed, it);
    if (err != OK)
        fail(it, err);
}

/* -- declared transfers ------------------------------------------------------------------------------------------- */

static void verify_next(struct matching *it);
static void list_waiting(struct matching *it);

static void verified(void *context, enum err err, const struct row *rows)
{
    struct matching *it = context;
    const char *state = "";
    if (err == OK)
        err = store_verify_transfer_read(rows, job_arena(it->job), &state);
    if (err != OK) {
        fail(it, err);
        return;
    }
    it->verified += strcmp(state, "matched") == 0;
    it->after = it->waiting.items[it->next].id;
    it->next++;
    verify_next(it);
}

static enum err verify(struct matching *it, const struct waiting_transfer *waiting)
{
    struct jobs *jobs = job_jobs(it->job);
    struct arena *arena = job_arena(it->job);
    struct bytes plain;
    struct fault fault;
    AUTO_JSON *document = NULL;
    fault_init(&fault, arena);
    TRY(unseal(jobs->seal_keys, arena, "transfer.payer", waiting->content_index, waiting->sealed, &plain));
    ENSURE(json_parse((const char *)plain.data, plain.size, &fault, &document) == OK, ERR_SEAL_BROKEN);
    const char *account = json_text_at(document, "payer.account"), *name = json_text_at(document, "payer.name");
    ENSURE(account != NULL && name != NULL, ERR_SEAL_BROKEN);
    return store_verify_transfer(jobs->db, waiting->id, account, name, call_ms(it), verified, it);
}

static void verify_next(struct matching *it)
{
    if (it->next == it->waiting.count) {
        if (it->waiting.count == WAITING_BATCH) {
            list_waiting(it);
        } else {
            list_portions(it);
        }
        return;
    }
    enum err err = verify(it, &it->waiting.items[it->next]);
    if (err != OK)
        fail(it, err);
}

static void waiting_listed(void *context, enum err err, const struct row *rows)
{
    struct matching *it = context;
    if (err == OK)
        err = store_list_waiting_transfers_read(rows, job_arena(it->job), &it->waiting);
    if (err != OK) {
        fail(it, err);
        return;
    }
    it->next = 0;
    verify_next(it);
}

static void list_waiting(struct matching *it)
{
    enum err err = store_list_waiting_transfers(job_jobs(it->job)->db, it->import_id, it->after, WAITING_BATCH,
                                                call_ms(it), waiting_listed, it);
    if (err != OK)
        fail(it, err);
}

void statement_match_run(struct job *job)
{
    struct matching *it = ARENA_NEW(job_arena(job), struct matching);
    *it = (struct matching){.job = job, .import_id = strtoll(job_item(job)->event, NULL, 10)};
    list_waiting(it);
}
