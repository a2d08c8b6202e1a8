/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/renewals/{no}/events: the progress as server-sent events, so that nobody has to reload. The first comes
 * at once, the others when something has changed. */
#include "api/events.h"
#include "api/handlers.h"

static void got(void *context, enum err err, const struct row *rows)
{
    struct request *req = context;
    struct events *events = api_server(req)->events;
    struct renewal_progress progress;
    if (err == OK)
        err = store_get_progress_read(rows, request_arena(req), &progress);
    if (err == OK)
        err = events_admit(events, progress.renewal_no, request_fault(req)); /* others came in the meantime */
    if (err == OK)
        events_watch(events, req, &progress);
    else
        request_fail(req, err);
}

enum err api_renewal_events(struct request *req)
{
    const char *renewal_no = request_path_part(req, "no");
    TRY(events_admit(api_server(req)->events, renewal_no, request_fault(req)));
    return store_get_progress(api_server(req)->db, renewal_no, api_call_ms(req), got, req);
}
