/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/review/figures: how fast and how the desk decides, per reviewer and in all, from one day to another. */
#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/server.h"
#include "base/clock.h"
#include "store/review_queue.h"

#define DAY_LENGTH   10 /* 2026-11-21 */
#define PERMYRIAD    10000
#define DAYS_DEFAULT 30
#define DAY_US       86400000000

/* A day as it was written; without one: so many days ago. */
static void read_day(struct request *req, const char *name, int64_t days_ago, const char **out)
{
    char midnight[CLOCK_TEXT_SIZE];
    const char *text = request_query(req, name);
    if (text == NULL) {
        clock_format_plain(clock_now_us() - days_ago * DAY_US, midnight);
        *out = arena_text_n(request_arena(req), midnight, DAY_LENGTH);
        return;
    }
    *out = text;
    reply_check_day(req, name, text);
}

/* -1 writes null: nothing happened that could be measured. */
static void put_figure(struct json *json, const char *name, int64_t value)
{
    if (value < 0)
        json_put_text(json, name, NULL);
    else
        json_put_integer(json, name, value);
}

static int64_t share(int64_t part, int64_t whole)
{
    return whole == 0 ? -1 : part * PERMYRIAD / whole;
}

static struct json *figure_json(const struct review_figure *it)
{
    struct json *json = json_new_object();
    int64_t decided = it->approved + it->returned + it->rejected;
    reply_put_text(json, "reviewer", it->name);
    reply_put_text(json, "display_name", it->display_name);
    json_put_integer(json, "decided", decided);
    json_put_integer(json, "approved", it->approved);
    json_put_integer(json, "returned", it->returned);
    json_put_integer(json, "rejected", it->rejected);
    put_figure(json, "return_rate_permyriad", share(it->returned, decided));
    put_figure(json, "time_to_claim_median_s", it->claim_median_s);
    put_figure(json, "time_to_claim_p90_s", it->claim_p90_s);
    put_figure(json, "time_to_decide_median_s", it->decide_median_s);
    put_figure(json, "time_to_decide_p90_s", it->decide_p90_s);
    json_put_integer(json, "promised", it->promised);
    put_figure(json, "promise_kept_permyriad", share(it->kept, it->promised));
    return json;
}

static void put_desk(struct json *body, const struct review_figure *it)
{
    struct json *desk = figure_json(it);
    json_put_integer(desk, "passed_without_a_person", it->passed);
    json_put_integer(desk, "samples_looked_at", it->sampled);
    json_put_integer(desk, "samples_wrong", it->sampled_wrong);
    json_put(body, "desk", desk);
}

static void figured(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct review_figures figures;
    if (err == OK)
        err = store_get_review_figures_read(rows, request_arena(req), &figures);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *reviewers = json_new_array();
    for (size_t i = 0; i < figures.count; i++) {
        if (figures.items[i].name[0] == '\0')
            put_desk(body, &figures.items[i]);
        else
            json_append(reviewers, figure_json(&figures.items[i]));
    }
    json_put(body, "reviewers", reviewers);
    request_reply_json(req, 200, body);
}

enum err api_review_figures(struct request *req)
{
    const char *from, *to;
    read_day(req, "from", DAYS_DEFAULT, &from);
    read_day(req, "to", 0, &to);
    TRY(fault_check(request_fault(req)));
    return store_get_review_figures(api_server(req)->db, access_staff_digest(req), from, to, api_call_ms(req), figured,
                                    req);
}
