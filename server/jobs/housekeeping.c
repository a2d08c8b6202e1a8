/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/housekeeping.h"

#include "base/log.h"
#include "base/mem.h"
#include "store/housekeeping.h"
#include "store/operations.h"
#include "store/portal.h"
#include "store/subject.h"

#include <inttypes.h>

#define EVERY_MS       60000
#define FIRST_AFTER_MS 1000
#define ERASE_BATCH    100         /* documents go with them */
#define FUNNEL_EVERY_S 290         /* each fifth time */
#define LATE_NOTICES_S (26 * 3600) /* a gateway repeats a notice for 25 hours */

struct housekeeping {
    struct jobs *jobs;
    struct loop_timer *timer;
    bool more; /* of the rest waits */
};

static bool more_waits(const struct housekeeping_counts *counts)
{
    return counts->challenges >= HOUSEKEEPING_BATCH || counts->sessions >= HOUSEKEEPING_BATCH ||
           counts->login_failures >= HOUSEKEEPING_BATCH || counts->outbox_done >= HOUSEKEEPING_BATCH ||
           counts->renewals_closed >= HOUSEKEEPING_RENEWALS || counts->renewals_reminded >= HOUSEKEEPING_RENEWALS;
}

static void erased(void *context, enum err err, const struct row *rows)
{
    struct housekeeping *housekeeping = context;
    int64_t count = 0;
    if (err == OK)
        err = store_erase_lapsed_read(rows, &count);
    if (err != OK)
        log_warn("jobs", "erasing personal data: %s", err_code(err));
    else if (count > 0)
        log_info("jobs", "erased the personal data of %" PRId64 " renewals whose time of retention is over", count);
    loop_timer_start(housekeeping->timer, count >= ERASE_BATCH || housekeeping->more ? 1 : EVERY_MS);
}

static bool erase(struct housekeeping *housekeeping, bool more)
{
    const struct jobs *jobs = housekeeping->jobs;
    const struct settings *settings = jobs->settings;
    const struct retention retention = {settings->retention_unpaid_days, settings->retention_evidence_years};
    housekeeping->more = more;
    return store_erase_lapsed(jobs->db, &retention, ERASE_BATCH, settings->database_call_ms, erased, housekeeping) ==
           OK;
}

static void kept(void *context, enum err err, const struct row *rows)
{
    struct housekeeping *housekeeping = context;
    struct housekeeping_counts counts = {0};
    if (err == OK)
        err = store_keep_house_read(rows, &counts);
    if (err != OK)
        log_warn("jobs", "housekeeping: %s", err_code(err));
    else if (counts.renewals_closed > 0)
        log_info("jobs", "closed %" PRId64 " renewals that nobody paid", counts.renewals_closed);
    if (counts.renewals_reminded > 0)
        log_info("jobs", "reminded of %" PRId64 " returned renewals", counts.renewals_reminded);
    if (err != OK || !erase(housekeeping, more_waits(&counts)))
        loop_timer_start(housekeeping->timer, EVERY_MS);
}

static void portal_tidied(void *context, enum err err, const struct row *rows)
{
    (void)context;
    (void)rows;
    if (err != OK)
        log_warn("jobs", "housekeeping of the web hall: %s", err_code(err));
}

static void funnel_counted(void *context, enum err err, const struct row *rows)
{
    (void)context;
    (void)rows;
    if (err != OK)
        log_warn("jobs", "counting the funnel: %s", err_code(err));
}

static void keep(void *context)
{
    struct housekeeping *housekeeping = context;
    struct jobs *jobs = housekeeping->jobs;
    int64_t attempt_life_s = jobs->settings->alipay_timeout_minutes * 60 + LATE_NOTICES_S;
    enum err err = store_tidy_portal(jobs->db, jobs->settings->database_call_ms, portal_tidied, NULL);
    if (err != OK)
        portal_tidied(NULL, err, NULL);
    err = store_count_funnel(jobs->db, FUNNEL_EVERY_S, jobs->settings->database_call_ms, funnel_counted, NULL);
    if (err != OK)
        funnel_counted(NULL, err, NULL);
    if (store_keep_house(jobs->db, attempt_life_s, jobs->settings->database_call_ms, kept, housekeeping) != OK)
        loop_timer_start(housekeeping->timer, EVERY_MS);
}

struct housekeeping *housekeeping_new(struct jobs *jobs)
{
    struct housekeeping *housekeeping = mem_alloc(sizeof(*housekeeping));
    housekeeping->jobs = jobs;
    housekeeping->timer = loop_timer_new(jobs->loop, keep, housekeeping);
    loop_timer_start(housekeeping->timer, FIRST_AFTER_MS);
    return housekeeping;
}

void housekeeping_free(struct housekeeping *housekeeping)
{
    if (housekeeping == NULL)
        return;
    loop_timer_free(housekeeping->timer);
    mem_free(housekeeping);
}
