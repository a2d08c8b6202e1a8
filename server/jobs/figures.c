/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/figures.h"

#include "base/clock.h"
#include "jobs/breakers.h"
#include "jobs/timestamp.h"

static struct json *certificates_json(const struct expiries *expiries)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < expiries->count; i++) {
        const struct expiry *expiry = &expiries->items[i];
        struct json *row = json_new_object();
        json_put_text(row, "setting", expiry->setting);
        json_put_text(row, "file", expiry->file);
        json_put_text(row, "subject", expiry->subject);
        json_put_integer(row, "not_after_s", expiry->not_after_us / CLOCK_SECOND_US);
        json_append(list, row);
    }
    return list;
}

void figures_handle(struct peer_call *call, struct bytes unused)
{
    (void)unused;
    const struct jobs *jobs = peer_call_server(call);
    struct json *body = json_new_object();
    json_put(body, "rails", breakers_json(jobs->breakers));
    json_put(body, "certificates", certificates_json(expiry_watch_list(jobs->watch)));
    json_put_integer(body, "calls", (int64_t)http_pending(jobs->http));
    json_put_integer(body, "outbox_under_way", (int64_t)dispatcher_pending(jobs->dispatcher));
    json_put_integer(body, "database_calls", (int64_t)db_waiting(jobs->db));
    if (jobs->timestamper != NULL) {
        json_put_integer(body, "timestamp_lag_s", timestamper_lag_s(jobs->timestamper));
        json_put_integer(body, "timestamp_failures", timestamper_failures(jobs->timestamper));
    }
    peer_reply(call, body);
}
