/* SPDX-License-Identifier: Apache-2.0 */
#include "api/portal_evidence.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

struct bytes portal_evidence(struct request *req, int64_t account_id, const char *proof)
{
    struct arena *arena = request_arena(req);
    struct json *kept = json_new_object();
    json_put_integer(kept, "portal_account", account_id);
    json_put_text(kept, "proof", proof);
    json_put_text(kept, "address", request_address(req));
    json_put_text(kept, "received_at", clock_text(arena, clock_now_us()));
    json_put_text(kept, "body", base64_encode(arena, request_body(req)));
    struct bytes text;
    text.data = (const uint8_t *)json_finish(kept, arena, &text.size);
    return text;
}
