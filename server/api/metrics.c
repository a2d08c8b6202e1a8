/* SPDX-License-Identifier: Apache-2.0 */
/* GET /metrics, on the administration address only: what this process counts, then what the database, jobs and issuer
 * say, asked one after the other. Who does not answer is left out, and xuqi_up says so. */
#include "store/metrics.h"
#include "api/events.h"
#include "api/handlers.h"
#include "api/server.h"
#include "base/clock.h"
#include "base/prometheus.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ASK_MS 1000 /* of each: a scrape waits for nobody longer */

struct scrape {
    struct request *req;
    struct prometheus out;
};

static void gauge(struct scrape *scrape, const char *name, const char *help, int64_t value)
{
    prometheus_metric(&scrape->out, name, "gauge", help);
    prometheus_sample(&scrape->out, name, "", value);
}

static void counter(struct scrape *scrape, const char *name, const char *help, uint64_t value)
{
    prometheus_metric(&scrape->out, name, "counter", help);
    prometheus_sample(&scrape->out, name, "", (int64_t)value);
}

static const char *label(const struct scrape *scrape, const char *name, const char *value)
{
    return prometheus_label(request_arena(scrape->req), name, value);
}

static const char *both(const struct scrape *scrape, const char *first, const char *second)
{
    return arena_format(request_arena(scrape->req), "%s,%s", first, second);
}

/* -- this process -------------------------------------------------------------------------------------------------- */

static void put_process(struct scrape *scrape)
{
    const struct api_server *server = api_server(scrape->req);
    struct edge_counters count = edge_counters(server->edge);
    gauge(scrape, "xuqi_connections", "Open connections", (int64_t)count.connections_now);
    counter(scrape, "xuqi_connections_total", "Connections accepted", count.connections);
    counter(scrape, "xuqi_connections_refused_total", "Requests whose framing ended the connection", count.refused);
    gauge(scrape, "xuqi_streams", "Pages that wait for progress", (int64_t)count.streams_now);
    gauge(scrape, "xuqi_renewals_watched", "Renewals they watch", (int64_t)events_watched(server->events));
    counter(scrape, "xuqi_requests_total", "Requests with sound heads", count.requests);
    prometheus_metric(&scrape->out, "xuqi_replies_total", "counter", "Replies by class");
    prometheus_sample(&scrape->out, "xuqi_replies_total", "class=\"2xx\"", (int64_t)count.replies_2xx);
    prometheus_sample(&scrape->out, "xuqi_replies_total", "class=\"4xx\"", (int64_t)count.replies_4xx);
    prometheus_sample(&scrape->out, "xuqi_replies_total", "class=\"5xx\"", (int64_t)count.replies_5xx);
    gauge(scrape, "xuqi_database_calls", "Calls waiting or under way", (int64_t)db_waiting(server->db));
    gauge(scrape, "xuqi_database_ready", "1: reads and writes have a connection", db_ready(server->db));
    gauge(scrape, "xuqi_logins_waiting", "Work waiting for a thread", (int64_t)offload_waiting(server->offload));
}

static const char *route_label(const struct scrape *scrape, size_t index)
{
    size_t count;
    const struct route *table = edge_routes(api_server(scrape->req)->edge, &count);
    return index == count
               ? label(scrape, "route", "other")
               : both(scrape, label(scrape, "method", table[index].method), label(scrape, "route", table[index].path));
}

static uint64_t all_of(const struct route_figures *figures)
{
    uint64_t all = 0;
    for (size_t i = 0; i <= EDGE_BUCKETS; i++)
        all += figures->buckets[i];
    return all;
}

static void put_statuses(struct scrape *scrape, const struct route_figures *figures, const char *route)
{
    for (size_t i = 0; i < EDGE_STATUSES_MAX && figures->statuses[i].status != 0; i++) {
        const char *status = arena_format(request_arena(scrape->req), "%d", figures->statuses[i].status);
        prometheus_sample(&scrape->out, "xuqi_http_replies_total", both(scrape, route, label(scrape, "status", status)),
                          (int64_t)figures->statuses[i].count);
    }
}

static void put_histogram(struct scrape *scrape, const struct route_figures *figures, const char *route)
{
    struct arena *arena = request_arena(scrape->req);
    uint64_t so_far = 0;
    for (size_t i = 0; i < EDGE_BUCKETS; i++) {
        so_far += figures->buckets[i];
        int64_t us = edge_bucket_us[i];
        const char *le = arena_format(arena, "le=\"%" PRId64 ".%04" PRId64 "\"", us / CLOCK_SECOND_US,
                                      us % CLOCK_SECOND_US / 100);
        prometheus_sample(&scrape->out, "xuqi_http_seconds_bucket", both(scrape, route, le), (int64_t)so_far);
    }
    int64_t all = (int64_t)all_of(figures);
    prometheus_sample(&scrape->out, "xuqi_http_seconds_bucket", both(scrape, route, "le=\"+Inf\""), all);
    prometheus_sample_s(&scrape->out, "xuqi_http_seconds_sum", route, (int64_t)figures->sum_us);
    prometheus_sample(&scrape->out, "xuqi_http_seconds_count", route, all);
}

static void put_routes(struct scrape *scrape)
{
    const struct edge *edge = api_server(scrape->req)->edge;
    size_t count;
    (void)edge_routes(edge, &count);
    prometheus_metric(&scrape->out, "xuqi_http_replies_total", "counter", "Replies by route and status");
    for (size_t i = 0; i <= count; i++)
        put_statuses(scrape, edge_route_figures(edge, i), route_label(scrape, i));
    prometheus_metric(&scrape->out, "xuqi_http_seconds", "histogram", "From a request's head to its reply");
    for (size_t i = 0; i <= count; i++)
        if (all_of(edge_route_figures(edge, i)) > 0)
            put_histogram(scrape, edge_route_figures(edge, i), route_label(scrape, i));
}

/* -- certificates: of this process and of jobs --------------------------------------------------------------------- */

static void put_days(struct scrape *scrape, const char *setting, const char *file, const char *subject,
                     int64_t not_after_us)
{
    const struct expiry expiry = {.not_after_us = not_after_us};
    const char *labels = both(scrape, both(scrape, label(scrape, "setting", setting), label(scrape, "file", file)),
                              label(scrape, "subject", subject));
    prometheus_sample(&scrape->out, "xuqi_certificate_days_left", labels, expiry_days_left(&expiry, clock_now_us()));
}

static void put_jobs_certificates(struct scrape *scrape, const struct json *list)
{
    size_t count = list == NULL ? 0 : json_length(list);
    for (size_t i = 0; i < count; i++) {
        const struct json *row = json_item(list, i);
        int64_t end_s = 0;
        if (json_member_integer(row, "not_after_s", &end_s))
            put_days(scrape, json_member_text(row, "setting"), json_member_text(row, "file"),
                     json_member_text(row, "subject"), end_s * CLOCK_SECOND_US);
    }
}

static void put_certificates(struct scrape *scrape, const struct json *jobs)
{
    const struct expiries *list = expiry_watch_list(api_server(scrape->req)->watch);
    prometheus_metric(&scrape->out, "xuqi_certificate_days_left", "gauge",
                      "Full days until a certificate ends; negative: it has ended");
    for (size_t i = 0; i < list->count; i++)
        put_days(scrape, list->items[i].setting, list->items[i].file, list->items[i].subject,
                 list->items[i].not_after_us);
    if (jobs != NULL)
        put_jobs_certificates(scrape, json_member(jobs, "certificates"));
}

/* -- the others ---------------------------------------------------------------------------------------------------- */

static void put_up(struct scrape *scrape, const char *who, bool up)
{
    prometheus_sample(&scrape->out, "xuqi_up", label(scrape, "role", who), up);
}

static void put_member(struct scrape *scrape, const struct json *from, const char *member, const char *name,
                       const char *help)
{
    int64_t value;
    if (json_member_integer(from, member, &value))
        gauge(scrape, name, help, value);
}

static void answer(struct scrape *scrape)
{
    request_reply(scrape->req, 200, "text/plain; version=0.0.4; charset=utf-8", prometheus_text(&scrape->out));
}

static void issuer_said(void *context, enum err err, struct bytes body)
{
    struct scrape *scrape = context;
    AUTO_JSON *said = NULL;
    if (err == OK)
        err = json_parse((const char *)body.data, body.size, NULL, &said);
    put_up(scrape, "issuer", err == OK);
    if (err == OK) {
        put_member(scrape, said, "lease_held", "xuqi_issuer_lease_held",
                   "1: this node's issuer is the one that issues");
        put_member(scrape, said, "token_up", "xuqi_hsm_up", "0: the last signature in the token failed");
        put_member(scrape, said, "audit_sound", "xuqi_audit_sound",
                   "0: the database contradicts a checkpoint that was signed; none is signed any more");
        put_member(scrape, said, "signatures", "xuqi_hsm_signatures", "Signatures since its start");
        put_member(scrape, said, "waiting", "xuqi_hsm_waiting", "Signatures waiting");
    }
    answer(scrape);
}

static void ask_issuer(struct scrape *scrape)
{
    struct request *req = scrape->req;
    enum err err = peer_call(api_server(req)->issuer, "figures", (struct bytes){0}, ASK_MS, ERR_ISSUER_UNAVAILABLE,
                             NULL, issuer_said, scrape);
    if (err != OK)
        issuer_said(scrape, err, (struct bytes){0});
}

static void put_breakers(struct scrape *scrape, const struct json *list)
{
    size_t count = list == NULL ? 0 : json_length(list);
    prometheus_metric(&scrape->out, "xuqi_rail_breaker", "gauge", "0 closed, 1 half open, 2 open: no payment is begun");
    for (size_t i = 0; i < count; i++) {
        const struct json *row = json_item(list, i);
        const char *state = json_member_text(row, "state");
        prometheus_sample(&scrape->out, "xuqi_rail_breaker", label(scrape, "rail", json_member_text(row, "rail")),
                          strcmp(state, "open") == 0 ? 2 : strcmp(state, "half_open") == 0);
    }
}

static void jobs_said(void *context, enum err err, struct bytes body)
{
    struct scrape *scrape = context;
    AUTO_JSON *said = NULL;
    if (err == OK)
        err = json_parse((const char *)body.data, body.size, NULL, &said);
    put_certificates(scrape, err == OK ? said : NULL);
    if (err == OK) {
        put_breakers(scrape, json_member(said, "rails"));
        put_member(scrape, said, "calls", "xuqi_jobs_calls", "Calls to the world outside under way");
        put_member(scrape, said, "outbox_under_way", "xuqi_jobs_outbox_under_way", "Outbox rows under way");
        put_member(scrape, said, "database_calls", "xuqi_jobs_database_calls", "Calls of jobs waiting or under way");
        put_member(scrape, said, "timestamp_lag_s", "xuqi_audit_timestamp_lag_seconds",
                   "How long the oldest checkpoint without a time stamp has waited; -1: not known yet");
        put_member(scrape, said, "timestamp_failures", "xuqi_audit_timestamp_failures",
                   "Time stamps that were asked for in vain since jobs started");
    }
    prometheus_metric(&scrape->out, "xuqi_up", "gauge", "0: did not answer within a second");
    put_up(scrape, "jobs", err == OK);
    ask_issuer(scrape);
}

static void ask_jobs(struct scrape *scrape)
{
    enum err err = peer_call(api_server(scrape->req)->jobs, "figures", (struct bytes){0}, ASK_MS, ERR_JOBS_UNAVAILABLE,
                             NULL, jobs_said, scrape);
    if (err != OK)
        jobs_said(scrape, err, (struct bytes){0});
}

/* -- the database -------------------------------------------------------------------------------------------------- */

static void put_metrics(struct scrape *scrape, const struct metrics *metrics)
{
    static const struct {
        const char *name, *help;
    } helps[] = {
        {"audit_checkpoint_age_seconds", "Since the last checkpoint of the audit trail was signed and witnessed"},
        {"audit_leaves", "Events sealed into the audit tree"},
        {"audit_sealing_lag_seconds", "How long the oldest event has waited to be sealed"},
        {"audit_signed_leaves", "Events that the last checkpoint covers"},
        {"audit_signing_lag_seconds", "How long the oldest sealed event has waited for a checkpoint"},
        {"audit_unsealed", "Events that wait to be sealed"},
        {"calendar_days_left", "Days until the end of the last year whose holidays were imported"},
        {"differences", "Differences of reconciliation that are not explained, by what is done about them"},
        {"issuances_of_the_day", "Begun in the last 24 hours, by state"},
        {"outbox_oldest_seconds", "How long the oldest row that is due has waited"},
        {"outbox_rows", "Rows by topic and state; dead ones need a person"},
        {"payments_of_the_day", "Attempts of the last 24 hours by rail and state"},
        {"payments_unknown", "Attempts whose outcome is not known"},
        {"rail_paused", "1: web does not offer it"},
        {"review_cases", "Cases at the review desk by state"},
        {"review_median_seconds_of_the_day",
         "From waiting to the claim, and from the claim to the decision, last 24 hours"},
        {"review_oldest_seconds", "How long the oldest case has waited"},
        {"review_overdue", "Cases whose promise has passed"},
        {"review_promises_of_the_day", "Decisions of the last 24 hours, in time or not"},
        {"review_mistake_oldest_days", "How long the oldest open one of them has waited"},
        {"review_mistakes_open", "Renewals that passed without a person, were judged wrong and are not dealt with"},
        {"review_passes_stopped", "1: too many samples were wrong, nothing of the platform passes without a person"},
        {"review_revocations_asked", "Certificates of such renewals that are not revoked"},
        {"review_samples_open", "Renewals that passed without a person and wait to be looked at"},
        {"reviews_of_the_day", "Decisions of the last 24 hours by reviewer"},
        {"statement_changes_open", "What was raised about statement lines and waits for finance"},
        {"statement_link_behind", "1: an account was not read to the end through the bank's link for three intervals"},
        {"statement_link_lag_seconds", "Since an account was last read to the end through the bank's link"},
        {"statement_link_success_time_seconds", "When that was; 0: never"},
    };
    struct arena *arena = request_arena(scrape->req);
    for (size_t i = 0; i < ARRAY_SIZE(helps); i++) {
        const char *name = arena_format(arena, "xuqi_%s", helps[i].name);
        prometheus_metric(&scrape->out, name, "gauge", helps[i].help);
        for (size_t j = 0; j < metrics->count; j++)
            if (strcmp(metrics->items[j].name, helps[i].name) == 0)
                prometheus_sample(&scrape->out, name, metrics->items[j].labels, metrics->items[j].value);
    }
}

static void counted(void *context, enum err err, const struct row *rows)
{
    struct scrape *scrape = context;
    struct metrics metrics;
    if (err == OK && store_get_metrics_read(rows, request_arena(scrape->req), &metrics) == OK)
        put_metrics(scrape, &metrics);
    ask_jobs(scrape);
}

enum err api_health_metrics(struct request *req)
{
    struct scrape *scrape = ARENA_NEW(request_arena(req), struct scrape);
    scrape->req = req;
    prometheus_begin(&scrape->out, request_arena(req));
    put_process(scrape);
    put_routes(scrape);
    enum err err = store_get_metrics(api_server(req)->db, ASK_MS, counted, scrape);
    if (err != OK)
        counted(scrape, err, NULL);
    return OK;
}
