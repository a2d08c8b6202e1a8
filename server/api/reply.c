/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reply.h"

#include "base/cleanup.h"
#include "base/clock.h"

enum err reply_read_body(struct request *req, struct json **document, const struct json_field *fields, size_t count)
{
    AUTO_JSON *parsed = NULL;
    struct bytes text = request_body(req);
    TRY(json_parse((const char *)text.data, text.size, request_fault(req), &parsed));
    TRY(json_read(parsed, "", fields, count, request_fault(req)));
    *document = TAKE(parsed);
    return OK;
}

void reply_put_time(struct request *req, struct json *body, const char *name, int64_t unix_us)
{
    json_put_text(body, name, unix_us == 0 ? NULL : clock_text(request_arena(req), unix_us));
}

void reply_put_text(struct json *body, const char *name, const char *text)
{
    json_put_text(body, name, text[0] == '\0' ? NULL : text);
}
