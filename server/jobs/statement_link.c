/* SPDX-License-Identifier: Apache-2.0 */
/* Where a run stands is in the database: each page is kept there before the next is asked for, so that whoever takes a
 * run over goes on behind what is kept. What the bank answers is believed only when all of it fits together and leads
 * to the balance (statement_link_end). */
#include "jobs/statement_link.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/statement_link.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_LOOK_MS 3000
#define LOOK_MS       30000 /* or a quarter of the interval */
#define TAKE_MS       60000 /* what was read is taken over: jobs' own statement time-out */
#define SPARE_S       60    /* of a lease, beyond one call */
#define MS            1000

struct reading {
    struct job *job;
    struct statement_link_hold hold;
    struct statement_link_next next;
    struct http_request request;
};

static const struct settings *settings_of(const struct reading *it)
{
    return job_jobs(it->job)->settings;
}

/* -- the end of a turn --------------------------------------------------------------------------------------------- */

static void faulted(void *context, enum err err, const struct row *rows)
{
    struct reading *it = context;
    enum statement_link_step step = STATEMENT_LINK_STALE;
    struct statement_link_lag lag = {0};
    int64_t faults = 0;
    if (err == OK)
        err = store_fault_statement_link_read(rows, job_arena(it->job), &step, &faults, &lag);
    if (err != OK) /* the lease runs out, and it is asked again */
        log_warn("bank", "run %" PRId64 ": not recorded: %s", it->hold.run_id, err_code(err));
    else if (step == STATEMENT_LINK_FAILED || lag.behind)
        log_error("bank",
                  "the account of bank.link is behind: not read to the end for %" PRId64 " s, %" PRId64
                  " questions in a row failed (xuqictl statement links)",
                  lag.lag_s, faults);
    job_ended(it->job);
}

static void fault(struct reading *it, const char *said)
{
    log_warn("bank", "run %" PRId64 " from record %" PRId64 " on: %s", it->hold.run_id, it->next.first_record, said);
    enum err err = store_fault_statement_link(job_jobs(it->job)->db, &it->hold, said, settings_of(it)->database_call_ms,
                                              faulted, it);
    if (err != OK)
        faulted(it, err, NULL);
}

/* -- one step ------------------------------------------------------------------------------------------------------ */

static void ask(struct reading *it);

static void stepped(void *context, enum err err, const struct row *rows)
{
    struct reading *it = context;
    if (err == OK)
        err = store_statement_link_read(rows, job_arena(it->job), &it->next);
    if (err != OK) {
        job_end(it->job, JOB_RETRY, err_code(err));
        return;
    }
    switch (it->next.step) {
    case STATEMENT_LINK_PAGE:
    case STATEMENT_LINK_BALANCE:
        ask(it);
        return;
    case STATEMENT_LINK_DONE:
        if (it->next.said[0] != '\0')
            log_info("bank", "run %" PRId64 " read to the end: %s", it->hold.run_id, it->next.said);
        break;
    case STATEMENT_LINK_FAILED:
        log_error("bank", "run %" PRId64 " is given up, the next one is due by its interval", it->hold.run_id);
        break;
    case STATEMENT_LINK_HELD:
    case STATEMENT_LINK_STALE:
        break;
    }
    job_ended(it->job);
}

/* -- movements ----------------------------------------------------------------------------------------------------- */

/* Beijing time, as banks write days and times. */
static bool read_instant(struct arena *arena, const char *day, const char *time, int64_t *unix_us)
{
    return clock_parse_plain(
        arena_format(arena, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", day, day + 4, day + 6, time, time + 2, time + 4), unix_us);
}

static bool read_times(struct arena *arena, const struct bank_movement *movement, int64_t *day, int64_t *time_us)
{
    static const size_t time_size = sizeof("hhmmss") - 1;
    int64_t midnight_us;
    if (!read_instant(arena, movement->day, "000000", &midnight_us))
        return false;
    *day = (midnight_us + 8 * 3600 * CLOCK_SECOND_US) / CLOCK_DAY_US;
    *time_us = INT64_MIN;
    if (strlen(movement->time) == time_size && !read_instant(arena, movement->day, movement->time, time_us))
        *time_us = INT64_MIN;
    return true;
}

static const char *kind_of(const struct bank_movement *movement)
{
    if (movement->returned)
        return "returned";
    return movement->reverses[0] != '\0' ? "reversal" : "ordinary";
}

struct columns {
    int64_t *days, *times_us, *movements_fen, *balances_fen;
};

/* line_keys as in the bank's files (bank_ref_of_day), so that a line is the same by link and by file. */
static bool put_movement(struct arena *arena, const struct bank_movement *movement, size_t i, struct columns *columns,
                         struct statement_link_page *page)
{
    if (!movement->has_balance || !read_times(arena, movement, &columns->days[i], &columns->times_us[i]))
        return false;
    columns->movements_fen[i] = movement->credit ? movement->amount_fen : -movement->amount_fen;
    columns->balances_fen[i] = movement->balance_fen;
    page->numbers[i] = movement->number;
    page->line_keys[i] = arena_format(arena, "%" PRId64 ":%s", columns->days[i], movement->reference);
    page->payer_accounts[i] = movement->other_account;
    page->payer_names[i] = movement->other_name;
    page->payer_banks[i] = movement->other_bank;
    page->remarks[i] = movement->remark;
    page->bank_refs[i] = movement->reference;
    page->kinds[i] = kind_of(movement);
    page->reverses[i] = movement->reverses;
    return true;
}

static const char **texts(struct arena *arena, size_t count)
{
    return arena_alloc(arena, (count + 1) * sizeof(char *));
}

static int64_t *integers(struct arena *arena, size_t count)
{
    return arena_alloc(arena, (count + 1) * sizeof(int64_t));
}

static bool fill_page(struct arena *arena, const struct bank_movements *movements, struct statement_link_page *page)
{
    size_t count = movements->count;
    struct columns columns = {integers(arena, count), integers(arena, count), integers(arena, count),
                              integers(arena, count)};
    *page = (struct statement_link_page){.count = count,
                                         .days = columns.days,
                                         .times_us = columns.times_us,
                                         .movements_fen = columns.movements_fen,
                                         .balances_fen = columns.balances_fen,
                                         .numbers = texts(arena, count),
                                         .line_keys = texts(arena, count),
                                         .payer_accounts = texts(arena, count),
                                         .payer_names = texts(arena, count),
                                         .payer_banks = texts(arena, count),
                                         .remarks = texts(arena, count),
                                         .bank_refs = texts(arena, count),
                                         .kinds = texts(arena, count),
                                         .reverses = texts(arena, count)};
    for (size_t i = 0; i < count; i++)
        if (!put_movement(arena, &movements->items[i], i, &columns, page))
            return false;
    return true;
}

static enum err keep_page(struct reading *it, const struct bank_movements *movements)
{
    struct jobs *jobs = job_jobs(it->job);
    struct statement_link_page page;
    if (!fill_page(job_arena(it->job), movements, &page)) {
        fault(it, "a movement without its day or its balance");
        return OK;
    }
    page.first_record = it->next.first_record;
    page.full = movements->count >= bank_page_size(jobs->bank);
    return store_page_statement_link(jobs->db, &it->hold, &page, TAKE_MS, stepped, it);
}

static void page_came(void *context, enum err err, const struct http_answer *answer)
{
    struct reading *it = context;
    struct bank_movements movements;
    const char *said = err_code(err);
    if (err == OK)
        err = bank_read_list(job_jobs(it->job)->bank, job_arena(it->job), answer, &movements, &said);
    if (err != OK) {
        fault(it, said);
        return;
    }
    err = keep_page(it, &movements);
    if (err != OK)
        job_end(it->job, JOB_RETRY, err_code(err));
}

/* -- the balance --------------------------------------------------------------------------------------------------- */

static void balance_came(void *context, enum err err, const struct http_answer *answer)
{
    struct reading *it = context;
    const struct jobs *jobs = job_jobs(it->job);
    const char *said = err_code(err);
    int64_t balance_fen = 0;
    if (err == OK)
        err = bank_read_balance(jobs->bank, job_arena(it->job), answer, &balance_fen, &said);
    if (err != OK) {
        fault(it, said);
        return;
    }
    err = store_balance_statement_link(jobs->db, &it->hold, balance_fen, TAKE_MS, stepped, it);
    if (err != OK)
        job_end(it->job, JOB_RETRY, err_code(err));
}

/* -- asking -------------------------------------------------------------------------------------------------------- */

static enum err build(struct reading *it)
{
    const struct bank *bank = job_jobs(it->job)->bank;
    struct arena *arena = job_arena(it->job);
    const struct bank_page page = {it->next.first_day, it->next.last_day, it->next.first_record};
    return it->next.step == STATEMENT_LINK_PAGE ? bank_list(bank, arena, &page, &it->request)
                                                : bank_balance(bank, arena, &it->request);
}

static void ask(struct reading *it)
{
    enum err err = build(it);
    if (err == OK)
        err = http_start(job_jobs(it->job)->http, &it->request, job_arena(it->job),
                         it->next.step == STATEMENT_LINK_PAGE ? page_came : balance_came, it);
    if (err != OK)
        fault(it, err_code(err));
}

void statement_link_run(struct job *job)
{
    const struct outbox_item *item = job_item(job);
    struct jobs *jobs = job_jobs(job);
    const struct settings *settings = jobs->settings;
    struct reading *it = ARENA_NEW(job_arena(job), struct reading);
    if (jobs->bank == NULL) {
        job_end(job, JOB_RETRY, "no bank is set up (bank.link)");
        return;
    }
    *it = (struct reading){.job = job,
                           .hold = {.id = item->id,
                                    .lease_token = item->lease_token,
                                    .run_id = strtoll(item->event, NULL, 10),
                                    .queries_per_hour = settings->bank_queries_per_hour,
                                    .lease_s = (settings->bank_call_ms + TAKE_MS) / MS + SPARE_S}};
    enum err err = store_begin_statement_link(jobs->db, &it->hold, settings->database_call_ms, stepped, it);
    if (err != OK)
        job_end(job, JOB_RETRY, err_code(err));
}

/* -- when it is due ------------------------------------------------------------------------------------------------ */

struct statement_clock {
    struct jobs *jobs;
    struct loop_timer *timer;
    bool told; /* that it is behind */
};

static void tell_lag(struct statement_clock *clock, const struct statement_link_lag *lag)
{
    if (lag->behind && !clock->told)
        log_error("bank",
                  "the account of bank.link is behind: not read to the end for %" PRId64 " s (xuqictl statement links)",
                  lag->lag_s);
    else if (!lag->behind && clock->told)
        log_info("bank", "the account of bank.link is read again as it should be");
    clock->told = lag->behind;
}

static void looked(void *context, enum err err, const struct row *rows)
{
    struct statement_clock *clock = context;
    struct arena *arena = arena_new();
    struct statement_link_lag lag;
    enum statement_link_due due;
    if (err == OK)
        err = store_due_statement_link_read(rows, arena, &due, &lag);
    if (err == OK)
        tell_lag(clock, &lag);
    else if (!clock->told)
        log_warn("bank", "the account of bank.link is not read: %s, %s", err_code(err), err_info(err)->en);
    clock->told = clock->told || err != OK;
    arena_free(arena);
    int64_t quarter_ms = clock->jobs->settings->bank_statement_interval_s * MS / 4;
    loop_timer_start(clock->timer, quarter_ms < LOOK_MS ? quarter_ms : LOOK_MS);
}

static void look(void *context)
{
    struct statement_clock *clock = context;
    struct jobs *jobs = clock->jobs;
    const struct settings *settings = jobs->settings;
    if (store_due_statement_link(jobs->db, bank_name(jobs->bank), bank_account(jobs->bank),
                                 settings->bank_statement_interval_s, settings->bank_statement_back_days,
                                 settings->database_call_ms, looked, clock) != OK)
        loop_timer_start(clock->timer, LOOK_MS);
}

struct statement_clock *statement_clock_new(struct jobs *jobs)
{
    if (jobs->bank == NULL || jobs->settings->bank_statement_interval_s == 0)
        return NULL;
    struct statement_clock *clock = mem_alloc(sizeof(*clock));
    clock->jobs = jobs;
    clock->timer = loop_timer_new(jobs->loop, look, clock);
    loop_timer_start(clock->timer, FIRST_LOOK_MS);
    return clock;
}

void statement_clock_free(struct statement_clock *clock)
{
    if (clock == NULL)
        return;
    loop_timer_free(clock->timer);
    mem_free(clock);
}
