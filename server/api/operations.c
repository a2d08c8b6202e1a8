/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/operations: how the installation does, a list of figures: what the database counts, then what jobs and
 * issuer say, asked one after the other, and what this process has seen. Who does not answer is a figure too. */
#include "store/operations.h"
#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"

#include <string.h>

#define ASK_MS     1000 /* of each: nobody waits longer for the others' figures */
#define PERIOD_S   15   /* how often a page reads this */
#define DAYS_WATCH 60   /* a certificate that ends within so many days */
#define DAYS_BAD   14

struct look {
    struct request *req;
    struct json *figures;
};

static void put(const struct look *look, const struct operation_figure *figure)
{
    struct json *row = json_new_object();
    json_put_text(row, "area", figure->area);
    json_put_text(row, "name", figure->name);
    json_put_text(row, "figure", figure->figure);
    json_put_integer(row, "value", figure->value);
    reply_put_time(look->req, row, "at", figure->at_us);
    reply_put_text(row, "level", figure->level);
    reply_put_text(row, "detail", figure->detail);
    json_append(look->figures, row);
}

static const char *good_if(bool good)
{
    return good ? "good" : "bad";
}

/* -- this process -------------------------------------------------------------------------------------------------- */

/* All routes together: how many replies took at most edge_bucket_us[i], and how many failed by us. */
static uint64_t sum_routes(const struct edge *edge, uint64_t buckets[EDGE_BUCKETS + 1])
{
    size_t count;
    uint64_t all = 0;
    (void)edge_routes(edge, &count);
    memset(buckets, 0, (EDGE_BUCKETS + 1) * sizeof(*buckets));
    for (size_t i = 0; i <= count; i++)
        for (size_t j = 0; j <= EDGE_BUCKETS; j++) {
            buckets[j] += edge_route_figures(edge, i)->buckets[j];
            all += edge_route_figures(edge, i)->buckets[j];
        }
    return all;
}

/* The bucket in which the replies of this rank end. */
static int64_t quantile_us(const uint64_t *buckets, uint64_t all, uint64_t percent)
{
    uint64_t so_far = 0;
    for (size_t i = 0; i < EDGE_BUCKETS; i++) {
        so_far += buckets[i];
        if (so_far * 100 >= all * percent)
            return edge_bucket_us[i];
    }
    return edge_bucket_us[EDGE_BUCKETS - 1];
}

static void put_process(const struct look *look)
{
    const struct api_server *server = api_server(look->req);
    struct edge_counters counters = edge_counters(server->edge);
    uint64_t buckets[EDGE_BUCKETS + 1];
    uint64_t all = sum_routes(server->edge, buckets);
    static const struct {
        const char *figure;
        uint64_t percent;
    } quantiles[] = {{"p50_us", 50}, {"p95_us", 95}, {"p99_us", 99}};
    for (size_t i = 0; i < ARRAY_SIZE(quantiles); i++) {
        int64_t us = quantile_us(buckets, all, quantiles[i].percent);
        bool slow = quantiles[i].percent == 99 && us >= CLOCK_SECOND_US;
        put(look, &(struct operation_figure){"web", "", quantiles[i].figure, us, 0, slow ? "watch" : "", ""});
    }
    put(look, &(struct operation_figure){"web", "", "requests", (int64_t)counters.requests, 0, "", ""});
    put(look, &(struct operation_figure){"web", "", "failed", (int64_t)counters.replies_5xx, 0, "", ""});
    put(look, &(struct operation_figure){"web", "", "database_calls", (int64_t)db_waiting(server->db), 0, "", ""});
}

/* -- certificates -------------------------------------------------------------------------------------------------- */

/* The same certificate may serve several: each is named by what it is for. */
static void put_certificate(const struct look *look, const char *setting, const char *subject, int64_t not_after_us)
{
    const struct expiry expiry = {.not_after_us = not_after_us};
    int64_t days = expiry_days_left(&expiry, clock_now_us());
    const char *level = days < DAYS_BAD ? "bad" : days < DAYS_WATCH ? "watch" : "good";
    put(look, &(struct operation_figure){"certificate", setting, "days_left", days, not_after_us, level, subject});
}

static void put_own_certificates(const struct look *look)
{
    const struct expiries *list = expiry_watch_list(api_server(look->req)->watch);
    for (size_t i = 0; i < list->count; i++)
        put_certificate(look, list->items[i].setting, list->items[i].subject, list->items[i].not_after_us);
}

static bool is_own_certificate(const struct look *look, const char *setting, int64_t not_after_us)
{
    const struct expiries *list = expiry_watch_list(api_server(look->req)->watch);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].setting, setting) == 0 &&
            list->items[i].not_after_us / CLOCK_SECOND_US == not_after_us / CLOCK_SECOND_US)
            return true;
    return false;
}

static void put_jobs_certificates(const struct look *look, const struct json *list)
{
    size_t count = list == NULL ? 0 : json_length(list);
    for (size_t i = 0; i < count; i++) {
        const struct json *row = json_item(list, i);
        int64_t end_s = 0;
        if (!json_member_integer(row, "not_after_s", &end_s))
            continue;
        const char *setting = json_member_text(row, "setting");
        if (!is_own_certificate(look, setting, end_s * CLOCK_SECOND_US))
            put_certificate(look, setting, json_member_text(row, "subject"), end_s * CLOCK_SECOND_US);
    }
}

/* -- the others ---------------------------------------------------------------------------------------------------- */

static void put_up(const struct look *look, const char *who, bool up)
{
    put(look, &(struct operation_figure){"process", who, "up", up, clock_now_us(), good_if(up), ""});
}

static void put_member(const struct look *look, const struct json *from, const char *member, bool judged)
{
    int64_t value;
    if (json_member_integer(from, member, &value))
        put(look, &(struct operation_figure){"hsm", "", member, value, clock_now_us(),
                                             judged ? good_if(value != 0) : "", ""});
}

static void answer(const struct look *look)
{
    struct json *body = json_new_object();
    reply_put_time(look->req, body, "as_of", clock_now_us());
    json_put_integer(body, "period_s", PERIOD_S);
    json_put(body, "figures", look->figures);
    request_reply_json(look->req, 200, body);
}

static void issuer_said(void *context, enum err err, struct bytes body)
{
    const struct look *look = context;
    AUTO_JSON *said = NULL;
    if (err == OK)
        err = json_parse((const char *)body.data, body.size, NULL, &said);
    put_up(look, "issuer", err == OK);
    if (err == OK) {
        put_member(look, said, "lease_held", true);
        put_member(look, said, "token_up", true);
        put_member(look, said, "audit_sound", true);
        put_member(look, said, "signatures", false);
        put_member(look, said, "waiting", false);
    }
    answer(look);
}

static void put_rails(const struct look *look, const struct json *list)
{
    size_t count = list == NULL ? 0 : json_length(list);
    for (size_t i = 0; i < count; i++) {
        const struct json *row = json_item(list, i);
        int64_t failures = 0, success_s = 0;
        if (json_member_integer(row, "failures", &failures) && json_member_integer(row, "success_s", &success_s))
            put(look, &(struct operation_figure){"rail", json_member_text(row, "rail"), "failures", failures,
                                                 success_s * CLOCK_SECOND_US, "", ""});
    }
}

/* Whether a rail is set up here at all: the others are only known by name. A paused one is set up. */
static void put_set_up(const struct look *look)
{
    static const struct {
        const char *rail, *method;
    } rails[] = {{"alipay", "alipay"}, {"unionpay", "unionpay"}, {"wechat", "wechat"}};
    for (size_t i = 0; i < ARRAY_SIZE(rails); i++)
        put(look,
            &(struct operation_figure){"rail", rails[i].rail, "set_up",
                                       gateway_offered(&api_server(look->req)->gateways, rails[i].method), 0, "", ""});
}

static void jobs_said(void *context, enum err err, struct bytes body)
{
    struct look *look = context;
    struct request *req = look->req;
    AUTO_JSON *said = NULL;
    if (err == OK)
        err = json_parse((const char *)body.data, body.size, NULL, &said);
    put_up(look, "jobs", err == OK);
    if (err == OK) {
        put_rails(look, json_member(said, "rails"));
        put_jobs_certificates(look, json_member(said, "certificates"));
    }
    err = peer_call(api_server(req)->issuer, "figures", (struct bytes){0}, ASK_MS, ERR_ISSUER_UNAVAILABLE, NULL,
                    issuer_said, look);
    if (err != OK)
        issuer_said(look, err, (struct bytes){0});
}

/* -- the database -------------------------------------------------------------------------------------------------- */

static void counted(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct operation_figures figures;
    if (err == OK)
        err = store_get_operations_read(rows, request_arena(req), &figures);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct look *look = ARENA_NEW(request_arena(req), struct look);
    *look = (struct look){req, json_new_array()};
    for (size_t i = 0; i < figures.count; i++)
        put(look, &figures.items[i]);
    put_process(look);
    put_own_certificates(look);
    put_set_up(look);
    err = peer_call(api_server(req)->jobs, "figures", (struct bytes){0}, ASK_MS, ERR_JOBS_UNAVAILABLE, NULL, jobs_said,
                    look);
    if (err != OK)
        jobs_said(look, err, (struct bytes){0});
}

enum err api_operations(struct request *req)
{
    return store_get_operations(api_server(req)->db, access_staff_digest(req), api_call_ms(req), counted, req);
}
