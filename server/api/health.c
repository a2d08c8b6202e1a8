/* SPDX-License-Identifier: Apache-2.0 */
/* /healthz: the process lives. /readyz: it can do its work (database, jobs and issuer are reached), and which platforms
 * cannot take applications for want of a price. /metrics: counters in Prometheus' text format, on the administration
 * address only. */
#include "api/events.h"
#include "api/handlers.h"
#include "api/server.h"
#include "base/text.h"
#include "store/price.h"

#include <inttypes.h>
#include <string.h>

enum err api_health_alive(struct request *req)
{
    struct json *body = json_new_object();
    json_put_text(body, "status", "ok");
    json_put_text(body, "version", XUQI_VERSION);
    request_reply_json(req, 200, body);
    return OK;
}

/* One platform without a price is no reason to send the others' callers elsewhere: ready all the same. */
static void priced(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    const char *unpriced = "";
    if (err == OK)
        err = store_get_unpriced_read(rows, request_arena(req), &unpriced);
    if (err != OK) {
        request_fail(req, err);
        return;
    }
    struct json *body = json_new_object(), *list = json_new_array();
    for (const char *at = unpriced; *at != '\0'; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        json_append_text(list, arena_text_n(request_arena(req), at, size));
        at += size;
    }
    json_put_text(body, "status", "ready");
    json_put(body, "platforms_without_price", list);
    request_reply_json(req, 200, body);
}

enum err api_health_ready(struct request *req)
{
    const struct api_server *server = api_server(req);
    ENSURE(db_ready(server->db), ERR_DB_UNAVAILABLE);
    ENSURE(peer_client_ready(server->jobs), ERR_JOBS_UNAVAILABLE);
    ENSURE(peer_client_ready(server->issuer), ERR_ISSUER_UNAVAILABLE);
    size_t count;
    const char *const *ids = platform_ids(request_arena(req), server->platforms, &count);
    return store_get_unpriced(server->db, ids, count, api_call_ms(req), priced, req);
}

enum err api_health_metrics(struct request *req)
{
    const struct api_server *server = api_server(req);
    struct edge_counters count = edge_counters(server->edge);
    const char *text = arena_format(
        request_arena(req),
        "# TYPE xuqi_connections gauge\nxuqi_connections %" PRIu64 "\n"
        "# TYPE xuqi_connections_total counter\nxuqi_connections_total %" PRIu64 "\n"
        "# TYPE xuqi_connections_refused_total counter\nxuqi_connections_refused_total %" PRIu64 "\n"
        "# TYPE xuqi_streams gauge\nxuqi_streams %" PRIu64 "\n"
        "# TYPE xuqi_renewals_watched gauge\nxuqi_renewals_watched %zu\n"
        "# TYPE xuqi_requests_total counter\nxuqi_requests_total %" PRIu64 "\n"
        "# TYPE xuqi_replies_total counter\nxuqi_replies_total{class=\"2xx\"} %" PRIu64 "\n"
        "xuqi_replies_total{class=\"4xx\"} %" PRIu64 "\nxuqi_replies_total{class=\"5xx\"} %" PRIu64 "\n"
        "# TYPE xuqi_database_calls gauge\nxuqi_database_calls %zu\n"
        "# TYPE xuqi_database_ready gauge\nxuqi_database_ready %d\n"
        "# TYPE xuqi_logins_waiting gauge\nxuqi_logins_waiting %zu\n",
        count.connections_now, count.connections, count.refused, count.streams_now, events_watched(server->events),
        count.requests, count.replies_2xx, count.replies_4xx, count.replies_5xx, db_waiting(server->db),
        db_ready(server->db), offload_waiting(server->offload));
    request_reply(req, 200, "text/plain; version=0.0.4; charset=utf-8", bytes_of_text(text));
    return OK;
}
